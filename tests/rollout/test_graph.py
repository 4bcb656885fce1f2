"""The graph of services, what meets while they are deployed, and the order of a step."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compatcheck.config.model import Channel, Deployed, Phase
from compatcheck.discover.uses import Called, Evidence, Provided, Uses
from compatcheck.rollout.addresses import addressed
from compatcheck.rollout.back import back
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.graph import Graph, Party, connect
from compatcheck.rollout.live import Live, Meeting, Setting, Strategy, after, during, meetings, window
from compatcheck.rollout.order import StepOrder, step_order
from compatcheck.rollout.pairs import Judgement, Verdict

SAFE, MISMATCH, UNKNOWN = Verdict.SAFE, Verdict.MISMATCH, Verdict.UNKNOWN


def uses(provides: tuple[str, ...] = (), calls: tuple[Called, ...] = ()) -> Uses:
    return Uses(tuple(map(Provided, provides)), calls)


def graph(channels: Mapping[str, Channel] | None = None, **parties: Uses) -> Graph:
    """A graph of services at version 1, each built from the same revision."""
    return connect((Party(name, "1", found, "r1") for name, found in parties.items()), channels or {})


def test_services_and_methods_are_matched_whichever_side_names_which() -> None:
    found = graph(
        web=uses(calls=(Called("shop.Cart", "*"), Called("shop.Catalog", "Get"), Called("shop.Stock", "*"))),
        cart=uses(("shop.Cart",)),
        catalog=uses(("shop.Catalog",)),
        stock=uses(("shop.Stock.Reserve",)),
    )
    assert {edge.provider: found.calls(edge, "1") for edge in found.edges} == {
        "cart": (Call("shop.Cart"),),
        "catalog": (Call("shop.Catalog.Get"),),
        "stock": (Call("shop.Stock.Reserve"),),
    }


def test_what_nobody_provides_is_told_with_its_evidence() -> None:
    here = (Evidence("web/main.go", 7, "cart.Add(ctx, item)"),)
    found = graph(web=uses(calls=(Called("shop.Cart", "Add", here),)), cart=uses(("shop.Cartoon",)))
    assert [(one.client, one.call, one.evidence) for one in found.unserved] == [
        ("web", "shop.Cart.Add", here)
    ]
    assert found.edges == ()


def test_a_service_can_call_itself_and_its_own_client() -> None:
    found = graph(
        a=uses(("p.A",), (Called("p.A", "*"), Called("p.B", "*"))), b=uses(("p.B",), (Called("p.A", "*"),))
    )
    assert found.around("a") == (Edge("a", "a"), Edge("a", "b"), Edge("b", "a"))
    assert found.between(client="a") == (Edge("a", "a"), Edge("a", "b"))
    assert found.between(client="b", provider="a") == (Edge("b", "a"),)
    assert found.between(provider="b") == (Edge("a", "b"),)


def test_an_address_tells_which_of_several_providers_is_called() -> None:
    called = Called("shop.Cart", "Add", addresses=("CART_EU_ADDR",))
    served = uses(("shop.Cart",))
    parties = [
        Party("web", "1", uses(calls=(called,))),
        Party("cart", "1", served),
        Party("cart-eu", "1", served),
    ]
    found = connect(parties, {})
    assert found.edges == (Edge("web", "cart-eu"),)
    assert found.calls(Edge("web", "cart-eu"), "1") == (Call("shop.Cart.Add"),)


def test_without_an_address_each_of_several_providers_gets_an_edge_in_doubt() -> None:
    found = graph(
        web=uses(calls=(Called("shop.Cart", "Add"),)), cart=uses(("shop.Cart",)), basket=uses(("shop.Cart",))
    )
    assert found.edges == (Edge("web", "basket"), Edge("web", "cart"))
    for edge in found.edges:
        (call,) = found.calls(edge, "1")
        assert call.name == "shop.Cart.Add"
        assert "which of basket, cart web calls for shop.Cart.Add" in call.doubt


def test_a_client_calls_the_provider_that_was_released_with_it() -> None:
    calls = uses(calls=(Called("shop.Cart", "Add"),))
    parties = [
        Party("web", "1", calls, "r1"),
        Party("web", "2", calls, "r2"),
        Party("cartservice", "1", uses(("shop.Cart",)), "r1"),
        Party("cart", "2", uses(("shop.Cart",)), "r2"),
    ]
    found = connect(parties, {})
    old, new = Edge("web", "cartservice"), Edge("web", "cart")
    assert (found.calls(old, "1"), found.calls(old, "2")) == ((Call("shop.Cart.Add"),), ())
    assert (found.calls(new, "1"), found.calls(new, "2")) == ((), (Call("shop.Cart.Add"),))


def test_a_stub_that_cannot_be_followed_is_an_edge_in_doubt() -> None:
    here = (Evidence("web/main.go", 7),)
    found = graph(web=uses(calls=(Called("shop.Cart", "", here),)), cart=uses(("shop.Cart",)))
    (call,) = found.calls(Edge("web", "cart"), "1")
    assert (call.name, call.evidence) == ("shop.Cart", here)
    assert "web/main.go:7" in call.doubt


def test_a_channel_makes_edges_from_its_writers_to_its_readers() -> None:
    orders = Channel("orders", "shop.Order", ("checkout",), ("fraud", "ledger"))
    found = graph({"orders": orders}, checkout=uses(), fraud=uses(), ledger=uses())
    assert found.edges == (Edge("checkout", "fraud", "orders"), Edge("checkout", "ledger", "orders"))
    assert found.calls(found.edges[0], "1") == (Call("shop.Order"),)


def test_what_is_near_is_counted_in_both_directions() -> None:
    found = graph(
        a=uses(calls=(Called("p.B", "*"),)),
        b=uses(("p.B",), (Called("p.C", "*"),)),
        c=uses(("p.C",), (Called("p.D", "*"),)),
        d=uses(("p.D",)),
    )
    assert found.near(["b"], 1) == {"a", "b", "c"}
    assert found.near(["d"], 2) == {"b", "c", "d"}


@pytest.mark.parametrize(
    ("address", "services", "meant"),
    [
        ("CART_SERVICE_ADDR", ["cart", "checkout"], "cart"),
        ("PRODUCT_CATALOG_ADDR", ["catalog", "product-catalog"], "product-catalog"),
        ("cart.shop.svc.cluster.local:7070", ["cartservice", "payment"], "cartservice"),
        ("GRPC_ADDR", ["cart", "payment"], None),
        ("PAYLOAD_HOST", ["pay", "ship"], None),
        ("http://membership:80", ["pay", "ship"], None),
        ("productCatalogAddr", ["catalog", "product-catalog"], "product-catalog"),
        ("SHIPPING_SVC_ADDR", ["shippingservice", "pay"], "shippingservice"),
        ("cart2:80", ["cart", "cart2"], "cart2"),
        ("CART_ADDR", ["cart", "cartservice"], None),
    ],
)
def test_an_address_leads_to_the_service_with_the_longest_name_in_it(
    address: str, services: list[str], meant: str | None
) -> None:
    assert addressed((address,), services) == meant


# -- what meets


def setting(
    *edges: Edge,
    channels: Mapping[str, Channel] | None = None,
    groups: Mapping[str, str] | None = None,
    external: frozenset[str] = frozenset(),
    bad: frozenset[Meeting] = frozenset(),
) -> Setting:
    """Services whose known versions are 1 to 4; what is in `bad` is a mismatch and all else safe."""

    def judge(edge: Edge, client: str, provider: str) -> Judgement:
        return Judgement(MISMATCH if Meeting(edge, client, provider) in bad else SAFE)

    return Setting(edges, channels or {}, groups or {}, external, lambda _: ("1", "2", "3", "4"), judge)


def live(**versions: str) -> Live:
    """`live(a="1 2", b="1:draining")`."""
    return {
        name: tuple(Deployed(one.partition(":")[0], phase(one.partition(":")[2])) for one in found.split())
        for name, found in versions.items()
    }


def phase(name: str) -> Phase:
    known: tuple[Phase, ...] = ("stable", "rolling", "canary", "blue", "green", "draining")
    return next((one for one in known if one == name), "stable")


def shown(found: tuple[Meeting, ...]) -> set[str]:
    return {
        f"{one.edge.client}{one.client_version} {one.edge.provider}{one.provider_version}" for one in found
    }


A_B, B_C, B_B = Edge("a", "b"), Edge("b", "c"), Edge("b", "b")


def test_old_and_new_versions_meet_all_live_neighbours() -> None:
    around, now = setting(A_B, B_C), live(a="1 2", b="1", c="7")
    assert shown(meetings(around, now)) == {"a1 b1", "a2 b1", "b1 c7"}
    for strategy in Strategy:
        assert shown(window(around, now, {"b": "2"}, strategy)) == {"a1 b2", "a2 b2", "b2 c7"}


def test_two_versions_of_a_service_meet_each_other_unless_one_takes_over_from_the_other() -> None:
    """Rolling and canary differ here from blue/green, whose verdict is another if the two cannot talk."""
    mixed = {"b1 b2", "b2 b1", "b2 b2"}
    assert shown(window(setting(B_B), live(b="1"), {"b": "2"}, Strategy.ROLLING)) == mixed
    assert shown(window(setting(B_B), live(b="1"), {"b": "2"}, Strategy.CANARY)) == mixed
    assert shown(window(setting(B_B), live(b="1"), {"b": "2"}, Strategy.BLUE_GREEN)) == {"b2 b2"}


def test_blue_and_green_never_call_each_other() -> None:
    assert shown(meetings(setting(B_B), live(b="1:blue 2:green"))) == {"b1 b1", "b2 b2"}
    assert shown(meetings(setting(A_B), live(a="1:blue 2:green", b="1:blue 2:green"))) == {
        "a1 b1",
        "a1 b2",
        "a2 b1",
        "a2 b2",
    }


def test_a_version_that_drains_still_calls_and_is_not_called_by_what_is_deployed_now() -> None:
    now = live(a="1", b="1:draining 2")
    assert shown(window(setting(A_B), now, {"a": "2"}, Strategy.ROLLING)) == {"a2 b2"}
    assert shown(window(setting(B_C), {**now, **live(c="1")}, {"c": "2"}, Strategy.ROLLING)) == {
        "b1 c2",
        "b2 c2",
    }


def test_of_what_nobody_can_drain_every_earlier_version_is_live() -> None:
    around = setting(A_B, external=frozenset({"a"}))
    assert shown(meetings(around, live(a="3", b="1"))) == {"a1 b1", "a2 b1", "a3 b1"}


def test_members_of_a_group_meet_those_of_their_own_deployment() -> None:
    around = setting(A_B, groups={"a": "pod", "b": "pod"})
    found = window(around, live(a="1", b="1"), {"a": "2", "b": "2"}, Strategy.ROLLING)
    assert shown(found) == {"a2 b2"}


def test_members_of_a_group_with_several_live_versions_still_meet_their_own_new_ones() -> None:
    around = setting(A_B, groups={"a": "pod", "b": "pod"})
    found = window(around, live(a="1 2", b="1"), {"a": "3", "b": "3"}, Strategy.ROLLING)
    assert shown(found) == {"a3 b3"}


def test_a_member_of_a_group_that_moves_alone_comes_beside_what_the_other_one_is() -> None:
    around = setting(A_B, groups={"a": "pod", "b": "pod"})
    assert shown(window(around, live(a="1", b="1"), {"a": "2"}, Strategy.ROLLING)) == {"a2 b1"}


ORDERS = {"orders": Channel("orders", "shop.Order", ("a",), ("b",))}
WRITTEN = Edge("a", "b", "orders")


def test_what_is_stored_is_read_whoever_wrote_it() -> None:
    now = live(a="3", b="1")
    assert shown(meetings(setting(WRITTEN, channels=ORDERS), now)) == {"a1 b1", "a2 b1", "a3 b1"}


@pytest.mark.parametrize(("since", "writers"), [("2", {"a2 b1", "a3 b1"}), ("live", {"a3 b1"})])
def test_since_says_from_which_version_on_values_are_stored(since: str, writers: set[str]) -> None:
    channels = {"orders": Channel("orders", "shop.Order", ("a",), ("b",), {"a": since})}
    assert shown(meetings(setting(WRITTEN, channels=channels), live(a="3", b="1"))) == writers


def test_what_a_version_wrote_before_it_was_rolled_back_is_still_read() -> None:
    around = setting(WRITTEN, channels=ORDERS)
    assert "a2 b1" not in shown(meetings(around, live(a="1", b="1")))
    assert "a2 b1" in shown(meetings(around, live(a="1", b="1"), {"a": ("2",)}))


def test_after_a_deployment_only_the_new_version_is_live() -> None:
    now = live(a="1", b="1 2")
    assert after(now, {"b": "3"}) == live(a="1", b="3")
    assert [one.version for one in during(now, {"b": "3"}, Strategy.ROLLING)["b"]] == ["1", "2", "3"]


def test_the_way_back_is_closed_by_a_neighbour_that_has_moved_on() -> None:
    around = setting(A_B, bad=frozenset({Meeting(A_B, "2", "1")}))
    before = live(a="1", b="1")
    known = meetings(around, before)
    open_ = back(around, live(a="1", b="2"), "b", before["b"], known)
    closed = back(around, live(a="2", b="2"), "b", before["b"], known)
    assert open_ == ()
    assert [(one.client_version, one.provider_version) for one in closed] == [("2", "1")]


def test_the_way_back_is_closed_by_what_the_new_version_has_written() -> None:
    own = Edge("b", "b", "table")
    channels = {"table": Channel("table", "shop.Row", ("b",), ("b",), {"b": "live"})}
    around = setting(own, channels=channels, bad=frozenset({Meeting(own, "2", "1")}))
    before = live(b="1")
    found = back(around, live(b="2"), "b", before["b"], meetings(around, before))
    assert [(one.client_version, one.provider_version) for one in found] == [("2", "1")]


@pytest.mark.parametrize(
    ("provider_first", "client_first", "end", "order"),
    [
        (SAFE, SAFE, SAFE, StepOrder.ANY),
        (SAFE, MISMATCH, SAFE, StepOrder.PROVIDER_FIRST),
        (MISMATCH, SAFE, SAFE, StepOrder.CLIENT_FIRST),
        (MISMATCH, MISMATCH, SAFE, StepOrder.NONE),
        (SAFE, SAFE, MISMATCH, StepOrder.UNKNOWN),
        (UNKNOWN, SAFE, SAFE, StepOrder.UNKNOWN),
        (SAFE, SAFE, UNKNOWN, StepOrder.UNKNOWN),
    ],
)
def test_the_order_follows_from_who_meets_on_the_way(
    provider_first: Verdict, client_first: Verdict, end: Verdict, order: StepOrder
) -> None:
    table = {("1", "2"): provider_first, ("2", "1"): client_first, ("2", "2"): end}
    assert step_order(lambda client, provider: table[client, provider], ("1", "1"), ("2", "2")) is order


@given(st.lists(st.sampled_from(Verdict), min_size=4, max_size=4))
def test_no_order_that_is_named_meets_a_pair_that_is_not_safe(verdicts: list[Verdict]) -> None:
    table = dict(zip(product("12", "12"), verdicts, strict=True))
    order = step_order(lambda client, provider: table[client, provider], ("1", "1"), ("2", "2"))
    if order in (StepOrder.ANY, StepOrder.PROVIDER_FIRST):
        assert table["1", "2"] is table["2", "2"] is SAFE
    if order in (StepOrder.ANY, StepOrder.CLIENT_FIRST):
        assert table["2", "1"] is table["2", "2"] is SAFE
