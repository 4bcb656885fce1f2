"""Where Python's runtime is no measure of others: the exceptions of the oracle, each with its reason.

Besides: it parses a message that lacks a required field in silence, which `observed.parse` takes for rejected, as
the other runtimes do.
"""

from __future__ import annotations

from google import protobuf
from google.protobuf.descriptor import FieldDescriptor

from compatcheck.reads.effects import Aspect, Effect, Outcome
from compatcheck.reads.json import JsonSettings
from compatcheck.reads.presence import all_fields, element
from compatcheck.schema.model import Cardinality, Field, Message, Type

_PRINTED_AS_TEXT = (
    Type.INT64,
    Type.UINT64,
    Type.SINT64,
    Type.FIXED64,
    Type.SFIXED64,
    Type.DOUBLE,
    Type.FLOAT,
    Type.STRING,
    Type.BYTES,
    Type.ENUM,
)
"""64-bit integers, infinity and NaN among the numbers are printed in quotes."""


def takes_for_message(writer: Field, reader: Field, settings: JsonSettings) -> bool:
    """With unknown fields ignored, the JSON parser takes text and lists for messages.

    It goes through the letters or elements as names of fields, none of which it knows. The message that it
    makes of them, or of the keys of a map, is empty, but there: enough for a required field.
    """
    empty = writer.cardinality is Cardinality.MAP and reader.cardinality is Cardinality.REQUIRED
    wrote, read = writer.parts[-1], reader.parts[-1]
    iterable = writer.cardinality is Cardinality.REPEATED or wrote.type in _PRINTED_AS_TEXT
    return (
        settings.unknown_fields == "ignore"
        and read.holds_message
        and (empty or (iterable and wrote.type is not read.type))
    )


def may_be_taken(outcome: Outcome, reader: Message, settings: JsonSettings) -> bool:
    """Whether the same leniency can hide what rejects the field at the end of the path."""
    field = _at(outcome.path, reader)
    return (
        outcome.effect is Effect.REJECTED
        and settings.unknown_fields == "ignore"
        and field is not None
        and field.holds_message
    )


def is_unwritten_zero(outcome: Outcome, field: FieldDescriptor) -> bool:
    """An enum's zero without presence is not written here; JSON printers can be told to write it."""
    if field.has_presence or field.is_repeated or not field.enum_type:
        return False
    if outcome.condition == "only a value with a name":
        return not any(value.number for value in field.enum_type.values)
    if outcome.aspect is not Aspect.VALUES:
        return False
    listed = outcome.condition.rpartition(": ")[2].replace(" and ", ", ").split(", ")
    numbers = {value.name: value.number for value in field.enum_type.values}
    return not any(numbers.get(one.partition(" as ")[0]) for one in listed)


def cannot_skip_groups(writer: Field, reader: Field) -> bool:
    """Protobuf 6 cannot parse a length-prefixed field as a repeated group.

    It rejects the message; protobuf 7 and the runtimes of other languages keep the field as an unknown one.
    """
    repeated_group = reader.type is Type.GROUP and reader.cardinality is Cardinality.REPEATED
    prefixed = writer.packed or writer.type in (Type.STRING, Type.BYTES, Type.MESSAGE)
    return repeated_group and prefixed and protobuf.__version__.startswith("6.")


def _at(path: tuple[str, ...], message: Message) -> Field | None:
    *above, last = path
    for name in above:
        field = _named(message, name)
        if field is None or not field.holds_message:
            return None
        message = field.value.message if field.cardinality is Cardinality.MAP else field.message
    return _named(message, last)


def _named(message: Message, name: str) -> Field | None:
    return next((field for field in all_fields(message).values() if element(field) == name), None)
