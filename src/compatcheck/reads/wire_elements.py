"""The binary verdict on a value by type, cardinality and packing together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from compatcheck.reads.effects import Effect
from compatcheck.reads.tables import BINARY, Kind, kind_of
from compatcheck.reads.values import Verdict, enum_verdicts, outside, unnamed_numbers
from compatcheck.schema.model import Cardinality, Field, Type

NOT_UTF8 = "only if not UTF-8"
NO_PARSE = "only bytes that do not parse"
PARSES = "only bytes that happen to parse"

SCALARS_THAT_PACK: Final = frozenset(Type) - {Type.STRING, Type.BYTES, Type.MESSAGE, Type.GROUP}
_LENGTH_PREFIXED: Final = frozenset({Kind.STRING, Kind.BYTES, Kind.MESSAGE, Kind.MAP})
_STRUCTURES: Final = frozenset({Kind.MESSAGE, Kind.GROUP, Kind.MAP})
_ENUMS: Final = frozenset({Kind.OPEN_ENUM, Kind.CLOSED_ENUM})
_FIXED_WIDTH: Final = {
    Type.DOUBLE: 8,
    Type.FIXED64: 8,
    Type.SFIXED64: 8,
    Type.FLOAT: 4,
    Type.FIXED32: 4,
    Type.SFIXED32: 4,
}
_REJECTED_OR_MISREAD: Final = ((Effect.REJECTED, NO_PARSE), (Effect.MISREAD, PARSES))
_DROPPED: Final = (Effect.DROPPED, "")


def descends(writer: Field, reader: Field) -> bool:
    """Whether both hold messages in one encoding, so that the verdict is that on the messages."""
    kinds = kind_of(writer), kind_of(reader)
    return all(kind in _STRUCTURES for kind in kinds) and (Kind.GROUP in kinds) == (
        kinds[0] is kinds[1] is Kind.GROUP
    )


def verdicts(writer: Field, reader: Field) -> Iterator[Verdict]:
    """What becomes of the written values, without what is inside of messages and without presence."""
    if _takes_packed(writer, reader):
        yield from _packed(writer, reader)
        return
    found = tuple(_element(writer, reader))
    yield from found
    if _DROPPED in found:
        return
    if writer.repeats and not reader.repeats:
        yield Effect.LOSSY, "only more than one element"
    if reader.cardinality is Cardinality.MAP and writer.cardinality is Cardinality.REPEATED:
        yield Effect.LOSSY, "only duplicate keys"


def _takes_packed(writer: Field, reader: Field) -> bool:
    """Whether the bytes of a packed list, or what the reader takes for them, meet the other's type."""
    packable = reader.cardinality is Cardinality.REPEATED and reader.type in SCALARS_THAT_PACK
    return writer.packed or (packable and kind_of(writer) in _LENGTH_PREFIXED)


def _packed(writer: Field, reader: Field) -> Iterator[Verdict]:
    kind = kind_of(reader)
    if kind is Kind.GROUP:
        yield _DROPPED
    elif not writer.packed:
        yield from _REJECTED_OR_MISREAD
    elif kind is Kind.BYTES:
        yield Effect.MISREAD, ""
    elif kind is Kind.STRING:
        yield from _as_text(reader) if writer.type is not Type.BOOL else ((Effect.MISREAD, ""),)
    elif kind in _LENGTH_PREFIXED:
        yield from _REJECTED_OR_MISREAD
    elif reader.cardinality is not Cardinality.REPEATED:
        yield _DROPPED
    elif _FIXED_WIDTH.get(writer.type) == _FIXED_WIDTH.get(reader.type):
        yield from _element(writer, reader)
    else:
        yield from _REJECTED_OR_MISREAD


def _as_text(reader: Field) -> Iterator[Verdict]:
    if reader.checks_utf8:
        yield Effect.REJECTED, NOT_UTF8
    yield Effect.MISREAD, ""


def _element(writer: Field, reader: Field) -> Iterator[Verdict]:
    kinds = kind_of(writer), kind_of(reader)
    letter = BINARY[kinds]
    if letter == "D":
        yield _DROPPED
    elif descends(writer, reader):
        return
    elif letter == "B":
        yield Effect.RELABELLED, "seen as its undecoded bytes"
    elif letter == "M":
        if not _is_always_zero(writer):
            yield Effect.MISREAD, ""
    elif letter == "X" and kinds[1] is Kind.STRING:
        yield from _as_text(reader)
    elif letter == "X":
        yield from _REJECTED_OR_MISREAD
    elif letter == "r":
        yield from _rejected_if(writer, reader)
    if kinds[1] in _ENUMS and letter != "D":
        yield from _as_enum(writer, reader)
    if letter == "l":
        yield from _out_of_range(writer, reader)


def _is_always_zero(field: Field) -> bool:
    """Whether zigzag, which keeps zero, changes none of its values."""
    return field.type is Type.ENUM and field.enum.closed and field.enum.numbers == {0}


def _rejected_if(writer: Field, reader: Field) -> Iterator[Verdict]:
    if reader.type is not Type.STRING:
        yield Effect.REJECTED, NO_PARSE
        return
    if reader.checks_utf8:
        yield Effect.REJECTED, NOT_UTF8
    if writer.type is Type.MESSAGE:
        yield Effect.RELABELLED, "seen as its undecoded bytes"


def _out_of_range(writer: Field, reader: Field) -> Iterator[Verdict]:
    if writer.type is Type.ENUM and writer.enum.closed:
        highest = 1 if reader.type is Type.BOOL else 2**31 - 1
        if all(0 <= number <= highest for number in writer.enum.numbers):
            return
    condition = outside(writer.type, reader.type)
    if condition is not None:
        yield Effect.LOSSY, condition


def _as_enum(writer: Field, reader: Field) -> Iterator[Verdict]:
    if writer.type is Type.ENUM:
        yield from enum_verdicts(writer.enum, reader.enum)
        return
    unnamed = unnamed_numbers(writer, reader.enum)
    if unnamed is not None:
        yield unnamed
