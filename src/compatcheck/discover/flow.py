"""Evaluates the code of a service until nothing new is learnt of where its stubs go."""

from __future__ import annotations

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
from compatcheck.discover.scopes import add, begin, function_unit
from compatcheck.discover.state import State
from compatcheck.discover.values import (
    MOST,
    Fields,
    FunctionItself,
    Node,
    Served,
    Stub,
    Unit,
    Value,
    Words,
)

_DEEPEST = 200
"""Levels of an expression that are gone down; frontends lower fewer."""


class Flow(State):
    """Evaluates statements and expressions on the state."""

    def run(self) -> bool:
        """Evaluates everything to a fixpoint, then once more with guesses. False: it had to be cut short.

        The bound is one of steps, not of time: the same code gives the same result everywhere.
        """
        for self.guessing in (False, True):
            self.queue = {unit: None for unit in self.program.units if unit not in self.waiting}
            if self.guessing:
                self.list_members()
            while self.queue and self.left > 0:
                unit = next(iter(self.queue))
                del self.queue[unit]
                self._evaluate(unit)
        self.lose()
        return self.left > 0

    def _evaluate(self, unit: Unit) -> None:
        self.unit = unit
        self.recent, self.given = {}, set()
        for made in begin(self.program, unit):
            self.later(made)
        function = unit.function
        if function is not None:
            for parameter in function.parameters:
                node = unit.scope.names[parameter.name]
                self.write(node, lookups.injected(self, parameter.types, function.line))
                if parameter.default is not None:
                    self.write(node, self.value(parameter.default))
            self.write(unit.result, lookups.declared(self, function.returns, function.line))
        for statement in unit.statements:
            self._statement(unit, statement)

    def _statement(self, unit: Unit, statement: Statement) -> None:
        match statement:
            case Assign():
                values = [] if statement.value is None else self.value(statement.value)
                declared = lookups.declared if statement.value else lookups.injected
                self.assign(statement.target, [*values, *declared(self, statement.types, statement.line)])
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
                holder = self.holder_of(target)
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

    def value(self, expression: Expression, depth: int = 0) -> list[Value]:
        """What an expression may stand for. Uses and registrations in it are recorded on the way."""
        if depth > _DEEPEST or self.unit is None or self.left <= 0:
            return []
        values = self._value(expression, depth)
        if self.waiting:
            self.reach(values)
        self.left -= 1 + len(values)
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
                holder = self.holder_of(expression)
                for name, part in fields:
                    self.write(holder.fields.setdefault(name, Node()), self.value(part, depth + 1))
                return [Fields(holder)]
            case Several(parts=parts):
                return list(dict.fromkeys(found for part in parts for found in self.value(part, depth + 1)))
            case Function():
                return [FunctionItself(self._closure(expression))]

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
