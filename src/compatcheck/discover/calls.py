"""What calls do while stubs are followed: bind arguments, make objects and stubs, register what is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compatcheck.discover.code import Assign, Call, Member, Name
from compatcheck.discover.code import Value as Expression
from compatcheck.discover.conventions import Role
from compatcheck.discover.lookups import declared, fields, variables
from compatcheck.discover.names import folded
from compatcheck.discover.registrations import register
from compatcheck.discover.scopes import CONSTRUCTOR, add
from compatcheck.discover.state import State
from compatcheck.discover.values import (
    MOST,
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
    Unit,
    Value,
    Words,
)

_GUESSES = 3
"""Functions of one simple name among which an unresolved call may choose."""

_PLAIN = frozenset({"Go"})  # whose libraries seldom give back the objects and functions that they are given

_ADDRESS = re.compile(r"[A-Za-z0-9_$\[][\w.$:/\[\]{}-]*(?<!://)")
"""Names of variables, host names and URLs; no prose."""

_LOADERS = frozenset({"loadPackageDefinition", "loadObject"})
"""Functions of JavaScript that make stubs of all services of a `.proto` file, by their names."""

_ENVIRONMENT = frozenset({"env", "environ"})

_INVOKED = ("__call__", "invoke", "call", "Invoke")


@dataclass(frozen=True, slots=True)
class _Given:
    """What a call is given, evaluated."""

    arguments: tuple[list[Value], ...]
    keywords: tuple[tuple[str, list[Value]], ...]

    def all(self) -> list[Value]:
        parts = [*self.arguments, *(values for _, values in self.keywords)]
        return list(dict.fromkeys(value for values in parts for value in values))


def call(state: State, code: Call, depth: int) -> list[Value]:
    """What a call may give back."""
    assert state.unit is not None
    called = state.value(code.function, depth + 1)
    given = _Given(
        tuple(state.value(argument, depth + 1) for argument in code.arguments),
        tuple((name, state.value(value, depth + 1)) for name, value in code.keywords),
    )
    state.given.update(argument.text for argument in code.arguments if isinstance(argument, Name))
    simple = _simple(code.function)
    if simple in state.unit.module.language.registrars:
        register(state, code, given.all())
    result: dict[Value, None] = {}
    for value in called:
        result.update(dict.fromkeys(_call_of(state, code, value, given)))
    if len(called) >= MOST:
        _give_away(state, given.all())
    if not called and state.guessing:
        result.update(dict.fromkeys(_unresolved(state, code, simple, given)))
    return list(result)


def _simple(function: Expression) -> str:
    match function:
        case Name(text=text):
            return text
        case Member(name=name):
            return name
        case _:
            return ""


def _written(function: Expression) -> tuple[str, ...]:
    """The names of a chain of members, of as much of it as is one."""
    match function:
        case Name(text=text):
            return (text,)
        case Member(of=of, name=name):
            return (*_written(of), name)
        case _:
            return ()


def _call_of(state: State, code: Call, value: Value, given: _Given) -> list[Value]:
    match value:
        case FunctionItself(of=unit):
            return _of_function(state, unit, given)
        case ClassItself(of=made):
            _construct(state, made, given)
            return [Instance(made)]
        case Outside(path=path):
            return _of_outside(state, code, path, given)
        case Instance(of=made):
            nodes = [made.scope.names[name] for name in _INVOKED if name in made.scope.names]
            units = [
                item.of for node in nodes for item in state.read(node) if isinstance(item, FunctionItself)
            ]
            results = [item for unit in units for item in _of_function(state, unit, given)]
            return [value, *_handed(state, [value], given), *results]
        case Fields(of=holder):
            kept = holder.fields.setdefault("", Node())
            state.write(kept, _holdable(given.all()))
            contents = [item for node in list(holder.fields.values()) for item in state.read(node)]
            return [value, *contents, *_handed(state, contents, given)]
        case Stub():
            return [value, *_handed(state, [value], given)]
        case Served():
            return [value]
        case Words():
            return [value, *(item for item in given.all() if isinstance(item, Words))]
        case Package() | Response():
            return []


def _of_function(state: State, unit: Unit, given: _Given) -> list[Value]:
    """Texts do not come out of a function by its parameters: they would be those of all its calls.

    What a call is given as text passes to its result instead.
    """
    _bind(state, unit, given)
    words: list[Value] = [value for value in given.all() if isinstance(value, Words)]
    held = state.read(unit.result)
    return [*(value for value in held if not (words and isinstance(value, Words))), *words]


def _bind(state: State, unit: Unit, given: _Given) -> None:
    names = [parameter.name for parameter in unit.parameters]
    for position, values in enumerate(given.arguments):
        name = names[min(position, len(names) - 1)] if names else "_"
        if name != "_":
            state.write(unit.scope.names[name], values)
    for name, values in given.keywords:
        if name in names:
            state.write(unit.scope.names[name], values)


def _construct(state: State, made: ClassCode, given: _Given) -> None:
    """Binds constructors; without one, arguments set the fields in the order in which they are declared."""
    lines = [made, *made.bases]
    found = next((item for item in lines if CONSTRUCTOR in item.scope.names), None)
    units = (
        [
            value.of
            for value in state.read(found.scope.names[CONSTRUCTOR])
            if isinstance(value, FunctionItself)
        ]
        if found
        else []
    )
    for unit in units:
        _bind(state, unit, given)
    if not units:
        body = made.code.body if made.code else ()
        declared = [
            item.target.text for item in body if isinstance(item, Assign) and isinstance(item.target, Name)
        ]
        for name, values in zip(declared, given.arguments, strict=False):
            state.write(add(made.scope, name), values)
    for name, values in given.keywords:
        state.write(add(made.scope, name), values)


def _of_outside(state: State, code: Call, path: tuple[str, ...], given: _Given) -> list[Value]:
    """A call of what is not in the code: generated code, or a library, which passes on what it is given."""
    assert state.unit is not None
    module = state.unit.module
    meaning = state.found.called(module, path, code.line)
    if meaning is not None:
        role, service = meaning
        match role:
            case Role.STUB:
                stub = Stub(service, module.path, code.line)
                kept = state.found.addresses.setdefault(stub, {})
                kept.update(dict.fromkeys(item for item in _texts(given) if _ADDRESS.fullmatch(item)))
                return [stub]
            case Role.SERVED:
                return [Served(service), Outside(path)]
            case Role.REGISTER:
                state.found.provide(service, (module.path, code.line))
                return []
    if path[-1] == "" and not _LOADERS.isdisjoint(path):
        state.found.chosen_later[module.path, code.line] = None
    if _simple(code.function) in module.language.registrars:
        return [Outside(path), *given.all()]
    _keep(state, code, given)
    values = given.all()
    _give_away(state, values)
    if module.language.name in _PLAIN and len(path) > 1:
        values = [value for value in values if not isinstance(value, Instance | FunctionItself)]
    passed = [
        value for value in (Outside(path), *values) if not isinstance(value, Outside) or _is_telling(value)
    ]
    return [*passed, *declared(state, code.types, code.line), *_handed(state, values, given)]


def _is_telling(value: Outside) -> bool:
    """Whether what a library gives back may hold what is generated: `grpc.loadPackageDefinition(...)`.

    Most other results of libraries are of no concern, and keeping them costs most of the time.
    """
    return any(word in part.lower() for part in value.path for word in ("rpc", "proto"))


def _texts(given: _Given) -> Iterator[str]:
    """Texts, and names of variables of the environment: `process.env.CART_ADDR`."""
    for value in given.all():
        if isinstance(value, Words):
            yield value.text
        elif isinstance(value, Outside) and not _ENVIRONMENT.isdisjoint(value.path[:-1]):
            yield value.path[-1]


def _keep(state: State, code: Call, given: _Given) -> None:
    """`clients.put("cart", stub)`: a variable whose class is not of the code holds what its methods are given."""
    kept = _holdable(given.all())
    if not kept or not isinstance(code.function, Member):
        return
    match code.function.of:
        case Name(text=text):
            nodes = variables(state, text) if _is_variable(state, text) else []
        case Member(of=of, name=name) if name:
            owners = [value for value in state.value(of) if isinstance(value, Instance | Fields)]
            nodes = fields(state, owners, name) if owners else []
        case _:
            nodes = []
    if nodes:
        holder = state.holder_of(code)
        state.write(holder.fields.setdefault("", Node()), kept)
        for node in nodes:
            state.write(node, [Fields(holder)])


def _is_variable(state: State, text: str) -> bool:
    scope = state.unit.scope if state.unit else None
    while scope is not None:
        if text in scope.names:
            return True
        if text in scope.imports:
            return False
        scope = scope.above
    return False


def _holdable(values: list[Value]) -> list[Value]:
    return [value for value in values if isinstance(value, Stub | Fields | Instance | FunctionItself)]


def _handed(state: State, values: list[Value], given: _Given) -> list[Value]:
    """`stub.map(s -> ...)`: functions that a library is given get what it was given else; their results pass on."""
    passed = [value for value in values if isinstance(value, Stub | Instance | Fields)]
    results: list[Value] = []
    for value in given.all():
        if isinstance(value, FunctionItself):
            if passed:
                for parameter in value.of.parameters:
                    state.write(value.of.scope.names[parameter.name], passed)
            results += state.read(value.of.result)
    return results


def _give_away(state: State, values: list[Value]) -> None:
    state.found.given_away.update((value, None) for value in values if isinstance(value, Stub))


def _unresolved(state: State, code: Call, simple: str, given: _Given) -> list[Value]:
    """A call of what is not known: of generated code or the few functions of that name, else of a library."""
    assert state.unit is not None
    path = _written(code.function)
    if path and state.found.called(state.unit.module, path, code.line):
        return _of_outside(state, code, path, given)
    units = state.program.functions.get(simple, []) if simple else []
    values = given.all()
    if 0 < len(units) <= _GUESSES and folded(simple) not in ("get", "set", "run", "main"):
        state.reach(FunctionItself(unit) for unit in units)
        return [item for unit in units for item in _of_function(state, unit, given)]
    _keep(state, code, given)
    _give_away(state, values)
    return [*values, *_handed(state, values, given)]
