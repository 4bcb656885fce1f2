"""The graph of services, the window of a deployment, and the order of a step."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compatcheck.config import Service
from compatcheck.rollout.graph import Edge, Unserved, connect
from compatcheck.rollout.live import window
from compatcheck.rollout.order import StepOrder, step_order
from compatcheck.rollout.pairs import Verdict

SAFE, MISMATCH, UNKNOWN = Verdict.SAFE, Verdict.MISMATCH, Verdict.UNKNOWN


def services(**declared: tuple[list[str], list[str]]) -> dict[str, Service]:
    return {
        name: Service(name, provides=tuple(provides), consumes=tuple(consumes))
        for name, (provides, consumes) in declared.items()
    }


def test_services_and_methods_are_matched_whichever_side_names_which() -> None:
    graph = connect(
        services(
            web=([], ["shop.Cart", "shop.Catalog.Get", "shop.Stock"]),
            cart=(["shop.Cart"], []),
            catalog=(["shop.Catalog"], []),
            stock=(["shop.Stock.Reserve"], []),
        )
    )
    assert graph.edges() == (
        Edge("web", "cart", ("shop.Cart",)),
        Edge("web", "catalog", ("shop.Catalog.Get",)),
        Edge("web", "stock", ("shop.Stock.Reserve",)),
    )


def test_everybody_who_provides_a_service_is_a_provider_of_it() -> None:
    graph = connect(services(web=([], ["shop.Cart"]), cart=(["shop.Cart"], []), cart2=(["shop.Cart"], [])))
    assert [edge.provider for edge in graph.edges(client="web")] == ["cart", "cart2"]
    assert [edge.client for edge in graph.edges(provider="cart2")] == ["web"]
    assert graph.edges("cart", "cart2") == ()


def test_what_nobody_provides_is_told() -> None:
    graph = connect(services(web=([], ["shop.Cart"]), cart=(["shop.Cartoon"], [])))
    assert graph.unserved == (Unserved("web", "shop.Cart"),)
    assert graph.edges() == ()


def test_a_service_can_call_itself_and_its_own_client() -> None:
    graph = connect(services(a=(["p.A"], ["p.A", "p.B"]), b=(["p.B"], ["p.A"])))
    assert [(edge.client, edge.provider) for edge in graph.around("a")] == [
        ("a", "a"),
        ("a", "b"),
        ("b", "a"),
    ]


def meetings(edges: tuple[Edge, ...], live: dict[str, tuple[str, ...]], version: str) -> set[tuple[str, ...]]:
    return {
        (one.edge.client, one.client_version, one.edge.provider, one.provider_version, str(one.new))
        for one in window(edges, live, "b", version).meetings
    }


def test_old_and_new_versions_meet_all_live_neighbours() -> None:
    edges = (Edge("a", "b", ("p.B",)), Edge("b", "c", ("p.C",)))
    live = {"a": ("1", "2"), "b": ("1",), "c": ("7",)}
    assert meetings(edges, live, "2") == {
        ("a", "1", "b", "1", "False"),
        ("a", "2", "b", "1", "False"),
        ("a", "1", "b", "2", "True"),
        ("a", "2", "b", "2", "True"),
        ("b", "1", "c", "7", "False"),
        ("b", "2", "c", "7", "True"),
    }


def test_old_and_new_versions_of_a_service_that_calls_itself_meet_each_other() -> None:
    found = meetings((Edge("b", "b", ("p.B",)),), {"b": ("1",)}, "2")
    assert found == {
        ("b", "1", "b", "1", "False"),
        ("b", "1", "b", "2", "True"),
        ("b", "2", "b", "1", "True"),
        ("b", "2", "b", "2", "True"),
    }


def test_a_version_that_is_live_already_still_takes_part() -> None:
    found = meetings((Edge("a", "b", ("p.B",)),), {"a": ("1",), "b": ("1", "2")}, "2")
    assert ("a", "1", "b", "2", "True") in found


def test_a_neighbour_that_is_not_live_is_told() -> None:
    found = window((Edge("a", "b", ("p.B",)), Edge("b", "c", ("p.C",))), {"b": ("1",), "c": ()}, "b", "2")
    assert found.absent == ("a", "c")
    assert found.meetings == ()


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
