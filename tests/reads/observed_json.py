"""What really happens in JSON: the runtime's parser reads what the runtime printed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message as Value

from compatcheck.reads.effects import Effect
from compatcheck.reads.json import JsonSettings
from reads.contents import all_fields, elements, entry_of, fields_of, is_map, map_value, name_of
from reads.observed import Seen, misread_or_relabelled

Path = tuple[str, ...]


def seen_in_json(written: Value, reader: Value, settings: JsonSettings) -> set[Seen]:
    """What the reader shows; nothing if the runtime cannot print the message at all."""
    try:
        text = json_format.MessageToJson(
            written,
            preserving_proto_field_name=settings.names == "proto",
            use_integers_for_enums=settings.enums == "integers",
        )
    except (TypeError, UnicodeDecodeError):
        return set()
    try:
        json_format.Parse(text, reader, ignore_unknown_fields=settings.unknown_fields == "ignore")
    except json_format.ParseError:
        return {(Effect.REJECTED, ())}
    if not reader.IsInitialized():
        return {(Effect.REJECTED, ())}
    return set(compare_json(written, reader, (), settings))


def compare_json(written: Value, read: Value, path: Path, settings: JsonSettings) -> Iterator[Seen]:
    known, printed = _known(read.DESCRIPTOR), _printed(written.DESCRIPTOR, settings.names)
    numbers = {field.number: field for field in fields_of(read)}
    for name, field in printed.items():
        wrote = elements(written, field)
        other = known.get(name)
        if other is not None:
            here = (*path, name_of(other))
            if wrote:
                yield from _compare_field(written, field, read, other, here, settings)
            elif _differ_by_default(field, other):
                yield Effect.DEFAULT_CHANGED, here
        elif wrote and field.number in numbers and not _accepted(numbers[field.number]) & printed.keys():
            yield Effect.DROPPED, (*path, name_of(numbers[field.number]))
        elif wrote:
            yield Effect.IGNORED, (*path, name_of(field))


@lru_cache(maxsize=64)
def _printed(writer: Descriptor, names: str) -> dict[str, FieldDescriptor]:
    by_json_name = names == "json"
    return {
        field.json_name if by_json_name and not field.is_extension else name_of(field): field
        for field in all_fields(writer)
    }


@lru_cache(maxsize=64)
def _known(reader: Descriptor) -> dict[str, FieldDescriptor]:
    """What a parser finds by name: a JSON name before a name in the schema."""
    fields = all_fields(reader)
    by_json_name = {field.json_name: field for field in fields if not field.is_extension}
    return {name_of(field): field for field in fields} | by_json_name


def _accepted(field: FieldDescriptor) -> set[str]:
    return {name_of(field)} | (set() if field.is_extension else {field.json_name})


def _compare_field(
    written: Value,
    field: FieldDescriptor,
    read: Value,
    other: FieldDescriptor,
    path: Path,
    settings: JsonSettings,
) -> Iterator[Seen]:
    wrote, got = elements(written, field), elements(read, other)
    if is_map(field) and is_map(other):
        yield from _compare_maps(written, field, read, other, path, settings)
        return
    if not got:
        zero = all(same_in_json(one, field, other.default_value, other, settings) for one in wrote)
        if other.has_presence or not zero:
            yield Effect.DROPPED, path
        elif field.has_presence:
            yield Effect.PRESENCE_LOST, path
        return
    emptied = is_map(field) and isinstance(got[0], Value) and not got[0].ListFields()
    if len(got) < len(wrote) or emptied:
        yield Effect.DROPPED, path
        return
    for one, another in zip(wrote, got, strict=False):
        yield from _compare_elements(one, field, another, other, path, settings)


def _compare_maps(
    written: Value,
    field: FieldDescriptor,
    read: Value,
    other: FieldDescriptor,
    path: Path,
    settings: JsonSettings,
) -> Iterator[Seen]:
    keys, values = ([entry_of(one).fields_by_number[n] for one in (field, other)] for n in (1, 2))
    wrote, got = elements(written, field), elements(read, other)
    for key in wrote:
        same = [another for another in got if same_in_json(key, keys[0], another, keys[1], settings)]
        if not same:
            yield Effect.DROPPED, path
            continue
        pair = map_value(written, field, key), map_value(read, other, same[0])
        yield from _compare_elements(pair[0], values[0], pair[1], values[1], path, settings)


def _compare_elements(
    one: object,
    field: FieldDescriptor,
    another: object,
    other: FieldDescriptor,
    path: Path,
    settings: JsonSettings,
) -> Iterator[Seen]:
    if isinstance(one, Value) and isinstance(another, Value):
        yield from compare_json(one, another, path, settings)
        return
    if not same_in_json(one, field, another, other, settings):
        yield Effect.MISREAD, path
    if other.enum_type is None:
        return
    here, there = _names(another, other), _names(one, field)
    if not here and (there or field.enum_type is None):
        yield Effect.UNNAMED, path
    elif settings.enums == "integers" and here and there and not here & there:
        yield misread_or_relabelled(field, there, other, here), path


def same_in_json(
    one: object, field: FieldDescriptor, another: object, other: FieldDescriptor, settings: JsonSettings
) -> bool:
    """Whether both are one value in the eyes of somebody who reads JSON."""
    if isinstance(one, bytes) != isinstance(another, bytes):
        return (one if isinstance(one, bytes) else str(one).encode()) == (
            another if isinstance(another, bytes) else str(another).encode()
        )
    if field.enum_type is not None and other.enum_type is not None:
        if settings.enums == "integers":
            return one == another
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
    """Whether unset is another value to the reader; of enums by number, for nothing is printed that has a name."""
    if any(one.is_repeated or one.message_type is not None or one.is_required for one in (field, other)):
        return False
    defaults = field.default_value, other.default_value
    if field.enum_type is not None or other.enum_type is not None:
        return str(defaults[0] or 0) != str(defaults[1] or 0)
    return any(defaults) and not same_in_json(defaults[0], field, defaults[1], other, JsonSettings())
