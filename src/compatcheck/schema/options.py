"""Reads the options of elements by the definitions that their own universe brings, whatever version these have."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.unknown_fields import UnknownFieldSet

from compatcheck.errors import UndecidedError
from compatcheck.schema.compiling.graph import reachable
from compatcheck.schema.compiling.wire import imports_of
from compatcheck.schema.model import Options, OptionValue
from compatcheck.schema.pool import NotTakenError, pool_of

_DESCRIPTOR = "google/protobuf/descriptor.proto"
_set_fields = cast(Callable[[Message], list[tuple[FieldDescriptor, object]]], Empty.ListFields)
"""The set fields of any message. As its own attribute the method can be hidden by a field of that name."""


class OptionReader:
    """Decodes the options of one universe. `descriptors`: import name -> serialised FileDescriptorProto."""

    def __init__(self, descriptors: Mapping[str, bytes]) -> None:
        self._descriptors = descriptors

    def read(self, written: Message) -> Options:
        """The options in a message such as `google.protobuf.FieldOptions` that this process knows by itself."""
        if not written.ByteSize():
            return {}
        return _values(self._by_own_definitions(written) if self._has_unknown(written) else written)

    @cached_property
    def _pool(self) -> DescriptorPool | None:
        """None if nothing defines options.

        UndecidedError if the runtime does not take what protoc took: options that are not read look like unset ones.
        """
        if _DESCRIPTOR not in self._descriptors:
            return None
        try:
            return pool_of(_defining(self._descriptors))
        except NotTakenError as error:
            raise UndecidedError(f"the options of these schemas cannot be read: {error}") from error

    def _by_own_definitions(self, written: Message) -> Message:
        if self._pool is None:
            return written
        try:
            own = GetMessageClass(self._pool.FindMessageTypeByName(written.DESCRIPTOR.full_name))()
            own.ParseFromString(written.SerializeToString())
        except KeyError:
            return written
        except DecodeError as error:
            raise UndecidedError(f"the options of an element cannot be read: {error}") from error
        return own

    @staticmethod
    def _has_unknown(written: Message) -> bool:
        # Whether an extension is known depends on what else was imported into this process.
        return bool(len(UnknownFieldSet(written))) or any(
            field.is_extension or (isinstance(value, Message) and OptionReader._has_unknown(value))
            for field, value in _set_fields(written)
        )


def _defining(descriptors: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that declare extensions, and what these import; in the order of the universe."""
    declaring = [
        name for name, data in descriptors.items() if _declares(FileDescriptorProto.FromString(data))
    ]
    imports = {name: imports_of(data) for name, data in descriptors.items()}
    needed = reachable((_DESCRIPTOR, *declaring), imports)
    return {name: data for name, data in descriptors.items() if name in needed}


def _declares(scope: FileDescriptorProto | DescriptorProto) -> bool:
    inner = scope.message_type if isinstance(scope, FileDescriptorProto) else scope.nested_type
    return bool(scope.extension) or any(map(_declares, inner))


def _values(message: Message) -> Options:
    values: dict[str, OptionValue] = {
        field.full_name if field.is_extension else field.name: _value(field, value)
        for field, value in _set_fields(message)
    }
    unknown: dict[str, list[OptionValue]] = {}
    for number, data in _fields(UnknownFieldSet(message)):
        unknown.setdefault(f"#{number}", []).append(_undecoded(data))
    return values | {name: tuple(found) for name, found in unknown.items()}


def _value(field: FieldDescriptor, value: object) -> OptionValue:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        held = field.message_type.fields_by_name["value"]
        return {str(key): _single(held, one) for key, one in _items(value)}
    if isinstance(value, Message) or not field.is_repeated:
        return _single(field, value)
    return tuple(_single(field, one) for one in _elements(value))


def _single(field: FieldDescriptor, value: object) -> OptionValue:
    if isinstance(value, Message):
        return _values(value)
    if field.enum_type is not None and isinstance(value, int):
        named = field.enum_type.values_by_number.get(value)
        return value if named is None else named.name
    if isinstance(value, float) and math.isnan(value):
        # A NaN is not equal to itself, and would look like a change.
        return "nan"
    assert isinstance(value, (bool, int, float, str, bytes))
    return value


def _items(value: object) -> Iterable[tuple[object, object]]:
    assert isinstance(value, Mapping)
    return sorted(value.items())


def _elements(value: object) -> Iterable[object]:
    assert isinstance(value, Iterable)
    return value


def _fields(unknown: UnknownFieldSet) -> Iterator[tuple[int, object]]:
    """Number and undecoded data of each field."""
    for index in range(len(unknown)):
        yield unknown[index].field_number, unknown[index].data


def _undecoded(data: object) -> OptionValue:
    """The data of an unknown field; a group is the set of its own unknown fields."""
    if isinstance(data, (int, bytes)):
        return data
    assert isinstance(data, UnknownFieldSet)
    return tuple((number, _undecoded(one)) for number, one in _fields(data))
