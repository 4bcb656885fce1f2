"""Resolves names, types and members while stubs are followed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compatcheck.discover.code import SELF, Import
from compatcheck.discover.conventions import Role
from compatcheck.discover.scopes import SAYS_SELF, add, family, package_of, scopes_around
from compatcheck.discover.state import State
from compatcheck.discover.values import (
    ClassCode,
    ClassItself,
    Fields,
    FunctionItself,
    Instance,
    Module,
    Node,
    Outside,
    Package,
    Scope,
    Stub,
    Unit,
    Value,
)

LONGEST = 8
"""Parts of an outside name that are kept: conventions look at the last few."""


def named(state: State, text: str) -> list[Value]:
    """What a simple name stands for where the unit at hand is written."""
    unit = state.unit
    assert unit is not None
    if text == SELF and unit.owner is not None:
        return [Instance(unit.owner)]
    imported_here: list[Value] = []
    for scope in scopes_around(unit.scope):
        if scope.of_class is not None:
            nodes = _own_members(unit, scope.of_class, text)
            if nodes:
                return [*imported_here, *held_by(state, nodes)]
            continue
        if text in scope.names and (not imported_here or text in scope.variables):
            if (
                scope is not unit.module.scope and not imported_here
            ):  # `cart := cart.New()`: on the right the package
                for item in unit.module.scope.imports.get(text, ()):
                    imported_here += _imported(state, unit.module, item)
            return [*imported_here, *state.read(scope.names[text])]
        for item in scope.imports.get(text, ()):
            imported_here += _imported(state, unit.module, item)
    if imported_here:
        return imported_here
    return _elsewhere(state, unit, text) or [Outside((text,))]


def _own_members(unit: Unit, made: ClassCode, text: str) -> list[Node]:
    """Members that the bare name may mean: where the language sees them so, and within the class's body."""
    if unit.module.language.name in SAYS_SELF and unit.function is not None:
        return []
    return [other.scope.names[text] for other in family(made) if text in other.scope.names]


def _elsewhere(state: State, unit: Unit, text: str) -> list[Value]:
    """What is neither declared around nor imported by name: of a module that is imported whole, or of the service."""
    values: list[Value] = []
    for name in unit.module.everything:
        for scope in state.imports.packages(unit.module, name):
            if text in scope.names:
                values += state.read(scope.names[text])
    if values or unit.module.language.name in SAYS_SELF:
        return values
    values += [ClassItself(made) for made in state.program.classes.get(text, ()) if made.code is not None]
    values += [FunctionItself(made) for made in state.program.functions.get(text, ()) if made.owner is None]
    return values


def _imported(state: State, module: Module, item: Import, depth: int = 0) -> list[Value]:
    """What an import stands for, in the code or outside."""
    path = _parts(item.module)
    scopes = state.imports.packages(module, item.module)
    if not item.member:
        if scopes:
            return [Package(scope, path) for scope in scopes]
        above, _, last = item.module.replace("::", ".").rpartition(".")
        within = state.imports.packages(module, above) if above and "/" not in item.module else []
        values = [value for scope in within for value in declared_in(state, scope, last, depth) or ()]
        return values or [Outside(path)]
    values = [value for scope in scopes for value in declared_in(state, scope, item.member, depth) or ()]
    if values:
        return values
    whole = state.imports.packages(
        module, f"{item.module}{'' if item.module.endswith('.') else '.'}{item.member}"
    )
    if whole and "/" not in item.module:
        return [Package(scope, (*path, item.member)) for scope in whole]
    above, _, last = item.module.rpartition(".")
    if above and "/" not in item.module:
        for scope in state.imports.packages(module, above):
            for value in declared_in(state, scope, last, depth) or ():
                if isinstance(value, ClassItself) and item.member in value.of.scope.names:
                    values += state.read(value.of.scope.names[item.member])
    return values or [Outside((*path, item.member))]


def declared_in(state: State, scope: Scope, name: str, depth: int = 0) -> list[Value] | None:
    """What a package holds under a name, passed on from elsewhere included; None if it declares no such."""
    if name in scope.names:
        return state.read(scope.names[name])
    if depth > 6:
        return None
    for module in scope.modules:
        for item in module.scope.imports.get(name, ()):
            return _imported(state, module, item, depth + 1)
        for whole in module.everything:
            for other in state.imports.packages(module, whole):
                if other is not scope:
                    values = declared_in(state, other, name, depth + 1)
                    if values is not None:
                        return values
    return None


def variables(state: State, text: str) -> list[Node]:
    """The nodes that an assignment to a simple name writes."""
    unit = _unit(state)
    for scope in scopes_around(unit.scope):
        if scope.of_class is not None and scope is not unit.scope:
            nodes = _own_members(unit, scope.of_class, text)
            if nodes:
                return nodes
        elif text in scope.names:
            return [scope.names[text]]
    return [add(package_of(unit.module), text)]


def fields(state: State, values: Sequence[Value], name: str) -> list[Node]:
    """The nodes that an assignment to a member of these values writes."""
    nodes: list[Node] = []
    for value in values:
        match value:
            case Instance(of=made) | ClassItself(of=made):
                nodes.append(add(made.scope, name))
            case Fields(of=holder):
                nodes.append(holder.fields.setdefault(name, Node()))
            case Package(scope=scope):
                nodes.append(add(scope, name))
            case Outside(path=path):
                nodes.append(state.loose.setdefault(".".join((*path, name)), Node()))
            case _:
                pass
    return nodes or [state.loose.setdefault(f"?.{name}", Node())]


def typed(state: State, written: str) -> list[Value]:
    """What a dotted name of a type stands for: classes of the code, or names outside."""
    first, *rest = written.split(".")
    if not first:
        return []
    values = named(state, first)
    for name in rest:
        values = [found for value in values for found in _named_in(state, value, name)]
    return [value for value in values if isinstance(value, ClassItself | Outside)]


def _named_in(state: State, value: Value, name: str) -> list[Value]:
    """What a part of a type's dotted name stands for, after what stands before it."""
    match value:
        case ClassItself(of=made):
            if name in made.scope.names:
                return state.read(made.scope.names[name])
            return [Outside((made.name, name))]
        case Package(scope=scope, path=path):
            values = declared_in(state, scope, name)
            return values if values is not None else [Outside((*path, name)[-LONGEST:])]
        case Outside(path=path):
            return in_package(state, path, name) or [Outside((*path, name)[-LONGEST:])]
        case _:
            return []


def in_package(state: State, path: tuple[str, ...], name: str) -> list[Value]:
    """What the code's package of that dotted path holds under a name."""
    return [value for scope in state.imports.package(path) for value in declared_in(state, scope, name) or ()]


def _parts(module: str) -> tuple[str, ...]:
    """An outside module's name as the beginning of a dotted path; one with slashes is a single part."""
    return (module,) if "/" in module else tuple(module.replace("::", ".").strip(".").split("."))


def held_by(state: State, nodes: list[Node]) -> list[Value]:
    return list(dict.fromkeys(value for node in nodes for value in state.read(node)))


def _unit(state: State) -> Unit:
    assert state.unit is not None
    return state.unit


def injected(state: State, types: Iterable[str], line: int) -> list[Value]:
    """What a parameter or field of these types holds, into which it may come by its type alone."""
    held = declared(state, types, line)
    state.found.injected.update((value, None) for value in held if isinstance(value, Stub))
    return held


def declared(state: State, types: Iterable[str], line: int) -> list[Value]:
    """What something of these types holds, if it is injected: stubs, instances of classes."""
    held: list[Value] = []
    for written in types:
        for value in typed(state, written):
            if isinstance(value, ClassItself):
                held.append(Instance(value.of))
            elif isinstance(value, Outside) and state.unit is not None:
                meaning = state.found.typed(state.unit.module, value.path, line)
                if meaning and meaning[0] is Role.STUB:
                    held.append(Stub(meaning[1], state.unit.module.path, line))
    return held
