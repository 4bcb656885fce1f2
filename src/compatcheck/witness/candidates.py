"""Values to try for one field, the plainest first: those at which some reader stops agreeing with the writer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError
from google.protobuf.message import Message as Value
from google.protobuf.message_factory import GetMessageClass

from compatcheck.witness.content import (
    Element,
    NotText,
    entry_parts,
    enum_type,
    is_map,
    message_type,
    write,
)
from compatcheck.witness.fill import fill

_MOST_FIELDS = 12
_MOST_INSIDE = 8
_MOST_ENUM_VALUES = 40
_INTEGERS = (1, 2, 0, 128, 255, 256, -1, 2**24 + 1, 2**31 - 1, 2**31, -(2**31) - 1, 2**32, 2**53 + 1, 2**63)
_FRACTIONS = (1.0, 0.5, 0.0, -1.0, 0.1, 2.0**24 + 1, 2.0**31, 2.0**32, 2.0**63, 2.0**64, 1e300, float("nan"))
_TEXTS = ("a", "b", "", "1", "0", "é", "\x08\x01", "\n\x01a", "\x08", "true", "YQ", "2020-01-01T00:00:00Z")
_BYTES = (b"a", b"b", b"", b"\xff", b"1", b"\x08\x01", b"\x08", b"\n\x01a", b"\x01")

_C = FieldDescriptor
_RANGES = {
    _C.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    _C.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    _C.CPPTYPE_UINT32: (0, 2**32 - 1),
    _C.CPPTYPE_UINT64: (0, 2**64 - 1),
}


def candidates(
    writer: FieldDescriptor, reader: FieldDescriptor | None, number: int | None
) -> Iterator[list[Element]]:
    """Contents of the writer's field; `number` is the only enum value to try, if it is given."""
    if is_map(writer):
        yield from _maps(writer, reader, number)
        return
    single = _values(writer, reader, number)
    for value in single:
        yield [value]
    if writer.is_repeated:
        yield from ([one, other] for one, other in pairwise(single))
        for value in single[:3]:
            yield [value, value]
        if writer.cpp_type in _RANGES:
            yield [8, 1]


def _maps(
    writer: FieldDescriptor, reader: FieldDescriptor | None, number: int | None
) -> Iterator[list[Element]]:
    theirs = entry_parts(writer)
    ours = entry_parts(reader) if reader is not None and is_map(reader) else (None, None)
    keys, values = _values(theirs[0], ours[0], None), _values(theirs[1], ours[1], number)
    for value in values:
        yield [(keys[0], value)]
    for key in keys[1:]:
        yield [(key, values[0])]
    for one in keys:
        for other in keys:
            if one != other:
                yield [(one, values[0]), (other, values[min(1, len(values) - 1)])]


def _values(writer: FieldDescriptor, reader: FieldDescriptor | None, number: int | None) -> list[Element]:
    """Single values that the writer can write."""
    if writer.message_type is not None:
        return list(_messages(writer))
    if number is not None and writer.enum_type is not None:
        return [number]
    if writer.enum_type is not None:
        return list(_enum_numbers(writer, reader))
    if writer.type == _C.TYPE_BYTES:
        return [*_BYTES, *(name.encode() for name in _names(reader))]
    if writer.type == _C.TYPE_STRING:
        return [*_TEXTS, *_names(reader), NotText(b"\xff")]
    if writer.type == _C.TYPE_BOOL:
        return [True, False]
    if writer.cpp_type in _RANGES:
        low, high = _RANGES[writer.cpp_type]
        return [one for one in dict.fromkeys((*_INTEGERS, *_unnamed(reader))) if low <= one <= high]
    return list(_FRACTIONS)


def _messages(writer: FieldDescriptor) -> Iterator[Value]:
    """An empty message, and messages with one scalar field set; each with what it requires.

    RequiresItselfError, TooLargeError: not even the empty one can be written.
    """
    empty = GetMessageClass(message_type(writer))()
    fill(empty)
    yield empty
    scalars = (one for one in message_type(writer).fields if not one.is_repeated and one.message_type is None)
    for setting in islice(scalars, _MOST_FIELDS):
        for value in _values(setting, None, None)[:_MOST_INSIDE]:
            message = type(empty)()
            try:
                write(message, setting, [value])
            except (ValueError, TypeError, DecodeError):
                continue
            fill(message)
            yield message


def _enum_numbers(writer: FieldDescriptor, reader: FieldDescriptor | None) -> Iterator[int]:
    """The writer's own values; of an open enum also numbers without a name on either side."""
    own = enum_type(writer)
    assert own is not None
    declared = list(dict.fromkeys(value.number for value in own.values))
    other = enum_type(reader) if reader is not None else None
    named = {value.number for value in other.values} if other is not None else set()
    # Zero is not written by a field without presence.
    yield from sorted(declared, key=lambda number: (number in named, number == 0))[:_MOST_ENUM_VALUES]
    if not own.is_closed:
        yield next(number for number in range(1, 2**31) if number not in named.union(declared))
        yield from (-1, 2**31 - 1)


def _names(reader: FieldDescriptor | None) -> Sequence[str]:
    """A value's name where a reader may take a text for one."""
    enum = enum_type(reader) if reader is not None else None
    return [enum.values[0].name] if enum is not None else []


def _unnamed(reader: FieldDescriptor | None) -> Sequence[int]:
    """The smallest number that the reader's enum does not name."""
    enum = enum_type(reader) if reader is not None else None
    if enum is None:
        return []
    named = {value.number for value in enum.values}
    return [next(number for number in range(1, 2**31) if number not in named)]
