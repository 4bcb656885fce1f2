"""Says what values hold under a name while stubs are followed; what a stub holds is a use of its method."""

from __future__ import annotations

from collections.abc import Sequence

from compatcheck.discover.code import ANY
from compatcheck.discover.conventions import Role
from compatcheck.discover.lookups import LONGEST, declared_in, held_by, in_package
from compatcheck.discover.names import folded
from compatcheck.discover.scopes import add, family
from compatcheck.discover.state import State
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


def members(state: State, values: Sequence[Value], name: str, line: int, depth: int = 0) -> list[Value]:
    """What any of the values holds under a name. That of a stub is a use of its method."""
    found: dict[Value, None] = {}
    among = values if folded(name) in _OF_FUNCTIONS else [*values, *_given_back(state, values)]
    for value in among:
        if not isinstance(value, Fields):
            found.update(dict.fromkeys(_member(state, value, name, line, depth)))
    held = [value for value in among if isinstance(value, Fields)]
    if held:
        found.update(dict.fromkeys(_of_fields(state, held, name, line, depth)))
    if not found and state.guessing and name:
        found.update(dict.fromkeys(_guessed(state, name)))
    return list(found)


def _given_back(state: State, values: Sequence[Value]) -> list[Value]:
    """What functions among the values give back, for a property is written without a call: `self.client.get()`."""
    if state.unit is None or state.unit.module.language.name in _WITHOUT_PROPERTIES:
        return []
    todo = [value.of for value in values if isinstance(value, FunctionItself)]
    seen = dict.fromkeys(todo)
    results: dict[Value, None] = {}
    while todo:
        for result in state.read(todo.pop().result):
            if not isinstance(result, FunctionItself):
                results[result] = None
            elif result.of not in seen:
                seen[result.of] = None
                todo.append(result.of)
    return list(results)


def _member(state: State, value: Value, name: str, line: int, depth: int) -> list[Value]:
    match value:
        case Stub():
            return _of_stub(state, value, name, line)
        case Instance(of=made) | ClassItself(of=made):
            return _of_class(state, value, made, name, line)
        case FunctionItself():
            return [value] if folded(name) in _OF_FUNCTIONS else []
        case Package(scope=scope, path=path):
            values = declared_in(state, scope, name)
            if values is None and "default" in scope.names:
                values = members(state, state.read(scope.names["default"]), name, line, depth + 1)
            return values if values is not None else [Outside((*path, name)[-LONGEST:])]
        case Outside(path=path):
            return _of_outside(state, path, name, line)
        case Fields():
            return _of_fields(state, [value], name, line, depth)
        case Served() | Words() | Response():
            return [value]


def _of_stub(state: State, stub: Stub, name: str, line: int) -> list[Value]:
    assert state.unit is not None
    module = state.unit.module
    if not name and module.language.name in TYPED:
        return [stub]
    method = state.found.method(stub, module.language, name) if name not in ("", ANY) else ""
    if method is None:
        return [stub]
    state.found.use(stub, method, (module.path, line))
    return [Response()]


def _of_class(state: State, value: Value, made: ClassCode, name: str, line: int) -> list[Value]:
    if not name:
        if state.unit is not None and state.unit.module.language.name in TYPED:
            return []
        return [item for node in made.scope.names.values() for item in state.read(node)]
    classes = family(made)
    held = held_by(state, [other.scope.names[name] for other in classes if name in other.scope.names])
    if held:
        return held
    if folded(name) in _OF_CLASSES:
        return [value]
    used = [item for stub in made.stubs for item in _of_stub(state, stub, name, line)]
    if used:
        return used
    if isinstance(value, ClassItself):
        return _of_outside(state, (made.name,), name, line)
    return state.read(add(made.scope, name))


def _of_outside(state: State, path: tuple[str, ...], name: str, line: int) -> list[Value]:
    unit = state.unit
    assert unit is not None
    meaning = state.found.typed(unit.module, path, line) if name else None
    if meaning and meaning[0] is Role.STUB:
        stub = Stub(meaning[1], unit.module.path, line)
        if state.found.method(stub, unit.module.language, name):
            return _of_stub(state, stub, name, line)
    values = in_package(state, path, name)
    if values:
        return values
    whole = (*path, name)
    kept = state.loose.get(".".join(whole))
    return [*(state.read(kept) if kept else ()), Outside(whole[-LONGEST:])]


def _of_fields(state: State, values: list[Fields], name: str, line: int, depth: int) -> list[Value]:
    """Of records the field of that name; of collections what their elements have, or for `get` the elements."""
    found: dict[Value, None] = {}
    elements: dict[Value, None] = {}
    seen = {value.of: value for value in values}
    todo = list(seen)
    while todo:
        holder = todo.pop()
        if name:
            named_so = state.read(holder.fields[name]) if name in holder.fields else []
        else:
            named_so = [item for node in list(holder.fields.values()) for item in state.read(node)]
        found.update(dict.fromkeys(named_so))
        if name not in holder.fields:
            content = state.read(holder.fields.setdefault("", Node()))
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
        found.update(dict.fromkeys(members(state, others, name, line, depth + 1)))
    return list(found)


def _guessed(state: State, name: str) -> list[Value]:
    """Of an object that is not known: a field that was set on one, or that one class alone has."""
    nodes = [state.loose[f"?.{name}"]] if f"?.{name}" in state.loose else []
    having = state.having.get(name, [])
    return held_by(state, nodes + having if len(having) == 1 else nodes)
