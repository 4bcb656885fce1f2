"""Values that a client carries from one version of a provider to another, on schemas that protoc compiled."""

from __future__ import annotations

from collections.abc import Callable

from compatcheck.reads.effects import Effect
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.forwarding import Forwarded, Side, forwarded
from compatcheck.rollout.pairs import Interface

MakeInterface = Callable[[str], Interface]

SHOP = """syntax = "proto3"; package shop;
service Prices {{ rpc Get(Ask) returns (Answer); rpc Accept(Offer) returns (Done); rpc Drop(Ask) returns (Done); }}
enum Unit {{ UNIT_UNSPECIFIED = 0; UNIT_BOX = 1; {units} }}
message Quote {{ Unit unit = 1; {fields} }}
message Ask {{ string name = 1; }}
message Answer {{ repeated Quote quotes = 1; }}
message Offer {{ Quote quote = 1; }}
message Done {{}}
"""


def shop(units: str = "", fields: str = "") -> str:
    return SHOP.format(units=units, fields=fields)


def carried(client: Interface, one: Interface, other: Interface, *calls: str) -> tuple[Forwarded, ...]:
    named = tuple(Call(call) for call in calls or ("shop.Prices",))
    edge = Edge("web", "prices")
    return forwarded(edge, Side("7", client), named, Side("2", one), Side("1", other))


def test_a_value_that_only_the_newer_version_knows_comes_back_to_the_older_one(
    interface: MakeInterface,
) -> None:
    old, new = interface(shop()), interface(shop(units="UNIT_PALLET = 2;"))
    (found,) = carried(old, new, old)
    assert (found.client_version, found.returned_by, found.received_by) == ("7", "2", "1")
    assert found.message == "shop.Quote"
    assert (found.response, found.request) == (
        "shop.Prices.Get response.quotes",
        "shop.Prices.Accept request.quote",
    )
    assert {(one.effect, one.path) for one in found.reasons} == {(Effect.UNNAMED, ("quote", "unit"))}
    assert carried(old, old, new) == ()


def test_a_field_that_the_older_version_lacks_is_lost_on_the_way(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(fields="string note = 2;"))
    (found,) = carried(new, new, old)
    assert {(one.effect, one.path) for one in found.reasons} == {(Effect.IGNORED, ("quote", "note"))}
    (back,) = carried(new, old, new)
    assert {one.effect for one in back.reasons} == {Effect.ABSENT}


def test_a_client_that_does_not_send_the_value_on_carries_nothing(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(units="UNIT_PALLET = 2;"))
    assert carried(old, new, old, "shop.Prices.Get", "shop.Prices.Drop") == ()
    assert carried(old, new, old, "shop.Prices.Accept") == ()


def test_equal_versions_carry_nothing(interface: MakeInterface) -> None:
    one, same = interface(shop()), interface(shop())
    assert carried(one, one, same) == ()
