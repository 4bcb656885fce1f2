"""Arithmetic on ranges of numbers, as reservations and extension ranges use it."""

from __future__ import annotations

from collections.abc import Iterable


def spans_without(spans: Iterable[range], taken: Iterable[range]) -> tuple[range, ...]:
    """The parts of `spans` that no range of `taken` covers, sorted and joined; never expands a range."""
    cuts = sorted((one.start, one.stop) for one in taken if one)
    remaining: list[range] = []
    for span in _joined(spans):
        start = span.start
        for cut_start, cut_stop in cuts:
            if cut_stop <= start or cut_start >= span.stop:
                continue
            if cut_start > start:
                remaining.append(range(start, cut_start))
            start = max(start, cut_stop)
        if start < span.stop:
            remaining.append(range(start, span.stop))
    return tuple(remaining)


def _joined(spans: Iterable[range]) -> list[range]:
    joined: list[range] = []
    for span in sorted((one for one in spans if one), key=lambda one: (one.start, one.stop)):
        if joined and span.start <= joined[-1].stop:
            joined[-1] = range(joined[-1].start, max(joined[-1].stop, span.stop))
        else:
            joined.append(span)
    return joined


def span_text(span: range) -> str:
    """`5` or `5 to 9`, as `.proto` source writes it."""
    return str(span.start) if len(span) == 1 else f"{span.start} to {span.stop - 1}"
