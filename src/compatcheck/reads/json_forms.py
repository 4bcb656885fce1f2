"""The well-known types that ProtoJSON does not print as an object of their fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from compatcheck.reads.effects import Effect
from compatcheck.reads.values import Verdict
from compatcheck.schema.model import Field, Type

_WRAPPERS: Final = frozenset(
    f"google.protobuf.{name}Value"
    for name in ("Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes")
)
_TEXTS: Final = frozenset(f"google.protobuf.{name}" for name in ("Timestamp", "Duration", "FieldMask"))
_OTHERS: Final = frozenset(f"google.protobuf.{name}" for name in ("Any", "Struct", "Value", "ListValue"))
_SPECIAL: Final = _TEXTS | _OTHERS


def unwrapped(field: Field) -> Field:
    """The field as JSON shows it: a wrapper message is printed as the bare value that it holds."""
    if field.type_name not in _WRAPPERS or not field.holds_message or field.message.is_map_entry:
        return field
    inner = field.message.numbers[1]
    return replace(field, type=inner.type, type_name="", checks_utf8=inner.checks_utf8)


def form_verdicts(writer: Field, reader: Field) -> tuple[Verdict, ...] | None:
    """The verdict if one of two fields holds a message with a JSON form of its own, else None.

    A text form read as a string is that text; `Value` takes every value; what else differs is rejected.
    """
    return tuple(_verdicts(writer, reader)) if {writer.type_name, reader.type_name} & _SPECIAL else None


def _verdicts(writer: Field, reader: Field) -> Iterator[Verdict]:
    if writer.type_name == reader.type_name or (writer.type_name in _TEXTS and reader.type is Type.STRING):
        return
    condition = ""
    if writer.type is Type.STRING and reader.type_name in _TEXTS:
        condition = f"only text that is no {reader.type_name.rpartition('.')[2]}"
    yield Effect.REJECTED, condition
