"""What holds on every surface that carries values: presence, required fields and defaults."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from compatcheck.reads.effects import Aspect, Effect, Outcome, Outcomes
from compatcheck.schema.model import Cardinality, Field, Message, Type

_WHEN_UNSET = {
    Cardinality.IMPLICIT: "only when it has its default value",
    Cardinality.OPTIONAL: "only when it is not set",
    Cardinality.REPEATED: "only when it is empty",
    Cardinality.MAP: "only when it is empty",
}


def presence_reads(writer: Field, reader: Field, arrives: bool) -> Iterator[Outcome]:
    """Presence, required and default of a pair; `arrives` if the reader sees at least some written values."""
    if reader.cardinality is Cardinality.REQUIRED and writer.cardinality is not Cardinality.REQUIRED:
        yield Outcome(Effect.REJECTED, Aspect.REQUIRED, _WHEN_UNSET[writer.cardinality])
    if (
        reader.cardinality is Cardinality.IMPLICIT
        and arrives
        and writer.cardinality is not Cardinality.IMPLICIT
    ):
        yield Outcome(Effect.PRESENCE_LOST, Aspect.PRESENCE)
    if _reads_default(writer, reader) and default_of(writer) != default_of(reader):
        yield Outcome(Effect.DEFAULT_CHANGED, Aspect.DEFAULT)


def when_required(reader: Field, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """A required field whose value is dropped is missing, and that rejects the message."""
    for outcome in outcomes:
        rejects = outcome.effect is Effect.DROPPED and reader.cardinality is Cardinality.REQUIRED
        yield replace(outcome, effect=Effect.REJECTED) if rejects else outcome


def writer_only(field: Field) -> Outcome:
    return Outcome(Effect.IGNORED, Aspect.EXISTENCE, path=(element(field),))


def reader_only(field: Field) -> Outcome:
    if field.cardinality is Cardinality.REQUIRED:
        return Outcome(Effect.REJECTED, Aspect.REQUIRED, path=(element(field),))
    return Outcome(Effect.ABSENT, Aspect.EXISTENCE, path=(element(field),))


def can_be_zero(field: Field) -> bool:
    """Whether there is a value of its type that a reader without presence takes for unset."""
    if field.type is Type.ENUM:
        return not field.enum.closed or 0 in field.enum.numbers
    return not cannot_be_empty(field)


def cannot_be_empty(field: Field) -> bool:
    """Whether it holds a message that requires a field."""
    return field.holds_message and any(
        one.cardinality is Cardinality.REQUIRED for one in field.message.fields
    )


def element(field: Field) -> str:
    """The field in a path: its name; for an extension the full name in brackets, as text format writes it."""
    return f"[{field.full_name}]" if field.extendee else field.name


def all_fields(message: Message) -> dict[int, Field]:
    """The fields by number, with the extensions that the message's universe knows."""
    if not message.extension_ranges:
        return dict(message.numbers)
    extensions = message.scope.extensions(message.full_name)
    return {**{field.number: field for field in extensions}, **message.numbers}


def renumbered(writer: dict[int, Field], reader: dict[int, Field]) -> frozenset[str]:
    """The fields that both know by name, under different numbers."""
    numbers = {element(field): number for number, field in reader.items()}
    return frozenset(
        element(field) for number, field in writer.items() if numbers.get(element(field), number) != number
    )


def oneof_outcomes(
    writer: dict[int, Field], reader: dict[int, Field], dropped: frozenset[int], effect: Effect
) -> Outcomes:
    """The effect on each field that the writer can set together with another one of the reader's same oneof.

    `dropped` are the numbers whose values the reader never sees.
    """
    return tuple(
        Outcome(
            effect,
            Aspect.ONEOF,
            f"only when another field of the reader's oneof {field.oneof} is set, too",
            (element(field),),
        )
        for field in _merged(writer, reader, dropped)
    )


def _merged(writer: dict[int, Field], reader: dict[int, Field], dropped: frozenset[int]) -> Iterator[Field]:
    oneofs: dict[str, list[int]] = {}
    for number, field in reader.items():
        if field.oneof and number in writer and number not in dropped:
            oneofs.setdefault(field.oneof, []).append(number)
    for numbers in oneofs.values():
        for number in numbers:
            own = writer[number].oneof
            if any(other != number and not (own and own == writer[other].oneof) for other in numbers):
                yield reader[number]


def default_of(field: Field) -> float | str:
    """What an unset field reads as: a number (of the enum value, of the bool) or a text; NaN as `nan`."""
    declared = field.default
    if field.type is Type.ENUM:
        values = field.enum.values
        if declared is None:
            return values[0].number
        return next(value.number for value in values if value.name == declared)
    if field.type in (Type.STRING, Type.BYTES):
        # An empty text equals the zero of numbers: neither says anything.
        return declared or 0
    if declared is None:
        return 0
    if field.type is Type.BOOL:
        return int(declared == "true")
    if field.type in (Type.DOUBLE, Type.FLOAT):
        number = float(declared)
        return "nan" if math.isnan(number) else number
    return int(declared)


def _reads_default(writer: Field, reader: Field) -> bool:
    return not (
        writer.repeats
        or reader.repeats
        or writer.holds_message
        or reader.holds_message
        or writer.cardinality is Cardinality.REQUIRED
        or reader.cardinality is Cardinality.REQUIRED
    )
