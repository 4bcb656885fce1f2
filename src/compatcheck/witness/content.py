"""Reads and fills messages of the runtime, whatever the cardinality of a field, extensions included."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message as Value
from google.protobuf.message_factory import GetMessageClass


@dataclass(frozen=True, slots=True)
class NotText:
    """The value of a string that is not valid UTF-8, as a writer that does not check can send it."""

    data: bytes


class _Repeated(Protocol):
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[object]: ...
    def __getitem__(self, index: int) -> object: ...
    def append(self, value: object) -> None: ...
    def add(self) -> Value: ...


class _Extensible(Protocol):
    """What a message does with extensions; the stubs know those only that are known when code is generated."""

    @property
    def Extensions(self) -> MutableMapping[FieldDescriptor, object]: ...  # noqa: N802
    def HasExtension(self, field: FieldDescriptor) -> bool: ...  # noqa: N802
    def ClearExtension(self, field: FieldDescriptor) -> None: ...  # noqa: N802


Element = object
"""One value: of a map a pair of key and value."""


def content(message: Value, field: FieldDescriptor) -> object:
    """What a field holds; its default if it is unset."""
    if field.is_extension:
        return cast(_Extensible, message).Extensions[field]
    value: object = getattr(message, field.name)
    return value


def elements(message: Value, field: FieldDescriptor) -> list[Element]:
    """What was written in a field: pairs of a map, nothing of an unset field."""
    if is_map(field):
        return _entries(message, field)
    if field.is_repeated:
        return list(cast(_Repeated, content(message, field)))
    if field.has_presence:
        is_set = (
            cast(_Extensible, message).HasExtension(field)
            if field.is_extension
            else message.HasField(field.name)
        )
        return [content(message, field)] if is_set else []
    value = content(message, field)
    return [] if is_zero(value) else [value]


def _is_set(message: Value, field: FieldDescriptor) -> bool:
    if field.is_extension:
        return cast(_Extensible, message).HasExtension(field)
    return message.HasField(field.name)


def _entries(message: Value, field: FieldDescriptor) -> list[Element]:
    entries = cast("MutableMapping[object, object]", content(message, field))
    try:
        return [(key, entries[key]) for key in sorted(entries, key=str)]
    except UnicodeDecodeError:
        # The runtime holds a text that is not UTF-8 in a map, and does not let anybody see it.
        return [NotText(b"")] * len(entries)


def is_zero(value: object) -> bool:
    if isinstance(value, Value):
        return not value.ByteSize()
    return not value and str(value) != "-0.0"


def is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def entry_parts(field: FieldDescriptor) -> tuple[FieldDescriptor, FieldDescriptor]:
    """Key and value of a map field."""
    numbers = message_type(field).fields_by_number
    return numbers[1], numbers[2]


def message_type(field: FieldDescriptor) -> Descriptor:
    assert field.message_type is not None
    return field.message_type


def enum_type(field: FieldDescriptor) -> EnumDescriptor | None:
    """The enum that a field, or a map's value, holds."""
    part = entry_parts(field)[1] if is_map(field) else field
    return part.enum_type


def descriptor_of(message: Value) -> Descriptor:
    # The stubs give the descriptors of upb a class of their own, with the same attributes.
    return cast(Descriptor, message.DESCRIPTOR)


def clear(message: Value, field: FieldDescriptor) -> None:
    if field.is_extension:
        cast(_Extensible, message).ClearExtension(field)
    else:
        message.ClearField(field.name)


def write(message: Value, field: FieldDescriptor, values: Sequence[Element]) -> None:
    """Set a field to these elements; none leaves it unset.

    ValueError, TypeError, DecodeError: it cannot hold one.
    """
    clear(message, field)
    for value in values:
        if is_map(field):
            _write_entry(message, field, value)
        elif isinstance(value, NotText):
            message.MergeFromString(_tagged(field.number, value.data))
        elif isinstance(value, Value):
            down(message, field).CopyFrom(value)
        elif field.is_repeated:
            cast(_Repeated, content(message, field)).append(value)
        elif field.is_extension:
            cast(_Extensible, message).Extensions[field] = value
        else:
            setattr(message, field.name, value)


def _write_entry(message: Value, field: FieldDescriptor, pair: Element) -> None:
    """An entry as it travels: only so can it hold a text that is not UTF-8."""
    entry = GetMessageClass(message_type(field))()
    for part, value in zip(entry_parts(field), cast("tuple[object, object]", pair), strict=True):
        write(entry, part, [value])
    message.MergeFromString(_tagged(field.number, entry.SerializePartialToString()))


def _tagged(number: int, data: bytes) -> bytes:
    """A length-prefixed field of the wire format."""
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def down(message: Value, field: FieldDescriptor) -> Value:
    """A new submessage in a field that is no map: set, or appended."""
    if field.is_repeated:
        return cast(_Repeated, content(message, field)).add()
    inside = cast(Value, content(message, field))
    inside.SetInParent()
    return inside


def first_inside(message: Value, field: FieldDescriptor) -> Value | None:
    """The first message that a field holds; of a map the first value."""
    held = elements(message, field)
    value = held[0] if held else None
    if isinstance(value, tuple):
        value = value[1]
    return value if isinstance(value, Value) else None


def inside(message: Value) -> Iterator[Value]:
    """The messages that the set fields of a message hold, without those inside of them."""
    for field, _ in message.ListFields():
        if field.message_type is not None:
            for value in elements(message, field):
                one = value[1] if isinstance(value, tuple) else value
                if isinstance(one, Value):
                    yield one
