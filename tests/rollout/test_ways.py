"""Ways out of conflicts in small systems with made-up verdicts."""

from __future__ import annotations

from compatcheck.config.model import Channel
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.moves import Move
from compatcheck.rollout.pairs import Interface, Served
from compatcheck.rollout.sources import Sources
from compatcheck.rollout.table import Table
from rollout.systems import (
    CYCLE,
    MISMATCH,
    UNKNOWN,
    WEB,
    System,
    deployed,
    pairs,
    ways,
)


def test_two_that_only_suit_each_other_can_switch_together() -> None:
    found = System([WEB], CYCLE).plan(web="2", cart="2")
    assert ("switch-together", [["cart@2", "web@2"]]) in ways(found)


def test_they_cannot_where_a_bystander_has_to_stay_or_a_channel_is_between() -> None:
    edges = [WEB, Edge("app", "cart")]
    system = System(edges, CYCLE | {("app 1", "cart 2"): MISMATCH}, external=frozenset({"app"}))
    found = system.plan(web="2", cart="2")
    assert [one.services for one in found.conflicts] == [("app", "cart"), ("cart", "web")]
    assert ways(found) == []
    stored = Edge("web", "cart", "topic")
    channels = {"topic": Channel("topic", "shop.Order", ("web",), ("cart",))}
    found = System([stored], CYCLE, channels=channels).plan(web="2", cart="2")
    assert "switch-together" not in dict(ways(found))


def test_a_version_between_that_suits_both_unlocks_a_cycle() -> None:
    system = System([WEB], CYCLE, versions=("1", "1.5", "2"))
    assert ("intermediate", [["cart@1.5"], ["web@2"], ["cart@2"]]) in ways(system.plan(web="2", cart="2"))
    closed = {("web 1", "cart 1.5"): MISMATCH, ("web 1.5", "cart 1"): UNKNOWN}
    shut = System([WEB], CYCLE | closed, versions=("1", "1.5", "2")).plan(web="2", cart="2")
    assert [kind for kind, _ in ways(shut)] == ["switch-together"]


def test_a_version_between_unlocks_a_service_that_calls_itself() -> None:
    system = System([Edge("cart", "cart")], {("cart 1", "cart 2"): MISMATCH}, versions=("1", "1.5", "2"))
    assert ("intermediate", [["cart@1.5"], ["cart@2"]]) in ways(system.plan(cart="2"))


def test_the_shortest_way_over_versions_between_wins() -> None:
    bad = CYCLE | {("web 1", "cart 1.2"): MISMATCH, ("web 1", "cart 1.5"): MISMATCH}
    system = System([WEB], bad, versions=("1", "1.2", "1.5", "2"))
    found = dict(ways(system.plan(web="2", cart="2")))
    assert len(found["intermediate"]) == 3
    assert found["intermediate"][0] == ["web@1.5"]


def test_a_bystander_has_to_go_to_a_version_that_suits() -> None:
    found = System([WEB], {("web 1", "cart 2"): MISMATCH}).plan(cart="2")
    assert ways(found) == [("drain", [["web@2"], ["cart@2"]])]
    assert found.conflicts[0].ways_out[0].services == ("web",)


def test_a_bystander_of_several_live_versions_only_loses_what_does_not_suit() -> None:
    system = System([WEB], {("web 0", "cart 2"): MISMATCH}, live={"web": deployed("0", "1")})
    assert ways(system.plan(cart="2")) == [("drain", [["web@1"], ["cart@2"]])]


def test_whom_only_a_version_between_calls_counts_as_well() -> None:
    system = System([WEB], CYCLE | {("cart 1.5", "stock 1"): MISMATCH}, versions=("1", "1.5", "1.7", "2"))
    edges = lambda: (*system.edges, Edge("cart", "stock"))  # noqa: E731
    nothing = Interface({})
    sources = Sources(
        interface=lambda service, version: nothing,  # noqa: ARG005
        calls=lambda edge, version: (),  # noqa: ARG005
        served=lambda service, version: Served(frozenset()),  # noqa: ARG005
        table=Table(),
        edges=edges,
    )
    system.live = {"stock": deployed("1")}
    targets = {"web": "2", "cart": "2"}
    assert ("intermediate", [["cart@1.7"], ["web@2"], ["cart@2"]]) in ways(system.plan_for(targets))
    system.bad = {**system.bad, ("cart 1.7", "stock 1"): MISMATCH}
    assert ("intermediate", [["cart@1.7"], ["web@2"], ["cart@2"]]) in ways(system.plan_for(targets))
    found = dict(ways(system.plan_for(targets, sources=sources)))
    assert found["intermediate"][0] == ["web@1.7"]


def test_where_no_version_of_a_bystander_suits_one_has_to_be_made() -> None:
    bad = {(f"web {version}", "cart 2"): MISMATCH for version in "012"}
    (conflict,) = System([WEB], bad).plan(cart="2").conflicts
    (way,) = conflict.ways_out
    assert way.steps == ((Move("web", ("1",), ""),), (Move("cart", ("1",), "2"),))
    assert way.changes == (
        "no known version of web suits cart 2 and what is live: one that does has to be made",
    )


def test_conflicts_that_share_a_service_are_left_together() -> None:
    edges = [WEB, Edge("cart", "stock"), Edge("a", "b")]
    bad = CYCLE | {("cart 1", "stock 2"): MISMATCH, ("cart 2", "stock 1"): MISMATCH}
    bad |= {("a 1", "b 2"): MISMATCH, ("a 2", "b 1"): MISMATCH}
    found = System(edges, bad).plan(web="2", cart="2", stock="2", a="2", b="2")
    assert [one.services for one in found.conflicts] == [("a", "b"), ("cart", "stock"), ("cart", "web")]
    together = [steps for kind, steps in ways(found) if kind == "switch-together"]
    assert together == [[["a@2", "b@2"]]] + [[["cart@2", "stock@2", "web@2"]]] * 2


def test_all_bystanders_that_do_not_suit_have_to_go_before() -> None:
    edges = [WEB, Edge("app", "cart")]
    found = System(edges, {("web 1", "cart 2"): MISMATCH, ("app 1", "cart 2"): MISMATCH}).plan(cart="2")
    assert ways(found) == [("drain", [["app@2"], ["web@2"], ["cart@2"]])] * 2
    stays = System(edges, {("web 1", "cart 2"): MISMATCH, ("app 1", "cart 2"): MISMATCH})
    stays.external = frozenset({"app"})
    assert ways(stays.plan(cart="2")) == []


def test_a_bystander_goes_before_those_that_then_switch_together() -> None:
    found = System([WEB, Edge("app", "cart")], CYCLE | {("app 1", "cart 2"): MISMATCH}).plan(
        web="2", cart="2"
    )
    assert ("switch-together", [["app@2"], ["cart@2", "web@2"]]) in ways(found)


def test_a_writer_that_goes_back_leaves_what_came_between() -> None:
    edge = Edge("cart", "audit", "orders")
    channels = {"orders": Channel("orders", "shop.Order", ("cart",), ("audit",))}
    system = System([edge], {("cart 1", "audit 2"): MISMATCH}, channels=channels)
    system.live = {"cart": deployed("2"), "audit": deployed("0")}
    assert [pairs(one.pairs) for one in system.plan(cart="0", audit="2").conflicts] == [["cart 1 > audit 2"]]
