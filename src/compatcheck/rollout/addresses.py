"""Which of several services an address leads to, by the names in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_MOST_WORDS = 24
"""More words than any address has."""
_NO_NAME = re.compile(r"[^a-z0-9]+")
_KINDS = re.compile(r"(service|server|svc|api)$")


def addressed(addresses: Sequence[str], services: Sequence[str]) -> str | None:
    """The one service that the addresses name (`CART_SERVICE_ADDR`, `cart.shop.svc:7070`), None if it is not one.

    The longest name counts: `PRODUCT_CATALOG_ADDR` leads to `product-catalog` and not to `catalog`.
    """
    found = {service for address in addresses for service in _named(address, services)}
    return found.pop() if len(found) == 1 else None


def _named(address: str, services: Sequence[str]) -> list[str]:
    said = _runs(address)
    lengths = {service: len(name) for service in services if (name := bare(service)) in said}
    longest = max(lengths.values(), default=0)
    return [service for service, length in lengths.items() if length == longest]


def _runs(address: str) -> frozenset[str]:
    """The words of an address, and those that stand side by side as one: `PRODUCT_CATALOG`, `productcatalog`."""
    words = [word.lower() for word in _WORD.findall(address)][:_MOST_WORDS]
    places = range(len(words))
    return frozenset(bare("".join(words[first : last + 1])) for first in places for last in places[first:])


def bare(service: str) -> str:
    """What is left of a name without what only says that it is a service."""
    squeezed = _squeezed(service)
    return _KINDS.sub("", squeezed) or squeezed


def _squeezed(text: str) -> str:
    return _NO_NAME.sub("", text.lower())
