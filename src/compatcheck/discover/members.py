"""Says what values hold under a name while stubs are followed; what a stub holds is a use of its method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from compatcheck.discover.code import ANY
from compatcheck.discover.conventions import Role
from compatcheck.discover.lookups import LONGEST, declared_in, held_by, in_package
from compatcheck.discover.names import folded
from compatcheck.discover.scopes import add, family
from compatcheck.discover.values import (
    ClassCode,
    ClassItself,
    Fields,
    FunctionItself,
    Instance,
    Node,
    Outside,
    Package,
    Response,
    Served,
    Stub,
    Value,
    Words,
)

if TYPE_CHECKING:
    from compatcheck.discover.flow import Flow

_OF_COLLECTIONS = frozenset(
    {
        "add",
        "append",
        "at",
        "delete",
        "first",
        "find",
        "get",
        "insert",
        "last",
        "load",
        "next",
        "of",
        "pop",
        "push",
    }
    | {
        "put",
        "remove",
        "set",
        "store",
        "update",
        "values",
        "getordefault",
        "computeifabsent",
        "items",
        "entries",
    }
)
"""Members of maps and lists (folded) that are not taken for methods of the stubs in them."""

TYPED = frozenset({"C#", "C++", "Go", "Java", "Kotlin", "Rust"})
"""Languages in which `x[name]` is an element; in others it may be a method that is chosen at run time."""

_WITHOUT_PROPERTIES = frozenset({"C++", "Go", "Java", "Rust"})

_OF_FUNCTIONS = frozenset({"apply", "bind", "call", "get", "invoke", "run", "value", "curry", "partial"})

_OF_CLASSES = frozenset({"class", "instance", "java", "javaclass", "new", "prototype", "companion"})
"""Members (folded) that stand for the class, or its only object."""


def members(flow: Flow, values: Sequence[Value], name: str, line: int, depth: int = 0) -> list[Value]:
    """What any of the values holds under a name. That of a stub is a use of its method."""
    found: dict[Value, None] = {}
    among = values if folded(name) in _OF_FUNCTIONS else [*values, *_given_back(flow, values)]
    for value in among:
        if not isinstance(value, Fields):
            found.update(dict.fromkeys(_member(flow, value, name, line, depth)))
    held = [value for value in among if isinstance(value, Fields)]
    if held:
        found.update(dict.fromkeys(_of_fields(flow, held, name, line, depth)))
    if not found and flow.guessing and name:
        found.update(dict.fromkeys(_guessed(flow, name)))
    return list(found)


def _given_back(flow: Flow, values: Sequence[Value]) -> list[Value]:
    """What functions among the values give back, for a property is written without a call: `self.client.get()`."""
    if flow.unit is None or flow.unit.module.language.name in _WITHOUT_PROPERTIES:
        return []
    todo = [value.of for value in values if isinstance(value, FunctionItself)]
    seen = dict.fromkeys(todo)
    results: dict[Value, None] = {}
    while todo:
        for result in flow.read(todo.pop().result):
            if not isinstance(result, FunctionItself):
                results[result] = None
            elif result.of not in seen:
                seen[result.of] = None
                todo.append(result.of)
    return list(results)


def _member(flow: Flow, value: Value, name: str, line: int, depth: int) -> list[Value]:
    match value:
        case Stub():
            return _of_stub(flow, value, name, line)
        case Instance(of=made) | ClassItself(of=made):
            return _of_class(flow, value, made, name, line)
        case FunctionItself():
            return [value] if folded(name) in _OF_FUNCTIONS else []
        case Package(scope=scope, path=path):
            values = declared_in(flow, scope, name)
            if values is None and "default" in scope.names:
                values = members(flow, flow.read(scope.names["default"]), name, line, depth + 1)
            return values if values is not None else [Outside((*path, name)[-LONGEST:])]
        case Outside(path=path):
            return _of_outside(flow, path, name, line)
        case Fields():
            return _of_fields(flow, [value], name, line, depth)
        case Served() | Words() | Response():
            return [value]


def _of_stub(flow: Flow, stub: Stub, name: str, line: int) -> list[Value]:
    assert flow.unit is not None
    module = flow.unit.module
    if not name and module.language.name in TYPED:
        return [stub]
    method = flow.found.method(stub, module.language, name) if name not in ("", ANY) else ""
    if method is None:
        return [stub]
    flow.found.use(stub, method, (module.path, line))
    return [Response()]


def _of_class(flow: Flow, value: Value, made: ClassCode, name: str, line: int) -> list[Value]:
    if not name:
        if flow.unit is not None and flow.unit.module.language.name in TYPED:
            return []
        return [item for node in made.scope.names.values() for item in flow.read(node)]
    classes = family(made)
    held = held_by(flow, [other.scope.names[name] for other in classes if name in other.scope.names])
    if held:
        return held
    if folded(name) in _OF_CLASSES:
        return [value]
    used = [item for stub in made.stubs for item in _of_stub(flow, stub, name, line)]
    if used:
        return used
    if isinstance(value, ClassItself):
        return _of_outside(flow, (made.name,), name, line)
    return flow.read(add(made.scope, name))


def _of_outside(flow: Flow, path: tuple[str, ...], name: str, line: int) -> list[Value]:
    unit = flow.unit
    assert unit is not None
    meaning = flow.found.typed(unit.module, path, line) if name else None
    if meaning and meaning[0] is Role.STUB:
        stub = Stub(meaning[1], unit.module.path, line)
        if flow.found.method(stub, unit.module.language, name):
            return _of_stub(flow, stub, name, line)
    values = in_package(flow, path, name)
    if values:
        return values
    whole = (*path, name)
    kept = flow.loose.get(".".join(whole))
    return [*(flow.read(kept) if kept else ()), Outside(whole[-LONGEST:])]


def _of_fields(flow: Flow, values: list[Fields], name: str, line: int, depth: int) -> list[Value]:
    """Of records the field of that name; of collections what their elements have, or for `get` the elements."""
    found: dict[Value, None] = {}
    elements: dict[Value, None] = {}
    seen = {value.of: value for value in values}
    todo = list(seen)
    while todo:
        holder = todo.pop()
        if name:
            named_so = flow.read(holder.fields[name]) if name in holder.fields else []
        else:
            named_so = [item for node in list(holder.fields.values()) for item in flow.read(node)]
        found.update(dict.fromkeys(named_so))
        if name not in holder.fields:
            content = flow.read(holder.fields.setdefault("", Node()))
            if seen[holder] in values and (content or folded(name) in _OF_COLLECTIONS):
                found[seen[holder]] = None
            for item in content:
                if isinstance(item, Fields) and item.of not in seen:
                    seen[item.of] = item
                    todo.append(item.of)
                else:
                    elements[item] = None
    if name and elements and folded(name) not in _OF_COLLECTIONS and depth <= 4:
        others: list[Value] = [
            item for item in elements if not isinstance(item, Fields | Outside | Words | Response)
        ]
        found.update(dict.fromkeys(members(flow, others, name, line, depth + 1)))
    return list(found)


def _guessed(flow: Flow, name: str) -> list[Value]:
    """Of an object that is not known: a field that was set on one, or that one class alone has."""
    nodes = [flow.loose[f"?.{name}"]] if f"?.{name}" in flow.loose else []
    having = flow.having.get(name, [])
    return held_by(flow, nodes + having if len(having) == 1 else nodes)
