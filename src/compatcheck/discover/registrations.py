"""Finds what is served among the values that a registrar is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import Call
from compatcheck.discover.conventions import Role
from compatcheck.discover.lookups import typed
from compatcheck.discover.values import ClassItself, Fields, Instance, Outside, Served, Value

if TYPE_CHECKING:
    from compatcheck.discover.flow import Flow


def register(flow: Flow, code: Call, given: list[Value]) -> None:
    """Records what a call of a registrar is given that serves: as an argument, or as a type argument."""
    assert flow.unit is not None
    place = (flow.unit.module.path, code.line)
    values = [*given, *_types(flow, code)]
    for value in values:
        for service in _served(flow, value, code.line):
            flow.found.provide(service, place)


def _types(flow: Flow, code: Call) -> list[Value]:
    """The classes that a call names as type arguments."""
    return [value for written in code.types for value in typed(flow, written)]


def _served(flow: Flow, value: Value, line: int) -> list[str]:
    assert flow.unit is not None
    match value:
        case Served(service=service):
            return [service]
        case Instance(of=made) | ClassItself(of=made):
            return made.served
        case Outside(path=path):
            meanings = [ask(flow.unit.module, path, line) for ask in (flow.found.called, flow.found.typed)]
            return [meaning[1] for meaning in meanings if meaning and meaning[0] is Role.SERVED]
        case Fields(of=holder):
            return [
                service
                for node in list(holder.fields.values())
                for item in flow.read(node)
                if not isinstance(item, Fields)
                for service in _served(flow, item, line)
            ]
        case _:
            return []
