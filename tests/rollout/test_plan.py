"""Plans for small systems with made-up verdicts: orders, conflicts, and where there is no return."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from compatcheck.config.model import Channel, Deployed
from compatcheck.reads.effects import Effect
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.moves import Move
from compatcheck.rollout.pairs import Judgement, Missing
from rollout.systems import (
    BLUE_GREEN,
    CANARY,
    CYCLE,
    MISMATCH,
    ROLLING,
    UNKNOWN,
    WEB,
    System,
    broken,
    deployed,
    large_system,
    pairs,
    waves,
    ways,
)

# -- orders


def test_who_suits_all_that_is_live_goes_at_once() -> None:
    found = System([WEB]).plan(web="2", cart="2")
    assert found.waves == ((Move("cart", ("1",), "2"), Move("web", ("1",), "2")),)
    assert (found.conflicts, found.existing, found.no_return) == ((), (), ())


def test_the_provider_goes_first_if_the_new_client_does_not_suit_the_old_provider() -> None:
    system = System([WEB], {("web 2", "cart 1"): MISMATCH})
    assert waves(system.plan(web="2", cart="2")) == [["cart@2"], ["web@2"]]


def test_the_client_goes_first_if_the_old_client_does_not_suit_the_new_provider() -> None:
    system = System([WEB], {("web 1", "cart 2"): MISMATCH})
    assert waves(system.plan(web="2", cart="2")) == [["web@2"], ["cart@2"]]


def test_each_service_goes_as_early_as_it_can() -> None:
    edges = [WEB, Edge("cart", "stock"), Edge("other", "stock"), Edge("free", "web")]
    bad = {("web 2", "cart 1"): MISMATCH, ("cart 2", "stock 1"): MISMATCH, ("other 2", "stock 1"): MISMATCH}
    found = System(edges, bad).plan(web="2", cart="2", stock="2", other="2", free="2")
    assert waves(found) == [["free@2", "stock@2"], ["cart@2", "other@2"], ["web@2"]]


def test_who_is_not_live_yet_goes_before_those_that_will_call_it() -> None:
    system = System([WEB, Edge("cart", "web")], live={"cart": ()})
    assert waves(system.plan(web="2", cart="2")) == [["cart@2"], ["web@2"]]


def test_a_service_that_is_where_it_should_be_does_not_move() -> None:
    assert waves(System([WEB]).plan(web="1", cart="2")) == [["cart@2"]]


def test_members_of_a_group_move_in_one_step_and_only_meet_their_own_deployment() -> None:
    edges = [WEB, Edge("other", "cart")]
    alone = System(edges, CYCLE).plan(web="2", cart="2")
    assert (alone.waves, alone.conflicts[0].services) == ((), ("cart", "web"))
    grouped = System(edges, CYCLE, groups={"web": "pod", "cart": "pod"})
    assert waves(grouped.plan(web="2", cart="2")) == [["cart@2", "web@2"]]
    assert grouped.plan(cart="2").conflicts[0].services == ("cart", "web")


# -- strategies


def test_a_service_that_calls_itself_meets_its_old_version_only_where_versions_mix() -> None:
    system = System([Edge("cart", "cart")], {("cart 1", "cart 2"): MISMATCH})
    assert waves(system.plan(BLUE_GREEN, cart="2")) == [["cart@2"]]
    for strategy in (ROLLING, CANARY):
        found = system.plan(strategy, cart="2")
        assert (found.waves, found.conflicts[0].services) == ((), ("cart",))
        assert pairs(found.conflicts[0].pairs) == ["cart 1 > cart 2"]


def test_a_canary_is_never_done_so_that_nothing_can_come_after_it() -> None:
    system = System([WEB], {("web 2", "cart 1"): MISMATCH})
    assert waves(system.plan(ROLLING, web="2", cart="2")) == [["cart@2"], ["web@2"]]
    found = system.plan(CANARY, web="2", cart="2")
    assert (waves(found), found.conflicts[0].services) == ([["cart@2"]], ("cart", "web"))
    assert ways(found)[0] == ("switch-together", [["cart@2", "web@2"]])


def test_who_suits_neither_version_of_another_stays_and_the_other_goes() -> None:
    system = System([WEB], {("web 1", "cart 2"): MISMATCH, ("web 2", "cart 2"): MISMATCH})
    found = system.plan(web="2", cart="2")
    assert waves(found) == [["web@2"]]
    assert [(one.services, one.waiting) for one in found.conflicts] == [(("cart", "web"), ())]


def test_of_two_that_only_do_not_suit_in_the_end_neither_is_chosen() -> None:
    found = System([WEB], {("web 2", "cart 2"): MISMATCH}).plan(web="2", cart="2")
    assert (waves(found), [one.services for one in found.conflicts]) == ([], [("cart", "web")])


def test_services_that_switch_blue_to_green_do_not_switch_at_one_moment() -> None:
    found = System([WEB], CYCLE).plan(BLUE_GREEN, web="2", cart="2")
    assert [one.services for one in found.conflicts] == [("cart", "web")]


def test_who_drains_gets_no_calls_of_a_new_version() -> None:
    system = System([WEB], {("web 2", "cart 0"): MISMATCH})
    system.live = {"cart": (*deployed("0", phase="draining"), *deployed("1"))}
    assert waves(system.plan(web="2")) == [["web@2"]]
    system.live = {"cart": deployed("0", "1")}
    assert system.plan(web="2").conflicts


# -- what cannot be drained, and what is stored


def test_versions_of_an_external_service_stay_so_that_nobody_can_come_after_it() -> None:
    bad = {("app 1", "cart 2"): MISMATCH}
    edge = Edge("app", "cart")
    assert waves(System([edge], bad).plan(app="2", cart="2")) == [["app@2"], ["cart@2"]]
    found = System([edge], bad, external=frozenset({"app"})).plan(app="2", cart="2")
    assert [one.services for one in found.conflicts] == [("app", "cart")]
    bystander = System([edge], {("app 0", "cart 2"): MISMATCH}, external=frozenset({"app"})).plan(cart="2")
    assert pairs(bystander.conflicts[0].pairs) == ["app 0 > cart 2"]
    assert bystander.conflicts[0].ways_out == ()


@pytest.mark.parametrize("since", [{}, {"cart": "live"}, {"cart": "2"}])
def test_a_reader_meets_what_was_written_before(since: Mapping[str, str]) -> None:
    edge = Edge("cart", "audit", "orders")
    channels = {"orders": Channel("orders", "shop.Order", ("cart",), ("audit",), since)}
    found = System([edge], {("cart 1", "audit 2"): MISMATCH}, channels=channels).plan(cart="2", audit="2")
    if since:
        assert waves(found) == [["cart@2"], ["audit@2"]]
    else:
        assert waves(found) == [["cart@2"]]
        assert pairs(found.conflicts[0].pairs) == ["cart 1 > audit 2"]


# -- what happens already


def test_what_happens_already_does_not_block_and_is_told() -> None:
    system = System([WEB], {("web 1", "cart 1"): MISMATCH, ("web 2", "cart 1"): MISMATCH})
    found = system.plan(web="2")
    assert (waves(found), found.conflicts) == ([["web@2"]], ())
    assert pairs(found.existing) == ["web 1 > cart 1"]


def test_a_client_that_could_talk_to_what_is_live_is_worse_off_if_it_can_talk_to_nobody() -> None:
    both = {"web": (Deployed("1"), Deployed("2"))}
    bad = {("web 2", "cart 1"): MISMATCH, ("web 1", "cart 2"): MISMATCH}
    (conflict,) = System([WEB], bad, both).plan(cart="2").conflicts
    assert pairs(conflict.pairs) == ["web 1 > cart 2"]


def test_what_gets_worse_blocks() -> None:
    worse = Judgement(MISMATCH, (broken(), broken(Effect.MISREAD)))
    system = System([WEB], {("web 1", "cart 1"): MISMATCH, ("web 2", "cart 1"): worse})
    assert [one.services for one in system.plan(web="2").conflicts] == [("cart", "web")]


def test_a_new_gap_beside_an_old_mismatch_is_unknown() -> None:
    gap = Judgement(MISMATCH, (broken(),), (Missing("provider", "cart.proto"),))
    system = System([WEB], {("web 1", "cart 1"): MISMATCH, ("web 2", "cart 1"): gap})
    assert [one.verdict for one in system.plan(web="2").conflicts] == [UNKNOWN]


# -- what is not known


def test_an_order_that_avoids_what_is_unknown_is_an_order() -> None:
    system = System([WEB], {("web 2", "cart 1"): UNKNOWN})
    assert waves(system.plan(web="2", cart="2")) == [["cart@2"], ["web@2"]]


def test_a_conflict_is_unknown_if_what_is_missing_could_make_an_order() -> None:
    half = {("web 2", "cart 1"): UNKNOWN, ("web 1", "cart 2"): MISMATCH}
    assert [one.verdict for one in System([WEB], half).plan(web="2", cart="2").conflicts] == [UNKNOWN]
    assert [one.verdict for one in System([WEB], CYCLE).plan(web="2", cart="2").conflicts] == [MISMATCH]


# -- conflicts


def test_a_conflict_names_the_shortest_cycle_and_the_pairs_that_make_it() -> None:
    edges = [Edge("a", "b"), Edge("b", "c"), Edge("c", "a"), Edge("c", "d"), Edge("d", "a")]
    bad = {(f"{one} 2", f"{other} 1"): MISMATCH for one, other in ("ab", "bc", "ca", "cd", "da")}
    (conflict,) = System(edges, bad).plan(a="2", b="2", c="2", d="2").conflicts
    assert conflict.services == ("a", "b", "c")
    assert pairs(conflict.pairs) == ["a 2 > b 1", "b 2 > c 1", "c 2 > a 1"]
    assert conflict.waiting == ("d",)


def test_independent_causes_are_conflicts_of_their_own_and_the_rest_can_go() -> None:
    edges = [WEB, Edge("web", "stock"), Edge("app", "cart"), Edge("free", "cart")]
    bad = CYCLE | {
        ("web 2", "stock 1"): MISMATCH,
        ("web 1", "stock 2"): MISMATCH,
        ("app 1", "cart 2"): MISMATCH,
    }
    found = System(edges, bad).plan(web="2", cart="2", stock="2", free="2")
    assert [one.services for one in found.conflicts] == [("app", "cart"), ("cart", "web"), ("stock", "web")]
    assert waves(found) == [["free@2"]]


def test_who_must_come_after_a_blocked_service_waits() -> None:
    edges = [WEB, Edge("app", "web"), Edge("old", "cart")]
    bad = {("old 1", "cart 2"): MISMATCH, ("web 2", "cart 1"): MISMATCH, ("app 2", "web 1"): MISMATCH}
    found = System(edges, bad).plan(web="2", cart="2", app="2")
    assert (waves(found), [one.services for one in found.conflicts]) == ([], [("cart", "old")])
    assert found.conflicts[0].waiting == ("app", "web")


# -- the way back


def test_the_way_back_closes_with_the_wave_that_brings_what_does_not_suit() -> None:
    system = System([WEB], {("web 2", "cart 1"): MISMATCH})
    (closed,) = system.plan(web="2", cart="2").no_return
    assert (closed.wave, closed.service, closed.version) == (2, "cart", "1")
    assert pairs(closed.pairs) == ["web 2 > cart 1"]


def test_a_way_back_to_what_does_not_suit_already_is_open() -> None:
    bad = {("web 1", "cart 1"): MISMATCH, ("web 2", "cart 1"): MISMATCH}
    assert System([WEB], bad).plan(web="2", cart="2").no_return == ()


def test_what_a_new_version_has_written_closes_its_way_back() -> None:
    edge = Edge("cart", "cart", "carts")
    channels = {"carts": Channel("carts", "shop.Cart", ("cart",), ("cart",))}
    system = System([edge], {("cart 2", "cart 1"): MISMATCH}, channels=channels)
    (closed,) = system.plan(BLUE_GREEN, cart="2").no_return
    assert (closed.wave, closed.service) == (1, "cart")


# -- size


def test_only_pairs_around_the_targets_are_judged() -> None:
    system = large_system(300, 10)
    targets = {f"s{number}": "20" for number in range(20)}
    found = system.plan_for(targets)
    assert found.waves and found.conflicts
    around = {*targets, *(name for conflict in found.conflicts for name in conflict.services)}
    assert all({edge.client, edge.provider} & around for edge, _, _ in system.asked)
    assert len({edge for edge, _, _ in system.asked}) < len(list(system.edges)) / 1.2
