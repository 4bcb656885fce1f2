"""Pairs of versions whose schemas import what no repository holds."""

from __future__ import annotations

from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases.pairs import all_pairs
from shops import Shop

CONFIG = """
[services.web]
versions = "web-*"
consumes = ["shop.Cart"]
[services.cart]
versions = "cart-*"
provides = ["shop.Cart"]
"""


def cart(field: str) -> str:
    return (
        'syntax = "proto3"; package shop; import "buf/validate/validate.proto"; '
        f"service Cart {{ rpc Add(Item) returns (Item); }} message Item {{ {field} }}"
    )


def test_an_interface_whose_options_cannot_be_read_is_an_interface(shop: Shop) -> None:
    option = "[(buf.validate.field).required = true]"
    shop.release(
        {"cart.proto": cart(f"int32 id = 1 {option};"), "compatcheck.toml": CONFIG}, "web-1", "cart-1"
    )
    shop.release({"cart.proto": cart(f"string id = 1 {option};")}, "cart-2")
    shop.release({"cart.proto": cart("buf.validate.Id id = 1;")}, "cart-3")
    found = {one.provider_version: one.judgement for one in all_pairs(shop.ground()).pairs}
    assert {version: one.verdict for version, one in found.items()} == {
        "1": Verdict.SAFE,
        "2": Verdict.MISMATCH,
        "3": Verdict.UNKNOWN,
    }
    (missing,) = found["3"].missing
    assert '`cart.proto` says: imports "buf/validate/validate.proto", which is not found' in missing.datum
