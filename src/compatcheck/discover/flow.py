"""Evaluates the code of a service until nothing new is learnt of where its stubs go."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from compatcheck.discover import calls, lookups, members
from compatcheck.discover.code import (
    Assign,
    Call,
    Class,
    Do,
    Function,
    Import,
    Member,
    Name,
    Record,
    Return,
    Several,
    Statement,
    Text,
)
from compatcheck.discover.code import Value as Expression
from compatcheck.discover.conventions import Role
from compatcheck.discover.found import Found
from compatcheck.discover.modules import Imports
from compatcheck.discover.scopes import Program, add, begin, family, function_unit
from compatcheck.discover.values import (
    MOST,
    ClassCode,
    ClassItself,
    Fields,
    FunctionItself,
    Holder,
    Instance,
    Node,
    Outside,
    Served,
    Stub,
    Unit,
    Value,
    Words,
)

_DEEPEST = 200
"""Levels of an expression that are gone down; frontends lower fewer."""

_STEPS = 15_000_000
"""Values that are looked at until following ends, about ten seconds' worth: only monoliths take as many."""

_NOISE = 8
"""Texts, outside names and records that one variable keeps."""


class Flow:
    """The state of an evaluation. `guessing`: what cannot be resolved is looked for by its simple name.

    `shared`: paths of files of which only the functions count that the others come to name, call or make an
    instance for.
    """

    def __init__(self, program: Program, found: Found, shared: Collection[str] = ()) -> None:
        self.program = program
        self.found = found
        self.imports = Imports(program)
        self.loose: dict[str, Node] = {}
        """Fields of objects that are not known, by name."""
        self.guessing = False
        self.unit = Unit((), program.modules[0], program.modules[0].scope) if program.modules else None
        self.recent: dict[str, list[Value]] = {}
        """Texts of the unit's variables, by name, as of the last assignments."""
        self.given: set[str] = set()
        """Variables that were given to a call since."""
        self.passed_over: dict[Value, None] = {}
        """What some variable or expression did not keep, since it held too much."""
        self._queue: dict[Unit, None] = {}
        self._left = _STEPS
        self._waiting = {
            unit: None for unit in program.units if unit.function is not None and unit.module.path in shared
        }
        """Functions of shared code that nothing has come to yet."""
        self._reached: dict[ClassCode, None] = {}
        self.having: dict[str, list[Node]] = {}
        """Members of all classes, by name, once it is guessed."""

    def run(self) -> bool:
        """Evaluates everything to a fixpoint, then once more with guesses. False: it had to be cut short.

        The bound is one of steps, not of time: the same code gives the same result everywhere.
        """
        for self.guessing in (False, True):
            self._queue = {unit: None for unit in self.program.units if unit not in self._waiting}
            if self.guessing:
                self._list_members()
            while self._queue and self._left > 0:
                unit = next(iter(self._queue))
                del self._queue[unit]
                self._evaluate(unit)
        self._lose()
        return self._left > 0

    def _list_members(self) -> None:
        for classes in self.program.classes.values():
            for made in classes:
                for name, node in made.scope.names.items():
                    self.having.setdefault(name, []).append(node)

    def _lose(self) -> None:
        """Stubs in what was passed over went where their calls cannot be seen."""
        for value in self.passed_over:
            match value:
                case Instance(of=made):
                    nodes = list(made.scope.names.values())
                case FunctionItself(of=unit):
                    nodes = [unit.result]
                case _:
                    nodes = []
            held = [item for node in nodes for item in node.values if isinstance(item, Stub)]
            self.found.given_away.update(dict.fromkeys(held))

    def reach(self, values: Iterable[Value]) -> None:
        """Has those of the values evaluated that are functions, or the methods of those that are objects."""
        todo = list(values)
        while todo:
            match todo.pop():
                case FunctionItself(of=unit) if unit in self._waiting:
                    del self._waiting[unit]
                    self.later(unit)
                case Instance(of=made) | ClassItself(of=made) if made not in self._reached:
                    self._reached[made] = None
                    todo += [
                        item
                        for each in family(made)
                        for node in each.scope.names.values()
                        for item in node.values
                    ]
                case _:
                    pass

    def later(self, unit: Unit) -> None:
        """Has a unit evaluated (again)."""
        if unit not in self._waiting:
            self._queue[unit] = None

    def read(self, node: Node) -> list[Value]:
        """What a node holds now; the unit at hand is evaluated again when that grows."""
        if self.unit is not None:
            node.readers[self.unit] = None
        self._left -= 1 + len(node.values)
        return list(node.values) if self._left > 0 else []

    def write(self, node: Node, values: Iterable[Value]) -> None:
        grown = False
        for value in values:
            self._left -= 1
            if value in node.values or (
                isinstance(value, Outside | Words | Fields) and len(node.values) >= _NOISE
            ):
                continue
            if len(node.values) >= MOST and not isinstance(value, Stub | Served):
                self.passed_over[value] = None
                continue
            node.values[value] = None
            grown = True
        if grown:
            for reader in node.readers:
                self.later(reader)

    def _evaluate(self, unit: Unit) -> None:
        self.unit = unit
        self.recent, self.given = {}, set()
        for made in begin(self.program, unit):
            self.later(made)
        function = unit.function
        if function is not None:
            for parameter in function.parameters:
                node = unit.scope.names[parameter.name]
                self.write(node, self.injected(parameter.types, function.line))
                if parameter.default is not None:
                    self.write(node, self.value(parameter.default))
            self.write(unit.result, self.declared(function.returns, function.line))
        for statement in unit.statements:
            self._statement(unit, statement)

    def _statement(self, unit: Unit, statement: Statement) -> None:
        match statement:
            case Assign():
                values = [] if statement.value is None else self.value(statement.value)
                declared = self.declared if statement.value else self.injected
                self.assign(statement.target, [*values, *declared(statement.types, statement.line)])
            case Return(value=value):
                self.write(unit.result, self.value(value))
            case Do(value=value):
                self.value(value)
            case Class() | Function() | Import():
                pass

    def assign(self, target: Expression, values: list[Value]) -> None:
        """Writes to a variable, a field, or each part of a pattern."""
        match target:
            case Name(text=text):
                for node in lookups.variables(self, text):
                    self.write(node, values)
                self._retext(text, values)
            case Member(of=of, name=""):
                holder = self._holder(target)
                self.write(holder.fields.setdefault("", Node()), values)
                self.assign(of, [Fields(holder)])
            case Member(of=of, name=name):
                for node in lookups.fields(self, self.value(of), name):
                    self.write(node, values)
            case Several(parts=parts):
                for part in parts:
                    self.assign(part, values)
            case _:
                self.value(target)

    def _retext(self, name: str, values: list[Value]) -> None:
        """One variable often holds one address after the other: once it was given to a call, the next replaces it."""
        words: list[Value] = [value for value in values if isinstance(value, Words)]
        self.recent[name] = words if name in self.given else [*self.recent.get(name, []), *words]
        self.given.discard(name)

    def injected(self, types: Iterable[str], line: int) -> list[Value]:
        """What a parameter or field of these types holds, into which it may come by its type alone."""
        held = self.declared(types, line)
        self.found.injected.update((value, None) for value in held if isinstance(value, Stub))
        return held

    def declared(self, types: Iterable[str], line: int) -> list[Value]:
        """What something of these types holds, if it is injected: stubs, instances of classes."""
        held: list[Value] = []
        for written in types:
            for value in lookups.typed(self, written):
                if isinstance(value, ClassItself):
                    held.append(Instance(value.of))
                elif isinstance(value, Outside) and self.unit is not None:
                    meaning = self.found.typed(self.unit.module, value.path, line)
                    if meaning and meaning[0] is Role.STUB:
                        held.append(Stub(meaning[1], self.unit.module.path, line))
        return held

    def value(self, expression: Expression, depth: int = 0) -> list[Value]:
        """What an expression may stand for. Uses and registrations in it are recorded on the way."""
        if depth > _DEEPEST or self.unit is None or self._left <= 0:
            return []
        values = self._value(expression, depth)
        if self._waiting:
            self.reach(values)
        self._left -= 1 + len(values)
        if len(values) <= MOST:
            return values
        values.sort(key=lambda value: not isinstance(value, Stub | Served))
        most = max(MOST, sum(isinstance(value, Stub | Served) for value in values))
        self.passed_over.update(dict.fromkeys(values[most:]))
        return values[:most]

    def _value(self, expression: Expression, depth: int) -> list[Value]:
        assert self.unit is not None
        match expression:
            case Name(text=text):
                values = lookups.named(self, text)
                if text not in self.recent:
                    return values
                return [*(value for value in values if not isinstance(value, Words)), *self.recent[text]]
            case Member(of=of, name=name, line=line):
                return members.members(self, self.value(of, depth + 1), name, line)
            case Call():
                return calls.call(self, expression, depth)
            case Text(value=text):
                return [Words(text)] if 1 < len(text) <= 100 else []
            case Record(fields=fields):
                holder = self._holder(expression)
                for name, part in fields:
                    self.write(holder.fields.setdefault(name, Node()), self.value(part, depth + 1))
                return [Fields(holder)]
            case Several(parts=parts):
                return list(dict.fromkeys(found for part in parts for found in self.value(part, depth + 1)))
            case Function():
                return [FunctionItself(self._closure(expression))]

    def _holder(self, expression: Expression) -> Holder:
        assert self.unit is not None
        return self.unit.records.setdefault(id(expression), Holder())

    def holder_of(self, expression: Expression) -> Holder:
        """The contents of the collection that an expression fills."""
        return self._holder(expression)

    def _closure(self, function: Function) -> Unit:
        assert self.unit is not None
        made = self.unit.closures.get(id(function))
        if made is None:
            made = function_unit(function, self.unit.scope, self.unit.module, self.unit.owner)
            self.unit.closures[id(function)] = made
            self.later(made)
            if function.name:
                add(made.scope, function.name).values[FunctionItself(made)] = None
        return made
