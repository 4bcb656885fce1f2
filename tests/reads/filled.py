"""Messages with random and with boundary values."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from random import Random
from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError
from google.protobuf.message import Message as Value
from google.protobuf.message_factory import GetMessageClass

from reads.contents import content, elements, entry_of, extendable, fields_of, is_map, is_zero

_DEEPEST = 3
_NOT_UTF8 = "~!~"
"""Stands for bytes that are not UTF-8, which only parsing can put into a string."""
_TEXTS = (
    "",
    "a",
    "abcd",
    _NOT_UTF8,
    "12",
    "-1",
    "true",
    "NaN",
    "é",
    "ab\x08\x01",
    "\n\x01a",
    "E_ONE",
    "F_TWO",
)
_BYTES = (b"", b"a", b"\xff", b"\x08\x01", b"\n\x00", b"\xc3\xa9", b"abcdefgh", b"12")
_FLOATS = (0.0, -0.0, 1.0, 1.5, -2.0, 16777216.0, 1e30, math.inf, -math.inf, math.nan)
_DOUBLES = (*_FLOATS, 0.1, 16777217.0, 1e300, -1e300, 2.0**53 + 2, 2.0**63)
_NUMBERS = tuple(
    sorted(
        {0, 1, 2, 3, 5, 77, 127, 128, -2, -5}
        | {
            sign * 2**bits + step
            for bits in (24, 31, 32, 53, 63, 64)
            for sign in (1, -1)
            for step in (-1, 0, 1)
        }
    )
)
_UNNAMED = (77, -7, 2**24 + 1)
_SMALL_TYPES = (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_UINT32)
_SIGNED_TYPES = (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64)


def filled(empty: Value, random: Random) -> Value:
    """The message with fields set at random; required ones always."""
    return _fill(empty, random, 0)


def with_bad_text(message: Value) -> Value:
    """The message with some texts that are not UTF-8, if each that has the mark of them may be."""
    data = message.SerializePartialToString()
    if _NOT_UTF8.encode() not in data:
        return message
    try:
        return type(message).FromString(data.replace(_NOT_UTF8.encode(), b"\xff\xfe\xfd"))
    except DecodeError:
        return message


def _fill(message: Value, random: Random, depth: int) -> Value:
    for field in fields_of(message):
        if field.is_required or (random.random() < 0.6 and (field.message_type is None or depth < _DEEPEST)):
            _set(message, field, random, depth)
    return message


def _set(message: Value, field: FieldDescriptor, random: Random, depth: int, least: int = 0) -> None:
    if is_map(field):
        _set_entries(message, field, random, depth, least)
    elif field.is_repeated and field.message_type is not None:
        for _ in range(random.randrange(least, 3)):
            _fill(content(message, field).add(), random, depth + 1)
    elif field.is_repeated:
        content(message, field).extend(
            random.choice(boundaries(field)) for _ in range(random.randrange(least, 3))
        )
    elif field.message_type is not None:
        inner = cast(Value, content(message, field))
        inner.SetInParent()
        _fill(inner, random, depth + 1)
    else:
        # Not zero, where a zero is not written.
        known = boundaries(field)
        put(message, field, random.choice([one for one in known if not least or not is_zero(one)] or known))


def _set_entries(message: Value, field: FieldDescriptor, random: Random, depth: int, least: int) -> None:
    key, value = (entry_of(field).fields_by_number[number] for number in (1, 2))
    entries = content(message, field)
    for _ in range(random.randrange(least, 3)):
        if value.message_type is not None:
            _fill(cast(Value, entries[random.choice(boundaries(key))]), random, depth + 1)
        else:
            entries[random.choice(boundaries(key))] = random.choice(boundaries(value))


def put(message: Value, field: FieldDescriptor, value: object) -> None:
    if field.is_extension:
        extendable(message).Extensions[field] = value
    else:
        setattr(message, field.name, value)


def boundaries(field: FieldDescriptor) -> tuple[object, ...]:
    """The values of the field's type at which something changes."""
    if field.enum_type is not None:
        known = tuple(field.enum_type.values_by_number)
        return known if field.enum_type.is_closed else (*known, *_UNNAMED)
    return _scalars(field.type, field.cpp_type)


@cache
def _scalars(type_: int, cpp_type: int) -> tuple[object, ...]:
    if cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return (False, True)
    if cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return _TEXTS if type_ == FieldDescriptor.TYPE_STRING else _BYTES
    if cpp_type == FieldDescriptor.CPPTYPE_DOUBLE:
        return _DOUBLES
    if cpp_type == FieldDescriptor.CPPTYPE_FLOAT:
        return _FLOATS
    bits = 32 if cpp_type in _SMALL_TYPES else 64
    lowest, highest = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if cpp_type in _SIGNED_TYPES else (0, 2**bits)
    return tuple(number for number in _NUMBERS if lowest <= number < highest)


Step = FieldDescriptor
WITHOUT = 2


def directed(empty: Value, steps: tuple[Step, ...], random: Random) -> list[Value]:
    """Messages with a boundary value each at the end of a path of fields, alone and with its neighbours.

    The first WITHOUT of them lack it.
    """
    kind = type(empty)
    if not steps:
        return [complete(kind())] * WITHOUT
    without = kind()
    _down(without, steps[:-1])
    made: list[Value] = []
    for element in _contents(steps[-1], random):
        made.append(kind())
        _put_all(_down(made[-1], steps[:-1]), steps[-1], element)
    beside = [_beside(message, steps, random) for message in (without, *made[:2], *made[-3:])]
    return [complete(message) for message in (without, beside[0], *made, *beside[1:])]


def _beside(message: Value, steps: tuple[Step, ...], random: Random) -> Value:
    """The message with everything set that can be set beside the last field of the path."""
    filled = type(message)()
    filled.CopyFrom(message)
    holder = _down(filled, steps[:-1])
    fields = fields_of(holder)
    for field in random.sample(fields, len(fields)):
        oneof = field.containing_oneof
        taken = oneof is not None and holder.WhichOneof(oneof.name)
        if field.number != steps[-1].number and not taken and not _together(field, steps[-1]):
            _set(holder, field, random, _DEEPEST, least=1)
    return filled


def complete(message: Value) -> Value:
    """The message with what it and what it holds require."""
    for field in fields_of(message):
        if field.is_required and not elements(message, field) and field.message_type is not None:
            cast(Value, content(message, field)).SetInParent()
        elif field.is_required and not elements(message, field):
            put(message, field, _plain(field))
        if field.message_type is None:
            continue
        if is_map(field):
            if entry_of(field).fields_by_number[2].message_type is not None:
                for key in elements(message, field):
                    complete(cast(Value, content(message, field)[key]))
        else:
            for inner in elements(message, field):
                complete(cast(Value, inner))
    return message


def _plain(field: FieldDescriptor) -> object:
    """A value that most types hold."""
    known = boundaries(field)
    return next((value for value in known if value in (1, "a", b"a")), known[0])


def _together(field: FieldDescriptor, other: FieldDescriptor) -> bool:
    return field.containing_oneof is not None and field.containing_oneof is other.containing_oneof


def _down(message: Value, steps: tuple[Step, ...]) -> Value:
    for field in steps:
        held = content(message, field)
        if is_map(field):
            message = cast(Value, held[boundaries(entry_of(field).fields_by_number[1])[-1]])
        elif field.is_repeated:
            message = cast(Value, held[0]) if len(held) else held.add()
        else:
            message = cast(Value, held)
            message.SetInParent()
    return message


def _contents(field: FieldDescriptor, random: Random) -> list[list[object]]:
    """Lists of elements or of entries; of one element for a field that does not repeat."""
    if is_map(field):
        keys, values = (_singles(entry_of(field).fields_by_number[number], random) for number in (1, 2))
        entries: list[object] = [(key, values[-1]) for key in keys]
        entries += [(keys[-1], value) for value in values]
        return [*([entry] for entry in entries), list(zip(keys, values, strict=False))]
    values = _singles(field, random)
    if not field.is_repeated:
        return [[value] for value in values]
    doubled, pairs = ([value, value] for value in values), pairwise(values)
    return [*([value] for value in values), *doubled, *map(list, pairs)]


def _singles(field: FieldDescriptor, random: Random) -> list[object]:
    if field.message_type is None:
        return list(boundaries(field))
    kind = GetMessageClass(field.message_type)
    return [kind(), *(_fill(kind(), random, _DEEPEST - 1) for _ in range(4))]


def _put_all(message: Value, field: FieldDescriptor, elements: list[object]) -> None:
    held = content(message, field)
    for element in elements:
        if is_map(field):
            key, value = cast(tuple[object, object], element)
            if isinstance(value, Value):
                cast(Value, held[key]).CopyFrom(value)
            else:
                held[key] = value
        elif field.is_repeated:
            held.extend([element])
        elif isinstance(element, Value):
            cast(Value, held).CopyFrom(element)
            cast(Value, held).SetInParent()
        else:
            put(message, field, element)
