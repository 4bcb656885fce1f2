"""What really happens: the runtime parses what the runtime wrote, and both are compared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError
from google.protobuf.message import Message as Value
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.unknown_fields import UnknownFieldSet

from compatcheck.reads.effects import Effect
from reads.contents import (
    Content,
    all_fields,
    content,
    elements,
    entry_of,
    is_map,
    is_zero,
    map_value,
    name_of,
)
from reads.contents import fields_of as fields_of

Seen = tuple[Effect, tuple[str, ...]]
"""An effect and the path to it. MISREAD stands for every change of a value, LOSSY included."""


def parse(data: bytes, reader: Value) -> Value | None:
    """The message, None if it is rejected.

    Python parses a message that lacks a required field in silence, other runtimes reject it.
    """
    try:
        reader.MergeFromString(data)
    except DecodeError:
        return None
    return reader if reader.IsInitialized() else None


def seen_on_wire(written: Value, reader: Value) -> set[Seen]:
    read = parse(written.SerializePartialToString(), reader)
    return {(Effect.REJECTED, ())} if read is None else set(compare(written, read, ()))


def compare(written: Value, read: Value, path: tuple[str, ...]) -> Iterator[Seen]:
    moved = _moved(written.DESCRIPTOR, read.DESCRIPTOR)
    numbers = {field.number: field for field in fields_of(read)}
    kept = UnknownFieldSet(read)
    unknown = {kept[index].field_number for index in range(len(kept))}
    for field in fields_of(written):
        name, other = name_of(field), numbers.get(field.number)
        if other is None:
            if elements(written, field):
                yield Effect.DROPPED if name in moved else Effect.IGNORED, (*path, name)
            continue
        here = (*path, name_of(other))
        if elements(written, field):
            if {name, name_of(other)} & moved:
                yield Effect.MISREAD if elements(read, other) else Effect.DROPPED, here
            elif name != name_of(other):
                yield Effect.RELABELLED, here
            if field.number in unknown:
                yield Effect.DROPPED, here
            else:
                yield from _compare_field(written, field, read, other, here)
        elif _has_other_default(field, other) and not _is_entry(read):
            yield Effect.DEFAULT_CHANGED, here


@lru_cache(maxsize=64)
def _moved(writer: Descriptor, reader: Descriptor) -> frozenset[str]:
    """What both know by name under different numbers: the value is looked for where it is not."""
    numbers = {name_of(field): field.number for field in all_fields(reader)}
    return frozenset(
        name_of(field)
        for field in all_fields(writer)
        if numbers.get(name_of(field), field.number) != field.number
    )


def _compare_field(
    written: Value, field: FieldDescriptor, read: Value, other: FieldDescriptor, path: tuple[str, ...]
) -> Iterator[Seen]:
    wrote, got = elements(written, field), elements(read, other)
    if not got:
        yield from _nothing_read(wrote, read, other, path)
        return
    if is_map(field) and is_map(other):
        yield from _compare_maps(content(written, field), content(read, other), field, other, path)
        return
    if len(wrote) > 1 and (is_map(field) or is_map(other)):
        # The order of entries is anybody's guess.
        if len(wrote) != len(got):
            yield Effect.MISREAD, path
        return
    try:
        wrote, got = _as_entries(written, field, wrote), _as_entries(read, other, got)
    except UnicodeDecodeError:
        # Python keeps a text that is not UTF-8 in a map, and cannot show it; the bytes are the same.
        return
    if not other.is_repeated:
        if len(wrote) > 1:
            yield Effect.MISREAD, path
        wrote = wrote[-1:]
    elif len(wrote) != len(got):
        yield Effect.MISREAD, path
        return
    if len(elements(written, field)) > 1 and not other.is_repeated and isinstance(got[0], Value):
        # Messages merge: what is inside is no longer that of one element.
        return
    for one, another in zip(wrote, got, strict=True):
        yield from _compare_elements(one, field, another, other, path)
    if (
        wrote
        and not other.has_presence
        and not other.is_repeated
        and not _is_entry(read)
        and is_zero(wrote[0])
        and _has_presence(field)
    ):
        yield Effect.PRESENCE_LOST, path


def _nothing_read(
    wrote: list[object], read: Value, other: FieldDescriptor, path: tuple[str, ...]
) -> Iterator[Seen]:
    if other.containing_oneof is not None and read.WhichOneof(other.containing_oneof.name):
        yield Effect.LOST, path
    elif not other.is_repeated and not other.has_presence and all(map(is_zero, wrote)):
        yield from () if _is_entry(read) else ((Effect.PRESENCE_LOST, path),)
        if len(wrote) > 1:
            yield Effect.MISREAD, path
    elif other.is_repeated and all(map(is_zero, wrote)) and not isinstance(wrote[0], bool | int | float):
        # An empty text or message is an empty packed list.
        return
    else:
        yield Effect.MISREAD, path


def _compare_maps(
    wrote: Content,
    got: Content,
    field: FieldDescriptor,
    other: FieldDescriptor,
    path: tuple[str, ...],
) -> Iterator[Seen]:
    values = [entry_of(one).fields_by_number[2] for one in (field, other)]
    if len(wrote) != len(got):
        yield Effect.MISREAD, path
    for key in wrote:
        same = [another for another in got if _same(key, another)]
        if not same:
            yield Effect.MISREAD, path
        else:
            try:
                pair = wrote[key], got[same[0]]
            except UnicodeDecodeError:
                # As in _compare_field.
                continue
            yield from _compare_elements(pair[0], values[0], pair[1], values[1], path)


def _is_entry(message: Value) -> bool:
    """Whether it stands for an entry of a map, which has both fields whatever was written."""
    return message.DESCRIPTOR.GetOptions().map_entry


def _as_entries(message: Value, field: FieldDescriptor, found: list[object]) -> list[object]:
    """A map's entries as messages, as those see them who do not know that it is a map."""
    if not is_map(field):
        return found
    entry = GetMessageClass(entry_of(field))
    return [entry(key=key, value=map_value(message, field, key)) for key in found]


def _compare_elements(
    one: object, field: FieldDescriptor, another: object, other: FieldDescriptor, path: tuple[str, ...]
) -> Iterator[Seen]:
    if isinstance(one, Value) and isinstance(another, Value):
        yield from compare(one, another, path)
    elif isinstance(one, Value):
        same = not is_map(field) and _same(one.SerializePartialToString(), another)
        yield Effect.RELABELLED if same else Effect.MISREAD, path
    elif isinstance(another, Value):
        # Bytes that parse are what the reader asked for; it may write them back in another order.
        if not isinstance(one, str | bytes):
            yield Effect.MISREAD, path
    else:
        if not _same(one, another):
            yield Effect.MISREAD, path
        if other.enum_type is not None:
            there, here = _names(field, another), _names(other, another)
            if not here and (there or field.enum_type is None):
                yield Effect.UNNAMED, path
            elif here and there and not here & there:
                yield misread_or_relabelled(field, there, other, here), path


def misread_or_relabelled(
    field: FieldDescriptor, there: set[str], other: FieldDescriptor, here: set[str]
) -> Effect:
    """Another name of an enum's number: a mere rename, unless the name has another number on the other side."""
    names = [{value.name for value in one.enum_type.values} for one in (field, other) if one.enum_type]
    return Effect.MISREAD if there & names[1] or here & names[0] else Effect.RELABELLED


def _names(field: FieldDescriptor, number: object) -> set[str]:
    return (
        {value.name for value in field.enum_type.values if value.number == number}
        if field.enum_type
        else set()
    )


def _has_presence(field: FieldDescriptor) -> bool:
    return field.has_presence or field.is_repeated


def _has_other_default(field: FieldDescriptor, other: FieldDescriptor) -> bool:
    return _has_default(field) and _has_default(other) and not _same(_default(field), _default(other))


def _has_default(field: FieldDescriptor) -> bool:
    return not field.is_repeated and field.message_type is None and not field.is_required


def _default(field: FieldDescriptor) -> object:
    default: object = field.default_value
    return default or 0


def _same(one: object, another: object) -> bool:
    if isinstance(one, str | bytes) and isinstance(another, str | bytes):
        return _as_bytes(one) == _as_bytes(another)
    return one == another or (one != one and another != another)


def _as_bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode()
    assert isinstance(value, bytes)
    return value
