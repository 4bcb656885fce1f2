"""What an evaluation has learnt so far: what is held where, what is to be evaluated again, how much is left to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable

from compatcheck.discover.code import Value as Expression
from compatcheck.discover.found import Found
from compatcheck.discover.modules import Imports
from compatcheck.discover.scopes import Program, family
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

_STEPS = 15_000_000
"""Values that are looked at until following ends, about ten seconds' worth: only monoliths take as many."""

_NOISE = 8
"""Texts, outside names and records that one variable keeps."""


class State(ABC):
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
        self.queue: dict[Unit, None] = {}
        self.left = _STEPS
        self.waiting = {
            unit: None for unit in program.units if unit.function is not None and unit.module.path in shared
        }
        """Functions of shared code that nothing has come to yet."""
        self.reached: dict[ClassCode, None] = {}
        self.having: dict[str, list[Node]] = {}
        """Members of all classes, by name, once it is guessed."""

    @abstractmethod
    def value(self, expression: Expression, depth: int = 0) -> list[Value]:
        """What an expression may stand for. Uses and registrations in it are recorded on the way."""

    def list_members(self) -> None:
        """Has the members of all classes at hand by name, for guesses."""
        for classes in self.program.classes.values():
            for made in classes:
                for name, node in made.scope.names.items():
                    self.having.setdefault(name, []).append(node)

    def lose(self) -> None:
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
                case FunctionItself(of=unit) if unit in self.waiting:
                    del self.waiting[unit]
                    self.later(unit)
                case Instance(of=made) | ClassItself(of=made) if made not in self.reached:
                    self.reached[made] = None
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
        if unit not in self.waiting:
            self.queue[unit] = None

    def read(self, node: Node) -> list[Value]:
        """What a node holds now; the unit at hand is evaluated again when that grows."""
        if self.unit is not None:
            node.readers[self.unit] = None
        self.left -= 1 + len(node.values)
        return list(node.values) if self.left > 0 else []

    def write(self, node: Node, values: Iterable[Value]) -> None:
        grown = False
        for value in values:
            self.left -= 1
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

    def holder_of(self, expression: Expression) -> Holder:
        """The contents of the collection that an expression fills."""
        assert self.unit is not None
        return self.unit.records.setdefault(id(expression), Holder())
