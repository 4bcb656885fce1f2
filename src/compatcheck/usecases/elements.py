"""Where an element of a schema is in what travels: the paths from a message down to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from compatcheck.reads.well_known import ANY
from compatcheck.rollout.pairs import Interface
from compatcheck.schema.model import Enum, Field, Message

_MOST_TYPES = 5000
"""Of the types below a message no more are looked at; no real one has as many."""


def ways_to(element: str, message: Message, start: str, travels_in_any: Sequence[str] = ()) -> Iterator[str]:
    """The shortest way from a message down to a message, enum, enum value or field (full name): `START.item.price`.

    A value of an enum has the name of the enum before its own: `shop.v1.State.OPEN`.
    `travels_in_any`: globs of the messages that are packed in `google.protobuf.Any`.
    """
    if message.full_name == element:
        yield start
        return
    seen = {message.full_name}
    pending = deque([(message, start)])
    while pending and len(seen) < _MOST_TYPES:
        holder, path = pending.popleft()
        if holder.full_name == ANY and _is_packed(element, travels_in_any):
            yield f"{path}.[{element}]"
            return
        for one in _fields(holder):
            below = f"{path}.{one.name}"
            part = one.parts[-1]
            if element in (one.full_name, part.type_name) or _is_value(element, part):
                yield below
                return
            if part.holds_message and part.message.full_name not in seen:
                seen.add(part.message.full_name)
                pending.append((part.message, below))


def kind_of(interface: Interface, element: str) -> str:
    """What an element is, as far as the methods and messages of an interface lead to it; empty if they do not."""
    return next((kind for name, kind in elements_of(interface) if name == element), "")


def elements_of(interface: Interface) -> Iterator[tuple[str, str]]:
    """Full name and kind of all that the methods and messages of an interface lead to; some of it several times."""
    for method in interface.methods:
        yield method, "method"
        yield method.rpartition(".")[0], "service"
    tops = [
        top for found in interface.methods.values() for one in found for top in (one.request, one.response)
    ]
    tops += [one for found in interface.messages.values() for one in found]
    seen: set[int] = set()
    for top in tops:
        for found_in in types_below(top):
            if id(found_in) in seen:
                continue
            seen.add(id(found_in))
            if isinstance(found_in, Enum):
                yield found_in.full_name, "enum"
                for value in found_in.values:
                    yield f"{found_in.full_name}.{value.name}", "enum value"
            else:
                yield found_in.full_name, "message"
                for field in _fields(found_in):
                    yield field.full_name, "field"


def types_below(top: Message) -> Iterator[Message | Enum]:
    """A message and every message and enum that its values may hold."""
    seen = {top.full_name}
    pending = deque([top])
    yield top
    while pending and len(seen) < _MOST_TYPES:
        for one in _fields(pending.popleft()):
            part = one.parts[-1]
            if part.type_name and part.type_name not in seen:
                seen.add(part.type_name)
                if part.holds_message:
                    pending.append(part.message)
                    yield part.message
                else:
                    yield part.enum


def _fields(message: Message) -> Iterator[Field]:
    for number in sorted(message.numbers):
        yield message.numbers[number]
    yield from message.scope.extensions(message.full_name)


def _is_value(element: str, part: Field) -> bool:
    """Whether an element is a value of the enum that a part of a field holds."""
    enum, _, value = element.rpartition(".")
    if not enum or part.type_name != enum or part.holds_message:
        return False
    return any(one.name == value for one in part.enum.values)


def _is_packed(element: str, globs: Sequence[str]) -> bool:
    """Whether a message, or the message of a field, is packed in Any."""
    names = (element, element.rpartition(".")[0])
    return any(fnmatchcase(name, glob) for glob in globs for name in names)
