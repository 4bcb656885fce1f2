"""Which methods carry a type, in their requests or in their responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from compatcheck.diff.changes import Added, Change, Changed, Element, Removed
from compatcheck.reads.calls import Side
from compatcheck.reads.effects import Aspect
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

Carriers = Mapping[tuple[str, Side], Method]
"""The methods that carry something, by full name and side."""


class Reach:
    """The way from the types of one schema up to the methods whose messages hold them."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

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
                return self._of_type((element.place.file.path, element.full_name))
            case EnumValue():
                return self._of_type((element.place.file.path, element.full_name.rpartition(".")[0]))
            case Field():
                if element.extendee:
                    return self.carriers(element.scope.message(element.extendee))
                return self._of_type((element.place.file.path, element.full_name.rpartition(".")[0]))

    def _of_type(self, start: _Type) -> Carriers:
        seen = {start}
        pending = [start]
        found: dict[tuple[str, Side], Method] = {}
        while pending:
            one = pending.pop()
            for method, side in self._methods.get(one, ()):
                found.setdefault((method.full_name, side), method)
            for holder in self._holders.get(one, ()):
                if holder not in seen:
                    seen.add(holder)
                    pending.append(holder)
        return found

    @cached_property
    def _methods(self) -> dict[_Type, list[tuple[Method, Side]]]:
        methods: dict[_Type, list[tuple[Method, Side]]] = {}
        for file in self._schema.files:
            for method in methods_of(file):
                methods.setdefault(_key(method.request), []).append((method, "request"))
                methods.setdefault(_key(method.response), []).append((method, "response"))
        return methods

    @cached_property
    def _holders(self) -> dict[_Type, set[_Type]]:
        holders: dict[_Type, set[_Type]] = {}
        for file in self._schema.files:
            for message in messages_of(file):
                for field in message.fields:
                    for target in _targets(field):
                        holders.setdefault(target, set()).add(_key(message))
            for extension in extensions_of(file):
                for target in _targets(extension):
                    holders.setdefault(target, set()).add(_key(extension.scope.message(extension.extendee)))
        return holders


def carriers_of(change: Change, old: Reach, new: Reach, new_names: Mapping[str, str]) -> Carriers:
    """What a change reaches on either side; `new_names` maps methods to what the new schema calls them."""
    found: dict[tuple[str, Side], Method] = {}
    if not isinstance(change, Added):
        for (name, side), method in old.carriers(change.old).items():
            found[new_names.get(name, name), _side(change, side)] = method
    if not isinstance(change, Removed):
        for (name, side), method in new.carriers(change.new).items():
            found[name, _side(change, side)] = method
    return found


def _side(change: Change, side: Side) -> Side:
    """A method is reached as a call, unless it is its request or its response that changed."""
    return _SIDES.get(change.aspect, side) if isinstance(change, Changed) else side


def _calls(methods: Iterable[Method]) -> Carriers:
    return {(method.full_name, "call"): method for method in methods}


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
