"""Completes messages with what their schema requires."""

from __future__ import annotations

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message as Value

from compatcheck.witness.content import content, descriptor_of, elements, inside, write

MOST_FILLED = 64
"""Required fields that are filled in before a message is given up as too large."""


class RequiresItselfError(Exception):
    """No finite message has all that it requires."""


class TooLargeError(Exception):
    """It requires more than anybody would look at."""


def fill(message: Value) -> None:
    """Set what a message requires, all the way down. RequiresItselfError, TooLargeError: it cannot be done."""
    _fill(message, (), [MOST_FILLED])


def _fill(message: Value, above: tuple[str, ...], left: list[int]) -> None:
    """`above` are the messages that were made only because one requires the next; `left` counts down."""
    for one in inside(message):
        if not one.IsInitialized():
            _fill(one, (), left)
    names = (*above, message.DESCRIPTOR.full_name)
    for field in descriptor_of(message).fields:
        if field.is_required and not elements(message, field):
            if field.message_type is not None and field.message_type.full_name in names:
                raise RequiresItselfError
            left[0] -= 1
            if left[0] < 0:
                raise TooLargeError
            value = zero(message, field)
            if isinstance(value, Value):
                _fill(value, names, left)
            write(message, field, [value])


def zero(message: Value, field: FieldDescriptor) -> object:
    """The smallest value of a singular field: its default, or an empty message."""
    default = content(message, field)
    return type(default)() if isinstance(default, Value) else default
