"""The ProtoJSON verdict on one value by its type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from compatcheck.reads import values
from compatcheck.reads.effects import Effect
from compatcheck.reads.tables import PORTABLE_JSON, PYTHON_JSON, kind_of
from compatcheck.reads.values import (
    NO_NAME,
    RANGES,
    Verdict,
    first_declared,
    listed,
    outside,
    unnamed_numbers,
)
from compatcheck.schema.model import Cardinality, Enum, EnumValue, Field, Type

NO_PARSE = "only text that does not parse"
PARSES = "only text that happens to parse"

_EXACT_IN_FLOAT: Final = 2**24
_FRACTIONS: Final = frozenset({Type.DOUBLE, Type.FLOAT})
_ROUNDED: Final = {
    Type.FLOAT: "only a number that a float rounds, such as one above 16777216",
    Type.DOUBLE: "only a number that a double rounds, such as one above 9007199254740992",
}


@dataclass(frozen=True, slots=True)
class JsonSettings:
    """What the JSON readers are: `unknown_fields` their switch for unknown names, `profile` the parser.

    `python` is the parser of Python's protobuf, `portable` the strictest of several. `names` and `enums` are
    options of the writer: it prints the names in the schema instead of the JSON names (a parser takes both), and
    enums by number.
    """

    unknown_fields: Literal["ignore", "reject"] = "ignore"
    profile: Literal["python", "portable"] = "portable"
    names: Literal["json", "proto"] = "json"
    enums: Literal["names", "integers"] = "names"

    @property
    def unknown_name(self) -> Effect:
        """What becomes of a field or an enum value whose name the reader does not know."""
        return Effect.DROPPED if self.unknown_fields == "ignore" else Effect.REJECTED


def value_verdicts(writer: Field, reader: Field, settings: JsonSettings) -> Iterator[Verdict]:
    """What becomes of single values, without what is inside of messages."""
    if writer.type is Type.ENUM and settings.enums == "integers":
        yield from _printed_as_integers(writer, reader, settings)
        return
    letter = _letter(writer, reader, settings)
    if writer.type is reader.type is Type.ENUM:
        yield from enum_verdicts(writer.enum, reader.enum, settings)
    elif letter == "R":
        # Python takes any text for the name of an enum value, that of bytes, too.
        as_name = settings.profile == "python" and writer.type is Type.BYTES and reader.type is Type.ENUM
        yield settings.unknown_name if as_name else Effect.REJECTED, ""
    elif letter == "M":
        yield Effect.MISREAD, ""
    elif letter == "X":
        yield from ((Effect.REJECTED, NO_PARSE), (Effect.MISREAD, PARSES))
    elif letter == "l":
        yield Effect.LOSSY, _lossy(writer, reader)
    elif letter == "b":
        yield from ((Effect.REJECTED, "only beyond the range of float"), (Effect.LOSSY, _ROUNDED[Type.FLOAT]))
    elif letter == "r":
        yield from _rejected_if(writer, reader, settings)
    if letter in "=rX" and reader.type is Type.ENUM and writer.type is not Type.ENUM:
        yield from _as_enum(writer, reader)


def key_verdicts(writer: Field, reader: Field) -> Iterator[Verdict]:
    """Keys of maps, which JSON always prints as text."""
    if writer.type is reader.type or reader.type is Type.STRING:
        return
    if writer.type is Type.STRING:
        what = (
            "true or false" if reader.type is Type.BOOL else f"a number in the range of {reader.type.value}"
        )
        yield Effect.REJECTED, f"only a key that is not {what}"
    elif Type.BOOL in (writer.type, reader.type):
        yield Effect.REJECTED, ""
    else:
        condition = outside(writer.type, reader.type)
        if condition is not None:
            yield Effect.REJECTED, condition


def enum_verdicts(writer: Enum, reader: Enum, settings: JsonSettings) -> Iterator[Verdict]:
    """Values of one enum read as another: printed by the name declared first, parsed by name."""
    missing = [value.name for value in missing_names(writer, reader)]
    rejects_numbers = reader.closed and not writer.closed
    if len(missing) == len(first_declared(writer)) and (
        writer.closed or (rejects_numbers and settings.unknown_name is Effect.REJECTED)
    ):
        yield settings.unknown_name, ""
        return
    if missing:
        yield settings.unknown_name, f"only a value that the reader does not name: {listed(missing)}"
    if rejects_numbers:
        yield Effect.REJECTED, NO_NAME


def number_verdicts(writer: Enum, reader: Enum) -> Iterator[Verdict]:
    """Values of one enum read as another, both by number: as in binary, but a closed enum rejects."""
    for effect, condition in values.enum_verdicts(writer, reader):
        yield (Effect.REJECTED if effect is Effect.DROPPED else effect), condition


def _printed_as_integers(writer: Field, reader: Field, settings: JsonSettings) -> Iterator[Verdict]:
    """An enum printed by number is an int32 to readers, of which a closed enum has only some."""
    if reader.type is Type.ENUM:
        yield from number_verdicts(writer.enum, reader.enum)
        return
    numbers = writer.enum.numbers
    if writer.enum.closed and _holds_all(reader, numbers):
        return
    yield from value_verdicts(replace(writer, type=Type.INT32, type_name=""), reader, settings)


def _holds_all(reader: Field, numbers: Iterable[int]) -> bool:
    if reader.type is Type.FLOAT:
        return all(abs(number) <= _EXACT_IN_FLOAT for number in numbers)
    if reader.type is Type.BOOL or reader.type not in RANGES:
        return False
    lowest, highest = RANGES[reader.type]
    return all(lowest <= number <= highest for number in numbers)


def missing_names(writer: Enum, reader: Enum) -> Iterator[EnumValue]:
    names = {value.name for value in reader.values}
    return (value for value in first_declared(writer) if value.name not in names)


def _letter(writer: Field, reader: Field, settings: JsonSettings) -> str:
    table = PYTHON_JSON if settings.profile == "python" else PORTABLE_JSON
    return table[kind_of(writer), kind_of(reader)]


def _lossy(writer: Field, reader: Field) -> str:
    if writer.type in _FRACTIONS:
        return "only a fraction that is printed with fewer digits"
    return _ROUNDED[reader.type]


def _rejected_if(writer: Field, reader: Field, settings: JsonSettings) -> Iterator[Verdict]:
    if writer.type is Type.STRING:
        yield from _text(writer, reader, settings)
    elif writer.type is Type.ENUM:
        named = (
            "only a number that no value names" if reader.type is Type.STRING else "only a value with a name"
        )
        yield Effect.REJECTED, named
        if reader.type is Type.FLOAT and not writer.enum.closed:
            yield Effect.LOSSY, _ROUNDED[reader.type]
    elif reader.holds_message:
        yield Effect.REJECTED, _if_not_empty(writer)
    elif writer.type in _FRACTIONS and reader.type is Type.STRING:
        yield Effect.REJECTED, "only a finite number"
    elif writer.type in _FRACTIONS:
        yield Effect.REJECTED, f"only a fraction or a number out of the range of {_range_name(reader)}"
    elif reader.type in RANGES and writer.type in RANGES:
        condition = outside(writer.type, reader.type)
        if condition is not None:
            yield Effect.REJECTED, condition


def _if_not_empty(writer: Field) -> str:
    return "" if writer.cardinality is Cardinality.IMPLICIT else "only if not empty"


def _text(writer: Field, reader: Field, settings: JsonSettings) -> Iterator[Verdict]:
    if reader.type is Type.ENUM:
        yield settings.unknown_name, "only text that names no value"
    elif reader.holds_message:
        yield Effect.REJECTED, _if_not_empty(writer)
    else:
        yield Effect.REJECTED, f"only text that is no number in the range of {reader.type.value}"


def _as_enum(writer: Field, reader: Field) -> Iterator[Verdict]:
    if writer.type is Type.BYTES:
        return
    unnamed = unnamed_numbers(writer, reader.enum)
    if unnamed is not None:
        effect, condition = unnamed
        yield (Effect.REJECTED if effect is Effect.DROPPED else effect), condition


def _range_name(reader: Field) -> str:
    return "int32" if reader.type is Type.ENUM else reader.type.value
