"""What really happens in JSON: the runtime's parser reads what the runtime printed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message as Value

from compatcheck.reads.effects import Effect
from reads.observed import Seen, elements, entry_of, fields_of, is_map, map_value

Path = tuple[str, ...]


def seen_in_json(written: Value, reader: Value, ignore_unknown: bool) -> set[Seen]:
    text = json_format.MessageToJson(written)
    try:
        json_format.Parse(text, reader, ignore_unknown_fields=ignore_unknown)
    except json_format.ParseError:
        return {(Effect.REJECTED, ())}
    if not reader.IsInitialized():
        return {(Effect.REJECTED, ())}
    return set(compare_json(written, reader, ()))


def compare_json(written: Value, read: Value, path: Path) -> Iterator[Seen]:
    names = {name: field for field in fields_of(read) for name in (field.name, field.json_name)}
    numbers = read.DESCRIPTOR.fields_by_number
    for field in fields_of(written):
        wrote = elements(written, field)
        other = names.get(field.json_name)
        if other is not None:
            here = (*path, other.name)
            if wrote:
                yield from _compare_field(written, field, read, other, here)
            elif _differ_by_default(field, other):
                yield Effect.DEFAULT_CHANGED, here
        elif wrote and field.number in numbers and numbers[field.number].json_name not in _printed(written):
            yield Effect.DROPPED, (*path, numbers[field.number].name)
        elif wrote:
            yield Effect.IGNORED, (*path, field.name)


def _printed(message: Value) -> set[str]:
    return {field.json_name for field in fields_of(message)}


def _compare_field(
    written: Value, field: FieldDescriptor, read: Value, other: FieldDescriptor, path: Path
) -> Iterator[Seen]:
    wrote, got = elements(written, field), elements(read, other)
    if is_map(field) and is_map(other):
        yield from _compare_maps(written, field, read, other, path)
        return
    if not got:
        if all(same_in_json(one, field, other.default_value, other) for one in wrote):
            yield from () if other.has_presence or not field.has_presence else ((Effect.PRESENCE_LOST, path),)
        else:
            yield Effect.DROPPED, path
        return
    emptied = is_map(field) and isinstance(got[0], Value) and not got[0].ListFields()
    if len(got) < len(wrote) or emptied:
        yield Effect.DROPPED, path
        return
    for one, another in zip(wrote, got, strict=False):
        yield from _compare_elements(one, field, another, other, path)


def _compare_maps(
    written: Value, field: FieldDescriptor, read: Value, other: FieldDescriptor, path: Path
) -> Iterator[Seen]:
    keys, values = ([entry_of(one).fields_by_number[n] for one in (field, other)] for n in (1, 2))
    wrote, got = elements(written, field), elements(read, other)
    for key in wrote:
        same = [another for another in got if same_in_json(key, keys[0], another, keys[1])]
        if not same:
            yield Effect.DROPPED, path
            continue
        pair = map_value(written, field, key), map_value(read, other, same[0])
        yield from _compare_elements(pair[0], values[0], pair[1], values[1], path)


def _compare_elements(
    one: object, field: FieldDescriptor, another: object, other: FieldDescriptor, path: Path
) -> Iterator[Seen]:
    if isinstance(one, Value) and isinstance(another, Value):
        yield from compare_json(one, another, path)
        return
    if not same_in_json(one, field, another, other):
        yield Effect.MISREAD, path
    if other.enum_type is not None and another not in other.enum_type.values_by_number:
        named = field.enum_type is not None and one in field.enum_type.values_by_number
        if named or field.enum_type is None:
            yield Effect.UNNAMED, path


def same_in_json(one: object, field: FieldDescriptor, another: object, other: FieldDescriptor) -> bool:
    """Whether both are one value in the eyes of somebody who reads JSON."""
    if isinstance(one, bytes) != isinstance(another, bytes):
        return (one if isinstance(one, bytes) else str(one).encode()) == (
            another if isinstance(another, bytes) else str(another).encode()
        )
    if field.enum_type is not None and other.enum_type is not None:
        names = _names(one, field), _names(another, other)
        return bool(names[0] & names[1]) or (not any(names) and one == another)
    ones, others = _words(one, field), _words(another, other)
    return bool(ones & others) or (one != one and another != another)


def _names(value: object, field: FieldDescriptor) -> set[str]:
    return {one.name for one in field.enum_type.values if one.number == value} if field.enum_type else set()


def _words(value: object, field: FieldDescriptor) -> set[str]:
    """All ways to print a value: an enum's names, a number as such or in quotes."""
    if field.enum_type is not None:
        return _names(value, field) | {str(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return {str(value), {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[str(value)]}
    if isinstance(value, float):
        return {str(value), *({str(int(value))} if value.is_integer() else ())}
    if isinstance(value, bool):
        return {str(value).lower(), str(int(value))}
    return {str(value)}


def _differ_by_default(field: FieldDescriptor, other: FieldDescriptor) -> bool:
    if any(one.is_repeated or one.message_type is not None or one.is_required for one in (field, other)):
        return False
    defaults = field.default_value, other.default_value
    return any(defaults) and not same_in_json(defaults[0], field, defaults[1], other)
