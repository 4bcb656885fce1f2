"""The well-known types that ProtoJSON does not print as an object of their fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from compatcheck.reads.effects import Effect
from compatcheck.reads.json_elements import NO_PARSE, PARSES, JsonSettings
from compatcheck.reads.values import Verdict
from compatcheck.reads.well_known import ANY, WRAPPERS
from compatcheck.schema.model import Cardinality, Field, Type

_STRUCT: Final = "google.protobuf.Struct"
_VALUE: Final = "google.protobuf.Value"
_LIST: Final = "google.protobuf.ListValue"
_FIELD_MASK: Final = "google.protobuf.FieldMask"
_TEXTS: Final = frozenset({_FIELD_MASK, "google.protobuf.Timestamp", "google.protobuf.Duration"})
_SPECIAL: Final = _TEXTS | {ANY, _STRUCT, _VALUE, _LIST}
_PRINTED_AS_TEXT: Final = frozenset(
    {
        Type.INT64,
        Type.UINT64,
        Type.SINT64,
        Type.FIXED64,
        Type.SFIXED64,
        Type.DOUBLE,
        Type.FLOAT,
        Type.BYTES,
        Type.ENUM,
    }
)
"""64-bit integers, infinity and NaN among the numbers are printed in quotes."""


def unwrapped(field: Field) -> Field:
    """The field as JSON shows it: a wrapper message is printed as the bare value that it holds."""
    if field.type_name not in WRAPPERS or not field.holds_message or field.message.is_map_entry:
        return field
    inner = field.message.numbers[1]
    return replace(field, type=inner.type, type_name="", checks_utf8=inner.checks_utf8)


def takes_all(writer: Field, reader: Field) -> bool:
    """Whether a list or an object of any elements is a value of the reader's type."""
    if not writer.repeats or reader.repeats:
        return False
    whole = _STRUCT if writer.cardinality is Cardinality.MAP else _LIST
    return reader.type_name in (_VALUE, whole)


def holds_several(writer: Field, reader: Field) -> bool:
    """Whether what is printed of a single field can be a list or an object such as the reader's."""
    whole = _STRUCT if reader.cardinality is Cardinality.MAP else _LIST
    return reader.repeats and not writer.repeats and writer.type_name in (_VALUE, whole)


def several_verdicts(writer: Field, reader: Field) -> Iterator[Verdict]:
    """The verdict where one of two fields holds several values, and the other does not or not in this form."""
    if not holds_several(writer, reader):
        empty = writer.type_name == ANY and reader.cardinality is Cardinality.MAP
        yield Effect.REJECTED, "only if not empty" if empty else ""
        return
    if writer.type_name == _VALUE:
        yield Effect.DROPPED, "only null"
    yield Effect.REJECTED, "only a value of another kind"


def form_verdicts(writer: Field, reader: Field, settings: JsonSettings) -> tuple[Verdict, ...] | None:
    """The verdict if one of two fields that do not repeat holds a message with a JSON form of its own, else None.

    `Value` takes every value and `Struct` every object; a text form read as a string is that text.
    """
    if not {writer.type_name, reader.type_name} & _SPECIAL:
        return None
    return tuple(_verdicts(writer, reader, settings))


def _verdicts(writer: Field, reader: Field, settings: JsonSettings) -> Iterator[Verdict]:
    if reader.type_name in (writer.type_name, _VALUE):
        return
    if writer.type_name == _VALUE:
        yield Effect.DROPPED, "only null"
        yield Effect.REJECTED, "only a value of another kind"
        if reader.type is Type.BYTES:
            yield Effect.MISREAD, PARSES
    elif writer.type_name in _TEXTS:
        yield from _from_text(writer, reader, settings)
    elif reader.type_name in _TEXTS:
        yield from _to_text(writer, reader, settings)
    elif writer.holds_message and reader.holds_message:
        yield from _objects(writer, reader, settings)
    else:
        yield Effect.REJECTED, ""


def _from_text(writer: Field, reader: Field, settings: JsonSettings) -> Iterator[Verdict]:
    if reader.type is Type.STRING:
        return
    if reader.type is Type.BYTES:
        yield from ((Effect.REJECTED, NO_PARSE), (Effect.MISREAD, PARSES))
    elif reader.type is Type.ENUM:
        yield settings.unknown_name, ""
    elif reader.type_name == _FIELD_MASK and settings.profile == "python":
        # Python takes any text for a path.
        yield Effect.MISREAD, ""
    elif writer.type_name == _FIELD_MASK and reader.holds_message and reader.type_name not in _SPECIAL:
        yield Effect.REJECTED, "only if not empty"
    else:
        yield Effect.REJECTED, ""


def _to_text(writer: Field, reader: Field, settings: JsonSettings) -> Iterator[Verdict]:
    kind = reader.type_name.rpartition(".")[2]
    if writer.type is Type.STRING:
        yield Effect.REJECTED, f"only text that is no {kind}"
    elif kind == "FieldMask" and settings.profile == "python" and writer.type in _PRINTED_AS_TEXT:
        yield from ((Effect.REJECTED, NO_PARSE), (Effect.MISREAD, PARSES))
    else:
        yield Effect.REJECTED, ""


def _objects(writer: Field, reader: Field, settings: JsonSettings) -> Iterator[Verdict]:
    """Objects, and lists of `ListValue`, of which some parsers take an empty one for an empty object."""
    lists = [field.type_name == _LIST for field in (writer, reader)]
    if any(lists):
        as_empty = settings.profile == "python" and reader.type_name not in _SPECIAL
        yield Effect.REJECTED, "only if not empty" if as_empty else ""
    elif reader.type_name == ANY:
        if writer.message.fields:
            yield Effect.REJECTED, "only if not empty"
    elif reader.type_name != _STRUCT:
        yield settings.unknown_name, "only a key that names no field"
        yield from ((Effect.REJECTED, NO_PARSE), (Effect.MISREAD, PARSES))
