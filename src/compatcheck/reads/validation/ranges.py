"""Sets of numbers that bounds and lists describe: unions of intervals, with the algebra to compare them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Number = int | float
_Cut = tuple[Number, int]
"""A place between numbers: just before (0) or just after (1) one of them."""

_START: _Cut = (-math.inf, 0)
_END: _Cut = (math.inf, 1)


@dataclass(frozen=True, slots=True)
class Ranges:
    """A set of numbers, as disjoint intervals between cuts in ascending order.

    Sets of whole numbers hold cuts before a number only, so that equal sets are equal values.
    """

    intervals: tuple[tuple[_Cut, _Cut], ...]
    whole: bool
    """Whether it holds whole numbers only."""

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, number: Number) -> bool:
        return any(low <= (number, 0) < high for low, high in self.intervals)

    def __and__(self, other: Ranges) -> Ranges:
        return Ranges(tuple(_common(self.intervals, other.intervals)), self.whole)

    def __or__(self, other: Ranges) -> Ranges:
        return Ranges(tuple(_merged(sorted((*self.intervals, *other.intervals)))), self.whole)

    def __sub__(self, other: Ranges) -> Ranges:
        return self & Ranges(tuple(_gaps(other.intervals)), self.whole)

    @property
    def least(self) -> Number:
        """The lower end; infinite for the empty set."""
        return self.intervals[0][0][0] if self.intervals else math.inf

    @property
    def most(self) -> Number:
        """The upper end; negatively infinite for the empty set."""
        if not self.intervals:
            return -math.inf
        number, side = self.intervals[-1][1]
        return number - 1 if self.whole and side == 0 else number


def nothing(whole: bool = True) -> Ranges:
    return Ranges((), whole)


def everything(whole: bool = True) -> Ranges:
    return Ranges(((_START, _END),), whole)


def at_least(number: Number, whole: bool = True) -> Ranges:
    return Ranges((((number, 0), _END),), whole)


def above(number: Number, whole: bool = True) -> Ranges:
    return Ranges(((_after(number, whole), _END),), whole)


def at_most(number: Number, whole: bool = True) -> Ranges:
    return Ranges(((_START, _after(number, whole)),), whole)


def below(number: Number, whole: bool = True) -> Ranges:
    return Ranges(((_START, (number, 0)),), whole)


def points(numbers: Iterable[Number], whole: bool = True) -> Ranges:
    intervals = sorted(((number, 0), _after(number, whole)) for number in set(numbers))
    return Ranges(tuple(_merged(intervals)), whole)


def between(least: Number, most: Number) -> Ranges:
    """The whole numbers from `least` to `most`."""
    return at_least(least) & at_most(most)


def _after(number: Number, whole: bool) -> _Cut:
    return (number + 1, 0) if whole and not math.isinf(number) else (number, 1)


def _merged(intervals: Iterable[tuple[_Cut, _Cut]]) -> Iterator[tuple[_Cut, _Cut]]:
    current: tuple[_Cut, _Cut] | None = None
    for low, high in intervals:
        if current is None:
            current = low, high
        elif low <= current[1]:
            current = current[0], max(current[1], high)
        else:
            yield current
            current = low, high
    if current is not None:
        yield current


def _common(
    mine: Sequence[tuple[_Cut, _Cut]], theirs: Sequence[tuple[_Cut, _Cut]]
) -> Iterator[tuple[_Cut, _Cut]]:
    # In one pass: lists of thousands of numbers are compared with each other.
    i = j = 0
    while i < len(mine) and j < len(theirs):
        low, high = max(mine[i][0], theirs[j][0]), min(mine[i][1], theirs[j][1])
        if low < high:
            yield low, high
        if mine[i][1] < theirs[j][1]:
            i += 1
        else:
            j += 1


def _gaps(intervals: Iterable[tuple[_Cut, _Cut]]) -> Iterator[tuple[_Cut, _Cut]]:
    start = _START
    for low, high in intervals:
        if start < low:
            yield start, low
        start = high
    if start < _END:
        yield start, _END
