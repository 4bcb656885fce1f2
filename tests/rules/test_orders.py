"""The order in which a rollout is safe, as the check says it for each method."""

from __future__ import annotations

import pytest

from checking import checked
from compatcheck.config import Config
from compatcheck.usecases.results import overall_order

HEAD = 'syntax = "proto2";\npackage shop.v1;\n'
SERVICE = "service Carts { rpc Put(Item) returns (Cart); }\n"


def order(item: str, cart: str, service: str = SERVICE) -> dict[str, str]:
    """The orders of a change to the request (`item`) or the response (`cart`)."""
    old = (
        HEAD
        + SERVICE
        + "message Item { optional string id = 1; }\nmessage Cart { optional string id = 1; }\n"
    )
    new = HEAD + service + f"message Item {{ {item} }}\nmessage Cart {{ {cart} }}\n"
    return {one.method.rpartition(".")[2]: one.order.value for one in checked(old, new).orders}


SAME = "optional string id = 1;"
REQUIRED = "optional string id = 1; required string sku = 2;"
RENUMBERED = "optional string id = 2;"


@pytest.mark.parametrize(
    ("item", "cart", "expected"),
    [
        (REQUIRED, SAME, "clients-first"),
        (SAME, REQUIRED, "servers-first"),
        (REQUIRED, REQUIRED, "none"),
        (RENUMBERED, SAME, "none"),
        (SAME, RENUMBERED, "none"),
        (SAME + " optional string note = 2;", SAME, "any"),
    ],
)
def test_the_side_that_breaks_decides_who_goes_first(item: str, cart: str, expected: str) -> None:
    assert order(item, cart) == {"Put": expected}


def test_a_method_that_no_change_reaches_is_not_named() -> None:
    assert order(SAME, SAME) == {}
    grown = SERVICE.replace("}", "rpc Get(Cart) returns (Cart); }")
    assert order(SAME, SAME, grown) == {"Get": "servers-first"}


def test_methods_that_want_different_orders_leave_none() -> None:
    both = "service Carts { rpc Get(Item) returns (Item); }\n"
    old = (
        HEAD
        + SERVICE
        + "message Item { optional string id = 1; }\nmessage Cart { optional string id = 1; }\n"
    )
    check = checked(old, old.replace(SERVICE, both))
    assert {one.method.rpartition(".")[2]: one.order.value for one in check.orders} == {
        "Get": "servers-first",
        "Put": "clients-first",
    }
    assert overall_order(check.orders).value == "none"


def test_copies_in_two_roots_are_judged_each_with_its_own_past() -> None:
    """The left copy was always behind the right one; nothing new breaks."""
    left = (
        HEAD
        + SERVICE
        + "message Item { optional string id = 1; }\nmessage Cart { optional string id = 1; }\n"
    )
    right = left.replace("Item { optional string id = 1; }", "Item { required string id = 1; }")
    old = {"left/cart.proto": left, "right/cart.proto": right}
    new = {path: text.replace("id = 1; }", "id = 1; optional int32 n = 2; }") for path, text in old.items()}
    check = checked(old, new, Config(roots=("left", "right")))
    assert [one.order.value for one in check.orders] == ["any"]
