"""Which methods carry a type, in their requests or in their responses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from compatcheck.diff.changes import Added, Change, Changed, Element, Removed
from compatcheck.reads.calls import Side
from compatcheck.reads.effects import Aspect
from compatcheck.reads.http.options import operation_types
from compatcheck.reads.presence import element as field_name
from compatcheck.reads.well_known import ANY
from compatcheck.schema.model import (
    Cardinality,
    Enum,
    EnumValue,
    Field,
    File,
    Message,
    Method,
    Schema,
    Service,
)
from compatcheck.schema.walk import extensions_of, messages_of, methods_of

_Type = tuple[str, str]
"""The path of the file and the full name: the same type in every universe that imports the file."""

_SIDES: Mapping[Aspect, Side] = {Aspect.REQUEST: "request", Aspect.RESPONSE: "response"}


@dataclass(frozen=True, slots=True)
class Carrier:
    """A method that carries something, and the fields from its request or response down to it."""

    method: Method
    path: tuple[str, ...] = ()


Carriers = Mapping[tuple[str, Side], Carrier]
"""What carries something, by the full name of the method and the side."""


def _never(_: str) -> bool:
    return False


class Reach:
    """The way from the types of one schema up to the methods whose messages hold them.

    `travels_in_any` tells by its full name whether messages of a type are packed in `google.protobuf.Any`.
    """

    def __init__(self, schema: Schema, travels_in_any: Callable[[str], bool] = _never) -> None:
        self._schema = schema
        self._travels_in_any = travels_in_any

    def carriers(self, element: Element) -> Carriers:
        """The methods that a change of this element concerns."""
        match element:
            case Method():
                return _calls((element,))
            case Service():
                return _calls(element.methods)
            case File():
                return _calls(methods_of(element))
            case Message() | Enum():
                return self._of_type(_key(element))
            case EnumValue():
                return self._of_type((element.place.file.path, element.full_name.rpartition(".")[0]))
            case Field():
                return self._of_type(_owner(element), (field_name(element),))

    def _of_type(self, start: _Type, path: tuple[str, ...] = ()) -> Carriers:
        """By the shortest path to each method."""
        paths = {start: path}
        found: dict[tuple[str, Side], Carrier] = {}
        for one in (order := [start]):
            for (method, side), above in self._methods.get(one, {}).items():
                found.setdefault((method.full_name, side), Carrier(method, above + paths[one]))
            for holder, name in self._held_by(one):
                if holder not in paths:
                    paths[holder] = (name, *paths[one])
                    order.append(holder)
        return found

    def _held_by(self, one: _Type) -> Iterator[tuple[_Type, str]]:
        yield from self._holders.get(one, {}).items()
        if self._travels_in_any(one[1]):
            yield from ((key, f"[{one[1]}]") for key in self._any_types)

    @cached_property
    def _any_types(self) -> tuple[_Type, ...]:
        return tuple(sorted(key for key in self._holders if key[1] == ANY))

    @cached_property
    def _methods(self) -> dict[_Type, dict[tuple[Method, Side], tuple[str, ...]]]:
        """Types to the methods that carry them, with the path to where these hold it."""
        methods: dict[_Type, dict[tuple[Method, Side], tuple[str, ...]]] = {}
        for file in self._schema.files:
            for method in methods_of(file):
                methods.setdefault(_key(method.request), {})[method, "request"] = ()
                methods.setdefault(_key(method.response), {})[method, "response"] = ()
                for name in operation_types(method):
                    packed = methods.setdefault(_named(method, name), {})
                    packed.setdefault((method, "response"), (f"[{name}]",))
        return methods

    @cached_property
    def _holders(self) -> dict[_Type, dict[_Type, str]]:
        """Types to the messages that hold them, each with the field of the lowest number that does."""
        holders: dict[_Type, dict[_Type, str]] = {}
        for file in self._schema.files:
            for message in messages_of(file):
                for number in sorted(message.numbers):
                    _hold(message.numbers[number], _key(message), holders)
            for extension in extensions_of(file):
                _hold(extension, _owner(extension), holders)
        return holders


def carriers_of(change: Change, old: Reach, new: Reach, new_names: Mapping[str, str]) -> Carriers:
    """What a change reaches on either side; `new_names` maps methods to what the new schema calls them."""
    found: dict[tuple[str, Side], Carrier] = {}
    if not isinstance(change, Added):
        for (name, side), carrier in old.carriers(change.old).items():
            found[new_names.get(name, name), _side(change, side)] = carrier
    if not isinstance(change, Removed):
        for (name, side), carrier in new.carriers(change.new).items():
            found[name, _side(change, side)] = carrier
    return found


def _side(change: Change, side: Side) -> Side:
    """A method is reached as a call, unless it is its request or its response that changed."""
    return _SIDES.get(change.aspect, side) if isinstance(change, Changed) else side


def _calls(methods: Iterable[Method]) -> Carriers:
    return {(method.full_name, "call"): Carrier(method) for method in methods}


def _hold(field: Field, holder: _Type, holders: dict[_Type, dict[_Type, str]]) -> None:
    for target in _targets(field):
        holders.setdefault(target, {}).setdefault(holder, field_name(field))


def _named(method: Method, type_name: str) -> _Type:
    """A type that an option names; nothing has the key of one that no file at hand declares."""
    try:
        return _key(method.scope.message(type_name))
    except KeyError:
        return ("", type_name)


def _owner(field: Field) -> _Type:
    """The message that has a field, or that an extension extends."""
    if field.extendee:
        return _key(field.scope.message(field.extendee))
    return (field.place.file.path, field.full_name.rpartition(".")[0])


def _targets(field: Field) -> Iterator[_Type]:
    if field.cardinality is Cardinality.MAP:
        yield from _targets(field.value)
        yield (field.place.file.path, field.type_name)
    elif field.holds_message:
        yield _key(field.message)
    elif field.type_name:
        yield _key(field.enum)


def _key(element: Message | Enum) -> _Type:
    return (element.place.file.path, element.full_name)
