"""Phrases that several formats share: counts, short lists, and the names of what was compared."""

from __future__ import annotations

from collections.abc import Sequence

from compatcheck.report.terminal import clean
from compatcheck.source.snapshot import Origin

SHORT_COMMIT = 10


def plural(count: int, noun: str) -> str:
    """`1 error`, `3 errors`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def some_of(names: Sequence[str], limit: int = 3) -> str:
    """`a`, `a and b`, `a, b, c and 4 more`: never more than `limit` of the names."""
    shown, rest = list(names[:limit]), len(names) - limit
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def origin_name(origin: Origin) -> str:
    """`v1.2.0 (3f9a1c2e01)`, `work tree`: the name for people, and the commit unless the name shows it."""
    name = clean(origin.name or origin.revision or origin.kind)
    if not origin.commit or origin.commit[:7] in name:
        return name
    return f"{name} ({origin.commit[:SHORT_COMMIT]})"
