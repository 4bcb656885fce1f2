"""Finds what is served among the values that a registrar is given."""

from __future__ import annotations

from compatcheck.discover.code import Call
from compatcheck.discover.conventions import Role
from compatcheck.discover.lookups import typed
from compatcheck.discover.state import State
from compatcheck.discover.values import ClassItself, Fields, Instance, Outside, Served, Value


def register(state: State, code: Call, given: list[Value]) -> None:
    """Records what a call of a registrar is given that serves: as an argument, or as a type argument."""
    assert state.unit is not None
    place = (state.unit.module.path, code.line)
    values = [*given, *_types(state, code)]
    for value in values:
        for service in _served(state, value, code.line):
            state.found.provide(service, place)


def _types(state: State, code: Call) -> list[Value]:
    """The classes that a call names as type arguments."""
    return [value for written in code.types for value in typed(state, written)]


def _served(state: State, value: Value, line: int) -> list[str]:
    assert state.unit is not None
    match value:
        case Served(service=service):
            return [service]
        case Instance(of=made) | ClassItself(of=made):
            return made.served
        case Outside(path=path):
            meanings = [ask(state.unit.module, path, line) for ask in (state.found.called, state.found.typed)]
            return [meaning[1] for meaning in meanings if meaning and meaning[0] is Role.SERVED]
        case Fields(of=holder):
            return [
                service
                for node in list(holder.fields.values())
                for item in state.read(node)
                if not isinstance(item, Fields)
                for service in _served(state, item, line)
            ]
        case _:
            return []
