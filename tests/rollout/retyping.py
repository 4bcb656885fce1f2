"""Small repositories with services that change the type of a field, and the pairs of an answer in short."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.rollout.pairs import Pair, Verdict
from compatcheck.usecases.ground import Ground
from shops import Shop

SAFE, MISMATCH, UNKNOWN = Verdict.SAFE, Verdict.MISMATCH, Verdict.UNKNOWN


def schema(kind: str, more: str = "") -> str:
    return (
        'syntax = "proto3"; package shop; service Cart { rpc Add(Item) returns (Item); } '
        f"message Item {{ {kind} id = 1; {more} }}"
    )


def service(name: str, *lines: str) -> str:
    return "\n".join((f"[services.{name}]", f'path = "{name}"', f'versions = "{name}-*"', *lines, ""))


SERVES, CALLS = 'provides = ["shop.Cart"]', 'consumes = ["shop.Cart"]'
LIVE = '[environments.live]\nweb = "1"\ncart = "1"\n'
CHANNEL = '[channels.topic]\nmessage = "shop.Item"\nwriters = "web"\nreaders = "cart"\n'


def names(pairs: Iterable[Pair]) -> list[str]:
    return [
        f"{one.edge.client} {one.client_version} > {one.edge.provider} {one.provider_version}"
        for one in pairs
    ]


def bad(pairs: Iterable[Pair]) -> list[str]:
    return names(one for one in pairs if one.judgement.verdict is not SAFE)


def retyping(shop: Shop) -> Shop:
    """web and cart 1 and 2, each with a copy of its own; both change the type of a field with 2."""
    shop.write({"compatcheck.toml": service("web", CALLS) + service("cart", SERVES) + LIVE})
    shop.release({"web/cart.proto": schema("int32"), "cart/cart.proto": schema("int32")}, "web-1", "cart-1")
    shop.release({"cart/cart.proto": schema("string")}, "cart-2")
    shop.release({"web/cart.proto": schema("string")}, "web-2")
    return shop


def configured(shop: Shop, *parts: str) -> Ground:
    shop.write({"compatcheck.toml": "".join(parts)})
    return shop.ground()
