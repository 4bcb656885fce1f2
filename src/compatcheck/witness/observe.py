"""Tells whether a predicted effect is what happened to one field, by comparing what was written and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message as Value
from google.protobuf.unknown_fields import UnknownFieldSet

from compatcheck.reads.effects import Effect, Surface
from compatcheck.witness.content import (
    Element,
    content,
    descriptor_of,
    elements,
    entry_parts,
    enum_type,
    is_map,
    is_zero,
)

_CHANGED = (Effect.MISREAD, Effect.LOSSY)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an effect is looked for: the messages around the two fields, and the fields.

    `moved` tells that the two are not one field to who wrote the schemas: one of their names has another number.
    """

    surface: Surface
    written: Value
    writer: FieldDescriptor | None
    read: Value
    reader: FieldDescriptor | None
    moved: bool = False


def shows(effect: Effect, place: Place) -> bool:
    """Whether the effect happened here, to a message that the reader took."""
    wrote = elements(place.written, place.writer) if place.writer else []
    got = elements(place.read, place.reader) if place.reader else []
    if effect is Effect.DEFAULT_CHANGED:
        return not wrote and not got and _defaults_differ(place)
    if not wrote or place.writer is None:
        return False
    unknown = is_unknown(place.read, place.writer.number)
    if effect is Effect.IGNORED:
        return unknown if place.surface is Surface.WIRE else place.reader is None
    if effect is Effect.DROPPED:
        return unknown if place.surface is Surface.WIRE else _lacks(place, wrote, got)
    if effect is Effect.LOST:
        return bool(overwritten(place))
    if unknown or place.reader is None:
        return False
    if effect is Effect.PRESENCE_LOST:
        return not got and not place.reader.has_presence and all(is_zero(one) for one in wrote)
    if effect is Effect.UNNAMED:
        return _holds_unnamed(place.reader, got)
    differ = _differ(place, wrote, got)
    if effect in _CHANGED:
        return differ or (place.moved and bool(got)) or _named_otherwise(place, wrote, got)
    return effect is Effect.RELABELLED and (
        _named_otherwise(place, wrote, got)
        or _opaque(wrote, got)
        or (bool(got) and not differ and place.writer.name != place.reader.name)
    )


def is_unknown(message: Value, number: int) -> bool:
    unknown = UnknownFieldSet(message)
    return any(unknown[index].field_number == number for index in range(len(unknown)))


def overwritten(place: Place) -> list[str]:
    """The names of what the writer set and the reader does not have, since it keeps one member of a oneof."""
    oneof = place.reader.containing_oneof if place.reader else None
    if oneof is None:
        return []
    members = {field.number: field for field in oneof.fields}
    theirs = descriptor_of(place.written).fields
    both = [field for field in theirs if field.number in members and elements(place.written, field)]
    left = [field for field in both if elements(place.read, members[field.number])]
    return [field.name for field in both if field not in left] if len(left) == 1 else []


def default_texts(place: Place) -> tuple[str, str]:
    """What an unset field reads as, to the writer and to the reader."""
    assert place.writer is not None and place.reader is not None
    return _default_text(place.writer), _default_text(place.reader)


def _default_text(field: FieldDescriptor) -> str:
    default: object = field.default_value
    enum = enum_type(field)
    if enum is not None:
        return enum.values_by_number[cast(int, default)].name
    if isinstance(default, bytes | str):
        return '"' + (default if isinstance(default, str) else default.decode("latin-1")) + '"'
    return str(default).lower() if isinstance(default, bool) else str(default)


def _defaults_differ(place: Place) -> bool:
    fields = (place.writer, place.reader)
    if any(one is None or one.is_repeated or one.message_type is not None for one in fields):
        return False
    assert place.writer is not None and place.reader is not None
    one, other = content(place.written, place.writer), content(place.read, place.reader)
    return not _alike(one, place.writer, other, place.reader, place.surface) and bool(one or other)


def _lacks(place: Place, wrote: Sequence[Element], got: Sequence[Element]) -> bool:
    """Whether JSON lost some of it: it prints no default, and a reader without presence shows none."""
    if len(got) >= len(wrote):
        return False
    default = content(place.read, place.reader) if place.reader and not place.reader.is_repeated else None
    return not all(
        place.writer and place.reader and _alike(one, place.writer, default, place.reader, place.surface)
        for one in wrote
    )


def _holds_unnamed(reader: FieldDescriptor, got: Sequence[Element]) -> bool:
    enum = enum_type(reader)
    values = [one[1] if isinstance(one, tuple) else one for one in got]
    return enum is not None and any(value not in enum.values_by_number for value in values)


def _differ(place: Place, wrote: Sequence[Element], got: Sequence[Element]) -> bool:
    assert place.writer is not None and place.reader is not None
    if not got and all(is_zero(one) for one in wrote):
        return False
    if is_map(place.writer) or is_map(place.reader):
        if not (is_map(place.writer) and is_map(place.reader)):
            return len(wrote) != len(got)
        theirs, ours = entry_parts(place.writer), entry_parts(place.reader)
        pairs = [cast("tuple[object, object]", one) for one in got]
        return len(wrote) != len(got) or not all(
            any(
                _alike(key, theirs[0], other, ours[0], place.surface)
                and _alike(value, theirs[1], another, ours[1], place.surface)
                for other, another in pairs
            )
            for key, value in (cast("tuple[object, object]", one) for one in wrote)
        )
    if not place.reader.is_repeated and not got:
        got = [content(place.read, place.reader)]
    return len(wrote) != len(got) or not all(
        _alike(one, place.writer, another, place.reader, place.surface)
        for one, another in zip(wrote, got, strict=True)
    )


def _alike(
    one: object, writer: FieldDescriptor, another: object, reader: FieldDescriptor, surface: Surface
) -> bool:
    """Whether two values are the same to who reads them; messages are looked into by a target of their own."""
    if isinstance(one, Value) or isinstance(another, Value):
        both = isinstance(one, Value) and isinstance(another, Value)
        return both or (is_zero(one) and is_zero(another))
    if one != one and another != another:
        return True
    if surface is Surface.JSON:
        if isinstance(one, bytes) != isinstance(another, bytes):
            return _bytes(one) == _bytes(another)
        return bool(_words(one, writer) & _words(another, reader))
    if isinstance(one, str | bytes) and isinstance(another, str | bytes):
        return _bytes(one) == _bytes(another)
    return one == another


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def _words(value: object, field: FieldDescriptor) -> set[str]:
    """The ways to print a value in JSON: names of an enum's number, a whole number with or without a fraction."""
    enum = enum_type(field)
    if enum is not None:
        names = {one.name for one in enum.values if one.number == value}
        return names or {str(value)}
    if isinstance(value, bool):
        return {str(value).lower()}
    if isinstance(value, float) and value.is_integer():
        return {str(value), str(int(value))}
    return {str(value)}


def _named_otherwise(place: Place, wrote: Sequence[Element], got: Sequence[Element]) -> bool:
    """Whether a number of an enum has a name on both sides, and none in common."""
    enums = [enum_type(field) if field else None for field in (place.writer, place.reader)]
    if enums[0] is None or enums[1] is None or len(wrote) != len(got):
        return False
    for one, other in zip(wrote, got, strict=True):
        number, same = (each[1] if isinstance(each, tuple) else each for each in (one, other))
        names = [{value.name for value in enum.values if value.number == number} for enum in enums if enum]
        if number == same and all(names) and not names[0] & names[1]:
            return True
    return False


def _opaque(wrote: Sequence[Element], got: Sequence[Element]) -> bool:
    """Whether a message arrives as its undecoded bytes, or in a text of them."""
    return any(
        isinstance(one, Value) and isinstance(other, str | bytes)
        for one, other in zip(wrote, got, strict=False)
    )
