"""Ranges of numbers and sets of enum values, and the plain words for what falls outside of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from compatcheck.reads.effects import Effect
from compatcheck.schema.model import Enum, EnumValue, Field, Type

Verdict = tuple[Effect, str]
"""An effect and its condition, before it is known which property it is charged to."""

MOST_NAMES = 3
"""Names that a condition lists before it counts the rest."""

NO_NAME = "only a number that no value names"

_SIGNED_32, _SIGNED_64 = (-(2**31), 2**31 - 1), (-(2**63), 2**63 - 1)
_UNSIGNED_32, _UNSIGNED_64 = (0, 2**32 - 1), (0, 2**64 - 1)

RANGES: Final = {
    Type.INT32: _SIGNED_32,
    Type.SINT32: _SIGNED_32,
    Type.SFIXED32: _SIGNED_32,
    Type.ENUM: _SIGNED_32,
    Type.INT64: _SIGNED_64,
    Type.SINT64: _SIGNED_64,
    Type.SFIXED64: _SIGNED_64,
    Type.UINT32: _UNSIGNED_32,
    Type.FIXED32: _UNSIGNED_32,
    Type.UINT64: _UNSIGNED_64,
    Type.FIXED64: _UNSIGNED_64,
    Type.BOOL: (0, 1),
}


def outside(writer: Type, reader: Type) -> str | None:
    """The condition for numbers of one type that another cannot hold; None if there are none."""
    (lowest, highest), (floor, ceiling) = RANGES[writer], RANGES[reader]
    if reader is Type.BOOL:
        return "only other than 0 and 1"
    parts = []
    if lowest < floor:
        parts.append(f"below {floor}")
    if highest > ceiling:
        parts.append(f"above {ceiling}")
    return "only " + " or ".join(parts) if parts else None


def listed(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - MOST_NAMES
    return ", ".join(every[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def unnamed_numbers(writer: Field, reader: Enum) -> Verdict | None:
    """Numbers of a writer that is no enum which the reader's enum does not name."""
    effect = Effect.DROPPED if reader.closed else Effect.UNNAMED
    if writer.type is not Type.BOOL:
        return effect, "only a number that the reader does not name"
    missing = [word for number, word in ((0, "false"), (1, "true")) if number not in reader.numbers]
    if len(missing) == 2:
        return effect, ""
    return (effect, f"only {listed(missing)}") if missing else None


def unnamed_values(writer: Enum, reader: Enum) -> Iterator[EnumValue]:
    """The writer's values whose number has no name at the reader."""
    return (value for value in writer.values if value.number not in reader.numbers)


def relabelled_values(writer: Enum, reader: Enum) -> Iterator[tuple[EnumValue, EnumValue]]:
    """The values of numbers that share no name at writer and reader, with the reader's first."""
    there, here = _by_number(reader), _by_number(writer)
    for value in writer.values:
        names = there.get(value.number, ())
        if names and not {one.name for one in names} & {one.name for one in here[value.number]}:
            yield value, names[0]


def is_misread(value: EnumValue, other: EnumValue, writer: Enum, reader: Enum) -> bool:
    """Whether two names of one number mean two things: one of them has another number on the other side.

    Names that share a number with them mean the same as they do.
    """
    here = {one.name for one in writer.values}, {one.name for one in _by_number(writer)[value.number]}
    there = {one.name for one in reader.values}, {one.name for one in _by_number(reader)[other.number]}
    return bool(here[1] & there[0] or there[1] & here[0])


def first_declared(enum: Enum) -> tuple[EnumValue, ...]:
    """One value for each number: that which a JSON printer names."""
    return tuple(values[0] for values in _by_number(enum).values())


def enum_verdicts(writer: Enum, reader: Enum) -> Iterator[Verdict]:
    """What becomes of the values of one enum read as another, by number."""
    effect = Effect.DROPPED if reader.closed else Effect.UNNAMED
    missing = [value.name for value in unnamed_values(writer, reader)]
    if missing:
        yield effect, f"only a value that the reader does not name: {listed(missing)}"
    if reader.closed and not writer.closed:
        yield Effect.DROPPED, NO_NAME
    for effect, misread in ((Effect.RELABELLED, False), (Effect.MISREAD, True)):
        others = [
            f"{value.name} as {other.name}"
            for value, other in relabelled_values(writer, reader)
            if is_misread(value, other, writer, reader) == misread
        ]
        if others:
            yield effect, f"only a value of another name: {listed(others)}"


def _by_number(enum: Enum) -> dict[int, tuple[EnumValue, ...]]:
    by_number: dict[int, tuple[EnumValue, ...]] = {}
    for value in enum.values:
        by_number[value.number] = (*by_number.get(value.number, ()), value)
    return by_number
