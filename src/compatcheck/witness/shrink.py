"""Makes messages smaller, one step at a time."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, MutableSequence
from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message as Value

from compatcheck.witness.content import NotText, clear, content, elements, inside, is_map


def smaller(message: Value) -> Iterator[Value]:
    """Copies that lack one field, or one element of a field that repeats, wherever it stands; outermost first."""
    for place, around in enumerate(_all(message)):
        for field, _ in around.ListFields():
            held = elements(around, field)
            if is_map(field) and any(isinstance(one, NotText) for one in held):
                continue
            for index in range(len(held)):
                copy = type(message)()
                copy.CopyFrom(message)
                _take_out(list(_all(copy))[place], field, index)
                yield copy


def _take_out(message: Value, field: FieldDescriptor, index: int) -> None:
    if is_map(field):
        key, _ = cast("tuple[object, object]", elements(message, field)[index])
        del cast("MutableMapping[object, object]", content(message, field))[key]
    elif field.is_repeated:
        del cast("MutableSequence[object]", content(message, field))[index]
    else:
        clear(message, field)


def _all(message: Value) -> Iterator[Value]:
    """The message and those inside of it, each before what it holds, in an order that copies share."""
    yield message
    for one in inside(message):
        yield from _all(one)
