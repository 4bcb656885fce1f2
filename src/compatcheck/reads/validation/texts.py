"""Texts, bytes and type URLs: which of those that a writer lets pass a reader rejects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compatcheck.reads.validation import ranges
from compatcheck.reads.validation.constraints import Constraints, Kind, Text
from compatcheck.reads.validation.opaque import empty_passes, unmatched
from compatcheck.reads.validation.ranges import Ranges
from compatcheck.reads.validation.words import counted, opaque_rule, part, quoted

_FORMATS_OF_ONE_LENGTH = {"uuid": 36, "tuuid": 32, "ulid": 26}


def rejected_texts(writer: Constraints, reader: Constraints) -> Iterator[str]:
    """The texts or bytes, in words, that the writer may send and the reader rejects."""
    rejects_empty = takes_empty(writer) and not takes_empty(reader)
    sizes, octets = _lengths(writer)
    if writer.allowed is None:
        # The longest text that it has to hold may leave no room for another character.
        writer = replace(
            writer, allowed=frozenset(one for one in _kept(writer) if len(one) == sizes.most) or None
        )
    too_few_or_many = sizes - (reader.sizes & ranges.at_least(1))
    unknown = list(unmatched(writer, reader))
    told_below = (writer.allowed is None and 1 in too_few_or_many) or any(
        sizes and empty_passes(one) is False for one in unknown
    )
    if rejects_empty and not told_below:
        yield "empty text" if reader.kind is Kind.TEXT else "empty values"
    elif writer.skips_zero and not reader.skips_zero and not rejects_empty:
        may = sorted(one for one in reader.opaque if empty_passes(one) is None)
        yield from (f"empty text, if it is among {opaque_rule(one)}" for one in may)
    if not sizes:
        return
    if writer.allowed is None:
        if too_few_or_many:
            yield counted(too_few_or_many, reader.kind)
        if too := octets - reader.octets:
            yield counted(too, reader.kind, "in UTF-8")
        yield from (part(*one) for one in sorted(reader.parts, key=str) if not _has_part(writer, *one))
    yield from listed_texts(writer, reader)
    if writer.allowed is None or any(one and _satisfies(one, writer) for one in writer.allowed):
        yield from map(opaque_rule, unknown)


def listed_texts(writer: Constraints, reader: Constraints) -> Iterator[str]:
    """By `const`, `in` and `not_in`, of values that are not empty."""
    if writer.allowed is not None:
        offered = (one for one in writer.allowed if one and _satisfies(one, writer))
        if rejected := [one for one in offered if not _satisfies(one, reader)]:
            yield quoted(rejected)
        return
    if reader.allowed is not None:
        yield f"values other than {quoted(reader.allowed)}" if reader.allowed else "values of any kind"
    if hit := [one for one in reader.excluded if one and _satisfies(one, writer)]:
        yield quoted(hit)


def takes_empty(one: Constraints) -> bool:
    """Whether the empty text is valid, as far as that is known."""
    if one.skips_zero:
        return True
    empty: Text = "" if one.kind is Kind.TEXT else b""
    return _satisfies(empty, one) and all(empty_passes(rule) is not False for rule in one.opaque)


def _satisfies(text: Text, one: Constraints) -> bool:
    """Whether a text satisfies all rules that are not opaque."""
    return (
        len(text) in one.sizes
        and (one.kind is not Kind.TEXT or len(_encoded(text)) in one.octets)
        and (one.allowed is None or text in one.allowed)
        and text not in one.excluded
        and all(_holds(name, _encoded(value), _encoded(text)) for name, value in one.parts)
    )


def _encoded(text: Text) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def _holds(name: str, value: bytes, text: bytes) -> bool:
    match name:
        case "prefix":
            return text.startswith(value)
        case "suffix":
            return text.endswith(value)
        case "contains":
            return value in text
        case _:
            return value not in text


def _has_part(writer: Constraints, name: str, value: Text) -> bool:
    """Whether every text of the writer's satisfies the rule, by a rule of the writer's own."""
    wanted = _encoded(value)
    if name == "not_contains":
        has_no_room = _lengths(writer)[0].most < len(value)
        own = any(other == name and _encoded(text) in wanted for other, text in writer.parts)
        return own or has_no_room
    tells = {name, "prefix", "suffix"} if name == "contains" else {name}
    return not wanted or any(
        other in tells and _holds(name, wanted, _encoded(text)) for other, text in writer.parts
    )


def _kept(one: Constraints) -> list[Text]:
    """What every text has to hold."""
    return [value for name, value in one.parts if name != "not_contains"]


def _lengths(one: Constraints) -> tuple[Ranges, Ranges]:
    """Characters and bytes of the texts that are not empty, each narrowed by what the other rules imply.

    Both are empty if there is no such text.
    """
    none = ranges.nothing(), ranges.nothing()
    kept = _kept(one)
    avoided = [_encoded(value) for name, value in one.parts if name == "not_contains"]
    if any(taboo in _encoded(value) for value in kept for taboo in avoided):
        return none
    sizes = one.sizes & ranges.at_least(max((1, *map(len, kept))))
    # Of the length of what it has to hold there is no other text.
    sizes -= ranges.points(len(value) for value in kept if not _satisfies(value, one))
    if one.kind is Kind.BYTES:
        return (sizes, sizes) if sizes else none
    for name, _ in one.opaque:
        if name in _FORMATS_OF_ONE_LENGTH:
            sizes &= ranges.points((_FORMATS_OF_ONE_LENGTH[name],))
    octets = one.octets & ranges.at_least(max((1, *(len(_encoded(value)) for value in kept))))
    if not sizes or not octets:
        return none
    octets &= ranges.at_least(sizes.least)
    for value in (*kept, ""):
        octets &= ranges.at_most(4 * (sizes.most - len(value)) + len(_encoded(value)))
    if not octets:
        return none
    sizes &= ranges.at_least(-(-octets.least // 4)) & ranges.at_most(octets.most)
    return (sizes, octets) if sizes else none
