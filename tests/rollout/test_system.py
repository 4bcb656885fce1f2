"""The small system of fixtures/system, which shows each situation of a rollout once; nothing declares its edges."""

from __future__ import annotations

from pathlib import Path

import pytest

from compatcheck.reads.effects import Effect
from compatcheck.report.plan import render_plan
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.live import Strategy
from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases import demo
from compatcheck.usecases.ask import ground
from compatcheck.usecases.deploy import can_i_deploy
from compatcheck.usecases.graph import graph
from compatcheck.usecases.ground import Ground
from compatcheck.usecases.pairs import all_pairs
from compatcheck.usecases.plan import plan
from compatcheck.usecases.rollouts import Deployment, PlanAnswer
from compatcheck.usecases.who_uses import who_uses

SAFE, MISMATCH, UNKNOWN = Verdict.SAFE, Verdict.MISMATCH, Verdict.UNKNOWN


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    import os

    home = tmp_path_factory.mktemp("system")
    path = home / "system"
    path.mkdir()
    demo.build(path, os.environ, "system")
    return ground(None, None, {"PATH": os.environ["PATH"], "HOME": str(home)}, Path(path))


def deployed(system: Ground, target: str, strategy: Strategy = Strategy.ROLLING) -> Deployment:
    return can_i_deploy(system, target, "production", strategy=strategy)


def planned(system: Ground, *targets: str) -> PlanAnswer:
    return plan(system, targets, environment="production")


def waves(answer: PlanAnswer) -> list[list[str]]:
    return [[f"{move.service} {move.new}" for move in wave] for wave in answer.waves]


def test_the_edges_are_those_of_the_code(system: Ground) -> None:
    """A dead stub (web's of Stock) and health checks make none; the channel is declared."""
    found = graph(system, versions=("1.0",))
    assert {
        (link.edge.client, link.edge.provider): {one.name for one in link.calls} for link in found.links
    } == {
        ("orders", "couriers"): {"delivery.v1.Couriers"},
        ("orders", "ledger"): {"delivery.v1.OrderPlaced"},
        ("orders", "stock"): {"delivery.v1.Stock.Reserve"},
        ("stock", "orders"): {"delivery.v1.Orders.Cancel"},
        ("web", "orders"): {"delivery.v1.Orders.Place"},
        ("web", "prices"): {"delivery.v1.Prices.GetQuote", "delivery.v1.Prices.Accept"},
    }
    assert found.verdict is SAFE
    (reserve,) = next(link.calls for link in found.links if link.edge == Edge("orders", "stock"))
    assert [(one.path, one.text) for one in reserve.evidence] == [
        (
            "orders/main.go",
            "held, err := s.stock.Reserve(ctx, &pb.ReserveRequest{Article: in.Article, Quantity: in.Quantity})",
        )
    ]


def test_every_pair_that_is_not_safe(system: Ground) -> None:
    found = {
        (f"{one.edge.client} {one.client_version}", f"{one.edge.provider} {one.provider_version}"): (
            one.judgement.verdict
        )
        for one in all_pairs(system).pairs
    }
    assert {pair for pair, verdict in found.items() if verdict is MISMATCH} == {
        ("orders 1.0", "ledger 1.1"),
        ("orders 1.1", "ledger 1.1"),
        ("orders 2.0", "ledger 1.1"),
        ("orders 1.1", "stock 1.0"),
        ("orders 2.0", "stock 1.0"),
        ("orders 2.0", "stock 1.1"),
        ("orders 2.0", "stock 1.2"),
        ("orders 1.0", "stock 2.0"),
        ("orders 1.1", "stock 2.0"),
        ("stock 1.2", "orders 1.0"),
        ("stock 2.0", "orders 1.0"),
    }
    assert {pair for pair, verdict in found.items() if verdict is UNKNOWN} == {
        (f"orders {version}", "couriers 1.1") for version in ("1.0", "1.1", "2.0")
    }


def test_a_call_that_cannot_be_followed_is_unknown_once_it_could_break(system: Ground) -> None:
    answer = deployed(system, "couriers@1.1")
    assert answer.verdict is UNKNOWN
    (pair,) = answer.pairs
    assert "orders/dispatch.go:22" in pair.judgement.missing[0].datum
    assert {one.method for one in pair.judgement.breaks} == {"delivery.v1.Couriers.Find"}


def test_a_safe_deployment_whose_way_back_a_later_one_closes(system: Ground) -> None:
    answer = deployed(system, "stock@1.1")
    assert answer.verdict is SAFE
    assert answer.rollback.verdict is SAFE
    (closed,) = answer.rollback.closed_by
    assert (closed.service, closed.version) == ("orders", "1.1")
    assert {one.method for pair in closed.pairs for one in pair.judgement.breaks} == {
        "delivery.v1.Stock.Release"
    }


def test_a_client_has_to_wait_for_the_version_that_serves_what_it_calls(system: Ground) -> None:
    answer = deployed(system, "orders@1.1")
    assert answer.verdict is MISMATCH
    assert [(one.service, one.version) for one in answer.ways_out] == [("stock", "1.1")]
    assert waves(planned(system, "orders@1.1", "stock@1.1")) == [["stock 1.1"], ["orders 1.1"]]


def test_a_value_that_flows_back_is_told_where_the_versions_mix(system: Ground) -> None:
    answer = deployed(system, "prices@1.1")
    assert answer.verdict is SAFE
    (advisory,) = answer.advisories
    assert (advisory.client, advisory.returned_by, advisory.received_by) == ("web", "1.1", "1.0")
    assert {one.effect for one in advisory.reasons} == {Effect.UNNAMED}
    assert deployed(system, "prices@1.1", Strategy.CANARY).advisories == (advisory,)
    # Blue/green never goes back to the old version, and the new one knows whatever the old one returned.
    assert deployed(system, "prices@1.1", Strategy.BLUE_GREEN).advisories == ()


def test_a_version_may_be_written_as_the_whole_name_of_its_tag(system: Ground) -> None:
    live = [f"{name}={name}-1.0" for name in ("couriers", "ledger", "orders", "prices", "stock", "web")]
    answer = plan(system, ["orders@orders-1.1", "stock@stock-1.1"], live=live)
    assert waves(answer) == [["stock 1.1"], ["orders 1.1"]]
    written = can_i_deploy(system, "ledger@ledger-1.0", live=live)
    assert {pair.client_version for pair in (*written.pairs, *written.existing)} == {"1.0"}


def test_a_cycle_has_no_order_and_a_version_that_unlocks_it(system: Ground) -> None:
    answer = planned(system, "orders@1.1", "stock@1.2")
    assert (answer.verdict, answer.waves) == (MISMATCH, ())
    (conflict,) = answer.conflicts
    assert conflict.services == ("orders", "stock")
    ways = {
        way.kind: [[f"{one.service} {one.new}" for one in wave] for wave in way.steps]
        for way in conflict.ways_out
    }
    assert ways["switch-together"] == [["orders 1.1", "stock 1.2"]]
    assert ways["intermediate"] == [["stock 1.1"], ["orders 1.1"], ["stock 1.2"]]


def test_a_type_that_changes_on_both_sides_has_no_order_at_all(system: Ground) -> None:
    answer = planned(system, "orders@2.0", "stock@2.0")
    assert (answer.verdict, answer.waves) == (MISMATCH, ())
    (conflict,) = answer.conflicts
    assert "intermediate" not in {way.kind for way in conflict.ways_out}


def test_a_reader_is_judged_against_what_is_stored(system: Ground) -> None:
    answer = deployed(system, "ledger@1.1")
    assert answer.verdict is MISMATCH
    (pair,) = answer.pairs
    assert pair.edge == Edge("orders", "ledger", "order-events")
    assert [(one.side, one.path, one.effect) for one in pair.judgement.breaks] == [
        ("message", ("total_cents",), Effect.LOSSY)
    ]


def test_who_uses_a_method_are_the_versions_that_call_and_serve_it(system: Ground) -> None:
    found = who_uses(system, "delivery.v1.Stock.Release")
    assert {(one.role, one.service, one.version) for one in found.users} == {
        ("client", "orders", "1.1"),
        ("client", "orders", "2.0"),
        ("provider", "stock", "1.1"),
        ("provider", "stock", "1.2"),
        ("provider", "stock", "2.0"),
    }
    assert who_uses(system, "delivery.v1.Stock/Release", environment="production").users == ()


def test_a_way_out_that_helps_several_conflicts_is_said_once(system: Ground) -> None:
    answer = planned(system, "orders@1.1", "stock@1.2", "couriers@1.1")
    first, second = answer.conflicts
    assert first.ways_out == second.ways_out != ()
    text = render_plan(answer)
    assert text.count("way out 1:") == 1
    assert f"  the same ways out as for {' and '.join(first.services)}\n" in text
