"""Changes as short texts."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.diff.changes import Change, Changed, element_of
from compatcheck.schema.model import File


def facts(changes: Iterable[Change]) -> list[str]:
    """`removed Field shop.v1.Order.note`, `changed Field shop.v1.Order.id (type)`, ..."""
    return [_fact(change) for change in changes]


def _fact(change: Change) -> str:
    element = element_of(change)
    name = element.path if isinstance(element, File) else element.full_name
    aspect = f" ({change.aspect.value})" if isinstance(change, Changed) else ""
    return f"{type(change).__name__.lower()} {type(element).__name__} {name}{aspect}"
