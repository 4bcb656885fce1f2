"""What is kept in channels, and what is advised: who goes first, and which values flow back."""

from __future__ import annotations

import pytest

from compatcheck.rollout.order import StepOrder
from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases.deploy import can_i_deploy
from compatcheck.usecases.pairs import all_pairs
from compatcheck.usecases.plan import plan
from rollout.retyping import (
    CALLS,
    CHANNEL,
    LIVE,
    MISMATCH,
    SAFE,
    SERVES,
    UNKNOWN,
    bad,
    configured,
    retyping,
    schema,
    service,
)
from shops import Shop


@pytest.fixture(name="retyped")
def _retyped(shop: Shop) -> Shop:
    return retyping(shop)


# -- channels


@pytest.mark.parametrize(
    ("since", "verdict"), [("2", SAFE), ("live", SAFE), ("1", MISMATCH), ("9", MISMATCH), ("web-2", MISMATCH)]
)
def test_since_says_whose_values_are_still_there(retyped: Shop, since: str, verdict: Verdict) -> None:
    ground = configured(retyped, service("web"), service("cart"), CHANNEL, f'since = "{since}"\n')
    answer = can_i_deploy(ground, "cart@2", live=["web=2,cart=1"])
    assert answer.verdict is verdict
    missing = [gap.datum for gap in answer.gaps]
    if since in ("9", "web-2"):
        (datum,) = missing
        assert f"since when values of topic are kept: web has no version {since}" in datum
        assert plan(ground, ["cart@2"], live=["web=2,cart=2"]).verdict is UNKNOWN
    else:
        assert missing == []


def test_what_is_stored_is_not_gone_when_another_writer_goes_first(retyped: Shop) -> None:
    retyped.release(
        {"web/cart.proto": schema("int64"), "cart/cart.proto": schema("int64")}, "web-0", "cart-0"
    )
    parts = service("web"), service("cart"), CHANNEL
    retyped.release({"cart/cart.proto": schema("int32")}, "cart-3")
    retyped.release({"web/cart.proto": schema("int32")}, "web-3")
    (way,) = can_i_deploy(configured(retyped, *parts), "cart@3", live=["web=0,cart=0"]).ways_out
    assert (way.service, way.version) == ("web", None)
    (way,) = can_i_deploy(
        configured(retyped, *parts, 'since = "live"\n'), "cart@3", live=["web=0,cart=0"]
    ).ways_out
    assert (way.service, way.version) == ("web", "1")
    (matrix,) = all_pairs(configured(retyped, *parts), versions=["0", "3"]).matrices
    assert matrix.step is not None and matrix.step.order is StepOrder.NONE
    (matrix,) = all_pairs(configured(retyped, *parts, 'since = "live"\n'), versions=["0", "3"]).matrices
    assert matrix.step is not None and matrix.step.order is StepOrder.CLIENT_FIRST


# -- advice


def test_a_neighbour_goes_first_although_others_around_it_are_nowhere_live(shop: Shop) -> None:
    web = 'syntax = "proto3"; package shop; service Web { rpc Show(Page) returns (Page); } message Page {}'
    shop.write(
        {"compatcheck.toml": service("web", CALLS, 'provides = ["shop.Web"]') + service("cart", SERVES)}
    )
    with (shop.path / "compatcheck.toml").open("a") as config:
        config.write(service("app", 'consumes = ["shop.Web"]'))

    def copy(kind: str) -> str:
        return schema(kind, "").replace("returns (Item)", "returns (Done)") + " message Done {}"

    shop.write({"web/web.proto": web, "app/web.proto": web})
    shop.release(
        {"web/cart.proto": copy("int64"), "cart/cart.proto": copy("int64")}, "web-1", "cart-1", "app-1"
    )
    shop.release({"web/cart.proto": copy("int32"), "cart/cart.proto": copy("int32")}, "web-2", "cart-2")
    answer = can_i_deploy(shop.ground(), "cart@2", live=["web=1,cart=1"])
    assert bad(answer.pairs) == ["web 1 > cart 2"]
    (way,) = answer.ways_out
    assert (way.service, way.version) == ("web", "2")


def test_services_of_one_group_do_not_go_one_by_one(retyped: Shop) -> None:
    group = 'group = "pod"'
    ground = configured(retyped, service("web", CALLS, group), service("cart", SERVES, group), LIVE)
    (way,) = can_i_deploy(ground, "cart@2", "live").ways_out
    assert (way.service, way.version) == ("web", None)
    assert plan(ground, ["cart@2", "web@2"], environment="live").verdict is SAFE


def test_a_value_that_a_pair_shows_to_be_lost_is_no_advisory(retyped: Shop) -> None:
    answer = can_i_deploy(retyped.ground(), "cart@2", "live")
    assert (answer.verdict, answer.advisories) == (MISMATCH, ())
