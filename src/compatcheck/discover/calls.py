"""What calls do while stubs are followed: bind arguments, make objects and stubs, register what is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compatcheck.discover.code import Assign, Call, Member, Name
from compatcheck.discover.code import Value as Expression
from compatcheck.discover.conventions import Role
from compatcheck.discover.lookups import fields, variables
from compatcheck.discover.names import folded
from compatcheck.discover.registrations import register
from compatcheck.discover.scopes import CONSTRUCTOR, add
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

if TYPE_CHECKING:
    from compatcheck.discover.flow import Flow

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


def call(flow: Flow, code: Call, depth: int) -> list[Value]:
    """What a call may give back."""
    assert flow.unit is not None
    called = flow.value(code.function, depth + 1)
    given = _Given(
        tuple(flow.value(argument, depth + 1) for argument in code.arguments),
        tuple((name, flow.value(value, depth + 1)) for name, value in code.keywords),
    )
    flow.given.update(argument.text for argument in code.arguments if isinstance(argument, Name))
    simple = _simple(code.function)
    if simple in flow.unit.module.language.registrars:
        register(flow, code, given.all())
    result: dict[Value, None] = {}
    for value in called:
        result.update(dict.fromkeys(_call_of(flow, code, value, given)))
    if len(called) >= MOST:
        _give_away(flow, given.all())
    if not called and flow.guessing:
        result.update(dict.fromkeys(_unresolved(flow, code, simple, given)))
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


def _call_of(flow: Flow, code: Call, value: Value, given: _Given) -> list[Value]:
    match value:
        case FunctionItself(of=unit):
            return _of_function(flow, unit, given)
        case ClassItself(of=made):
            _construct(flow, made, given)
            return [Instance(made)]
        case Outside(path=path):
            return _of_outside(flow, code, path, given)
        case Instance(of=made):
            nodes = [made.scope.names[name] for name in _INVOKED if name in made.scope.names]
            units = [
                item.of for node in nodes for item in flow.read(node) if isinstance(item, FunctionItself)
            ]
            results = [item for unit in units for item in _of_function(flow, unit, given)]
            return [value, *_handed(flow, [value], given), *results]
        case Fields(of=holder):
            kept = holder.fields.setdefault("", Node())
            flow.write(kept, _holdable(given.all()))
            contents = [item for node in list(holder.fields.values()) for item in flow.read(node)]
            return [value, *contents, *_handed(flow, contents, given)]
        case Stub():
            return [value, *_handed(flow, [value], given)]
        case Served():
            return [value]
        case Words():
            return [value, *(item for item in given.all() if isinstance(item, Words))]
        case Package() | Response():
            return []


def _of_function(flow: Flow, unit: Unit, given: _Given) -> list[Value]:
    """Texts do not come out of a function by its parameters: they would be those of all its calls.

    What a call is given as text passes to its result instead.
    """
    _bind(flow, unit, given)
    words: list[Value] = [value for value in given.all() if isinstance(value, Words)]
    held = flow.read(unit.result)
    return [*(value for value in held if not (words and isinstance(value, Words))), *words]


def _bind(flow: Flow, unit: Unit, given: _Given) -> None:
    names = [parameter.name for parameter in unit.parameters]
    for position, values in enumerate(given.arguments):
        name = names[min(position, len(names) - 1)] if names else "_"
        if name != "_":
            flow.write(unit.scope.names[name], values)
    for name, values in given.keywords:
        if name in names:
            flow.write(unit.scope.names[name], values)


def _construct(flow: Flow, made: ClassCode, given: _Given) -> None:
    """Binds constructors; without one, arguments set the fields in the order in which they are declared."""
    lines = [made, *made.bases]
    found = next((item for item in lines if CONSTRUCTOR in item.scope.names), None)
    units = (
        [value.of for value in flow.read(found.scope.names[CONSTRUCTOR]) if isinstance(value, FunctionItself)]
        if found
        else []
    )
    for unit in units:
        _bind(flow, unit, given)
    if not units:
        body = made.code.body if made.code else ()
        declared = [
            item.target.text for item in body if isinstance(item, Assign) and isinstance(item.target, Name)
        ]
        for name, values in zip(declared, given.arguments, strict=False):
            flow.write(add(made.scope, name), values)
    for name, values in given.keywords:
        flow.write(add(made.scope, name), values)


def _of_outside(flow: Flow, code: Call, path: tuple[str, ...], given: _Given) -> list[Value]:
    """A call of what is not in the code: generated code, or a library, which passes on what it is given."""
    assert flow.unit is not None
    module = flow.unit.module
    meaning = flow.found.called(module, path, code.line)
    if meaning is not None:
        role, service = meaning
        match role:
            case Role.STUB:
                stub = Stub(service, module.path, code.line)
                kept = flow.found.addresses.setdefault(stub, {})
                kept.update(dict.fromkeys(item for item in _texts(given) if _ADDRESS.fullmatch(item)))
                return [stub]
            case Role.SERVED:
                return [Served(service), Outside(path)]
            case Role.REGISTER:
                flow.found.provide(service, (module.path, code.line))
                return []
    if path[-1] == "" and not _LOADERS.isdisjoint(path):
        flow.found.chosen_later[module.path, code.line] = None
    if _simple(code.function) in module.language.registrars:
        return [Outside(path), *given.all()]
    _keep(flow, code, given)
    values = given.all()
    _give_away(flow, values)
    if module.language.name in _PLAIN and len(path) > 1:
        values = [value for value in values if not isinstance(value, Instance | FunctionItself)]
    passed = [
        value for value in (Outside(path), *values) if not isinstance(value, Outside) or _is_telling(value)
    ]
    return [*passed, *flow.declared(code.types, code.line), *_handed(flow, values, given)]


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


def _keep(flow: Flow, code: Call, given: _Given) -> None:
    """`clients.put("cart", stub)`: a variable whose class is not of the code holds what its methods are given."""
    kept = _holdable(given.all())
    if not kept or not isinstance(code.function, Member):
        return
    match code.function.of:
        case Name(text=text):
            nodes = variables(flow, text) if _is_variable(flow, text) else []
        case Member(of=of, name=name) if name:
            owners = [value for value in flow.value(of) if isinstance(value, Instance | Fields)]
            nodes = fields(flow, owners, name) if owners else []
        case _:
            nodes = []
    if nodes:
        holder = flow.holder_of(code)
        flow.write(holder.fields.setdefault("", Node()), kept)
        for node in nodes:
            flow.write(node, [Fields(holder)])


def _is_variable(flow: Flow, text: str) -> bool:
    scope = flow.unit.scope if flow.unit else None
    while scope is not None:
        if text in scope.names:
            return True
        if text in scope.imports:
            return False
        scope = scope.above
    return False


def _holdable(values: list[Value]) -> list[Value]:
    return [value for value in values if isinstance(value, Stub | Fields | Instance | FunctionItself)]


def _handed(flow: Flow, values: list[Value], given: _Given) -> list[Value]:
    """`stub.map(s -> ...)`: functions that a library is given get what it was given else; their results pass on."""
    passed = [value for value in values if isinstance(value, Stub | Instance | Fields)]
    results: list[Value] = []
    for value in given.all():
        if isinstance(value, FunctionItself):
            if passed:
                for parameter in value.of.parameters:
                    flow.write(value.of.scope.names[parameter.name], passed)
            results += flow.read(value.of.result)
    return results


def _give_away(flow: Flow, values: list[Value]) -> None:
    flow.found.given_away.update((value, None) for value in values if isinstance(value, Stub))


def _unresolved(flow: Flow, code: Call, simple: str, given: _Given) -> list[Value]:
    """A call of what is not known: of generated code or the few functions of that name, else of a library."""
    assert flow.unit is not None
    path = _written(code.function)
    if path and flow.found.called(flow.unit.module, path, code.line):
        return _of_outside(flow, code, path, given)
    units = flow.program.functions.get(simple, []) if simple else []
    values = given.all()
    if 0 < len(units) <= _GUESSES and folded(simple) not in ("get", "set", "run", "main"):
        flow.reach(FunctionItself(unit) for unit in units)
        return [item for unit in units for item in _of_function(flow, unit, given)]
    _keep(flow, code, given)
    _give_away(flow, values)
    return [*values, *_handed(flow, values, given)]
