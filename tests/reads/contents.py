"""The fields and extensions of the runtime's messages, and what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Protocol, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message as Value


class Content(Protocol):
    """What a field that repeats holds, as far as the oracle deals with it."""

    def __iter__(self) -> Iterator[object]: ...
    def __getitem__(self, key: object) -> object: ...
    def __setitem__(self, key: object, value: object) -> None: ...
    def __len__(self) -> int: ...
    def add(self) -> Value: ...
    def extend(self, elements: Iterable[object]) -> None: ...


class Extendable(Protocol):
    """A message whose extensions are found by their descriptors; the stubs want the type of each in addition."""

    Extensions: dict[FieldDescriptor, object]

    def HasExtension(self, field: FieldDescriptor) -> bool: ...  # noqa: N802 (the runtime's name)


def elements(message: Value, field: FieldDescriptor) -> list[object]:
    """The elements that are written; a map counts its keys."""
    if field.is_repeated:
        return list(content(message, field))
    if field.has_presence:
        is_set = (
            extendable(message).HasExtension(field) if field.is_extension else message.HasField(field.name)
        )
        return [content(message, field)] if is_set else []
    value = content(message, field)
    return [] if is_zero(value) else [value]


def extendable(message: Value) -> Extendable:
    return cast(Extendable, message)


def content(message: Value, field: FieldDescriptor) -> Content:
    """What the message holds in a field or extension."""
    if field.is_extension:
        return cast(Content, extendable(message).Extensions[field])
    return cast(Content, getattr(message, field.name))


def map_value(message: Value, field: FieldDescriptor, key: object) -> object:
    return content(message, field)[key]


def fields_of(message: Value) -> tuple[FieldDescriptor, ...]:
    """The fields, and the extensions that are known where the message's class comes from."""
    return all_fields(message.DESCRIPTOR)


@lru_cache(maxsize=64)
def all_fields(descriptor: Descriptor) -> tuple[FieldDescriptor, ...]:
    extensions = descriptor.file.pool.FindAllExtensions(descriptor) if descriptor.is_extendable else ()
    # The stubs give the descriptors of upb a class of their own, with the same attributes.
    return tuple(cast(FieldDescriptor, field) for field in (*descriptor.fields, *extensions))


def name_of(field: FieldDescriptor) -> str:
    """The field as paths name it."""
    return f"[{field.full_name}]" if field.is_extension else field.name


def entry_of(field: FieldDescriptor) -> Descriptor:
    assert field.message_type is not None
    return field.message_type


def is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def is_zero(value: object) -> bool:
    if isinstance(value, Value):
        return not value.ByteSize()
    return not value and str(value) != "-0.0"
