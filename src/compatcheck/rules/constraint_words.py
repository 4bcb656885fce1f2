"""What constraints demand, in phrases that complete "it must ..."."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.reads.validation import ranges
from compatcheck.reads.validation.constraints import Constraints, Kind
from compatcheck.reads.validation.messages import Together
from compatcheck.reads.validation.ranges import Number, Ranges
from compatcheck.reads.validation.words import FORMATS, either, number_text, quoted, some
from compatcheck.schema.model import Message

_SHOWN = 12
_IMPOSSIBLE = "have no value at all"
_LISTED = {Kind.LIST: "elements", Kind.MAP: "entries"}
_PARTS = {"prefix": "begin with", "suffix": "end with", "contains": "contain", "not_contains": "not contain"}


def demands(of: Constraints) -> Iterator[str]:
    """A phrase for each demand: `be set`, `be at most 20 characters long`, `match "^a"`."""
    if of.unchecked:
        return
    if not of.unset:
        yield "be set"
    unless = ", unless it is zero or empty" if of.skips_zero else ""
    yield from (f"{phrase}{unless}" for phrase in _of_values(of))


def _of_values(of: Constraints) -> Iterator[str]:
    if of.kind is Kind.NUMBER and of.numbers != of.type_range:
        yield _numbers(of)
    if of.kind in _LISTED:
        yield from _counts(of.sizes, _LISTED[of.kind])
    else:
        yield from _lengths(of.sizes, "characters" if of.kind is Kind.TEXT else "bytes")
    yield from _lengths(of.octets, "bytes")
    if of.allowed is not None:
        yield f"be {'one of ' if len(of.allowed) > 1 else ''}{quoted(of.allowed) or 'nothing'}"
    if of.excluded:
        yield f"not be {quoted(of.excluded)}"
    for name, value in sorted(of.parts, key=str):
        yield f"{_PARTS[name]} {quoted((value,))}"
    for name, text in sorted(of.opaque):
        yield _opaque(name, text)
    for part, which in (
        (of.key, "each key"),
        (of.element, "each element" if of.kind is Kind.LIST else "each value"),
    ):
        yield from (f"have {which} {phrase}" for phrase in demands(part) if part) if part else ()


def _opaque(name: str, text: str) -> str:
    match name:
        case "pattern":
            return f"match `{text}`"
        case "cel":
            return f"satisfy `{text}`"
        case "within":
            return f"be within `{text}` of now"
        case "unique":
            return "have no equal elements"
        case "lt_now":
            return "be in the past"
        case "gt_now":
            return "be in the future"
        case _ if name in FORMATS:
            return f"be {FORMATS[name]}"
        case _:
            return f"satisfy the rule `{name}`{'' if text == 'true' else f' ({text})'}"


def _numbers(of: Constraints) -> str:
    if not of.numbers:
        return _IMPOSSIBLE
    valid, excluded = _spelled(of.numbers, of), _spelled(of.type_range - of.numbers, of)
    apart = bool(of.names) or len(of.numbers.intervals) > 1
    if excluded and apart and len(valid) != 1:
        return f"not be {some(excluded, _SHOWN)}"
    if valid:
        return f"be {'one of ' if len(valid) > 1 else ''}{some(valid, _SHOWN)}"
    return "be " + either([_interval(low, high, of) for low, high in of.numbers.intervals])


def _spelled(numbers: Ranges, of: Constraints) -> list[str]:
    """Each number, if they are few or have names; none if there is more than one in a row."""
    counts = [high[0] - low[0] if numbers.whole else high[0] - low[0] + 1 for low, high in numbers.intervals]
    named = bool(of.names) and sum(counts) <= len(of.names)
    if not named and any(count != 1 for count in counts):
        return []
    return [
        number_text(one, of)
        for low, high in numbers.intervals
        for one in (range(int(low[0]), int(high[0])) if numbers.whole else (low[0],))
    ]


def _interval(low: tuple[Number, int], high: tuple[Number, int], of: Constraints) -> str:
    last = high[0] - 1 if of.numbers.whole and not high[1] else high[0]
    if last == low[0]:
        return number_text(last, of)
    lower = f"{'above' if low[1] else 'at least'} {number_text(low[0], of)}"
    upper = f"{'at most' if of.numbers.whole or high[1] else 'below'} {number_text(last, of)}"
    bounds = (lower if low[0] > of.type_range.least else "", upper if last < of.type_range.most else "")
    return " and ".join(one for one in bounds if one) or "finite"


def _lengths(sizes: Ranges, unit: str) -> Iterator[str]:
    yield from (f"be {said} long" for said in _sizes(sizes, unit)) if sizes else (_IMPOSSIBLE,)


def _counts(sizes: Ranges, unit: str) -> Iterator[str]:
    yield from (f"have {said}" for said in _sizes(sizes, unit)) if sizes else (_IMPOSSIBLE,)


def _sizes(sizes: Ranges, unit: str) -> Iterator[str]:
    if sizes == ranges.at_least(0):
        return
    zero = "no or " if 0 in sizes and len(sizes.intervals) > 1 else ""
    low, most = sizes.intervals[-1][0][0], sizes.most
    if low == most:
        yield f"{zero}exactly {_units(low, unit)}"
    elif most == float("inf"):
        yield f"{zero}at least {_units(low, unit)}"
    elif low == 0:
        yield f"at most {_units(most, unit)}"
    else:
        yield f"{zero}{low} to {_units(most, unit)}"


def _units(count: Number, unit: str) -> str:
    single = {"entries": "entry"}.get(unit, unit.removesuffix("s"))
    return f"{count} {single if count == 1 else unit}"


def statements(of: Together, message: Message) -> Iterator[str]:
    """A sentence for each demand of a message on its fields together."""

    def names(numbers: frozenset[int]) -> str:
        return some([f"`{message.numbers[one].name}`" for one in sorted(numbers)], _SHOWN)

    for one in sorted(of.one_of, key=sorted):
        some_of = "" if len(one) == 1 else "exactly one of " if one in of.at_most_one_of else "one of "
        yield f"{some_of}{names(one)} must be set"
    for one in sorted(of.at_most_one_of - of.one_of, key=sorted):
        yield f"at most one of {names(one)} may be set"
    for expression in sorted(of.expressions):
        yield f"`{expression}` must hold"
