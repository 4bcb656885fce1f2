"""Reads statements and expressions of Java and Kotlin into scopes, which know the names that are declared there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compatcheck.discover.code import NOTHING, SELF, Class, Do, Member, Name, Several, Statement, Text, Value
from compatcheck.discover.syntax import DEEPEST, line_of, named

if TYPE_CHECKING:
    from ast_grep_py import SgNode


@dataclass(slots=True)
class Scope:
    """The file, class or function that is being read.

    An expression may hold statements (blocks, bodies of classes): they go to `out` before what is made of them.
    """

    read: Callable[[SgNode, Scope], None]
    """Reads a statement into a scope."""
    value: Callable[[SgNode | None, Scope], Value]
    """What an expression in a scope holds."""
    above: Scope | None = None
    of_class: str = ""
    """Its name, if this is the body of a class."""
    base: str = ""
    """Dotted name of that class's superclass."""
    receiver: str = ""
    """What stands for `this`, if it is an extension function or a lambda with a receiver."""
    depth: int = 0
    out: list[Statement] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)
    """Variables, parameters and fields."""
    yielded: list[Value] = field(default_factory=list)
    """What a block gives that is the arm of an expression."""
    extensions: set[str] = field(default_factory=set)
    """Of a file: functions that it calls as if they were members."""
    wire: bool = False
    """Of a file: it uses clients that Wire generates."""

    def inner(self, of_class: str = "", base: str = "") -> Scope:
        """A scope for a function within this one, or for a class if its name is given."""
        return Scope(self.read, self.value, self, of_class, base, depth=self.depth)

    def any_of(self, nodes: Iterable[SgNode]) -> Value:
        """Any of what some expressions hold."""
        found = [each for node in nodes if (each := self.value(node, self)) != NOTHING]
        return found[0] if len(found) == 1 else Several(tuple(found))

    def do(self, value: Value) -> None:
        """Keeps a value that is computed and used no further."""
        if value != NOTHING and not isinstance(value, Name | Text):
            self.out.append(Do(value))

    def root(self) -> Scope:
        """The scope of the file."""
        scope = self
        while scope.above is not None:
            scope = scope.above
        return scope

    def receivers(self) -> list[str]:
        """What may stand for `this` here instead of the object of the class around, innermost first."""
        found: list[str] = []
        scope: Scope | None = self
        while scope is not None and not scope.of_class:
            if scope.receiver:
                found.append(scope.receiver)
            scope = scope.above
        return found

    def owner(self) -> Scope | None:
        """The scope of the class around it."""
        scope: Scope | None = self
        while scope is not None and not scope.of_class:
            scope = scope.above
        return scope

    def constructed(self, word: str) -> str:
        """The class whose constructor `this(...)` or `super(...)` calls; empty if it is not known."""
        around = self.owner()
        if around is None:
            return ""
        return around.of_class if word == "this" else around.base

    def target(self, name: str) -> Value:
        """What an assignment to a simple name sets: a variable, or a field of this class or of one around it."""
        first = self.owner()
        scope: Scope | None = self
        while scope is not None:
            if name in scope.declared:
                if not scope.of_class:
                    return Name(name)
                return Member(Name(SELF if scope is first else scope.of_class), name)
            scope = scope.above
        if receivers := self.receivers():
            return Member(Name(receivers[0]), name)
        return Member(Name(SELF), name) if first is not None else Name(name)

    @property
    def too_deep(self) -> bool:
        return self.depth > DEEPEST


def held_by(
    node: SgNode | None,
    scope: Scope,
    values: Mapping[str, Callable[[SgNode, Scope], Value]],
    types: Collection[str],
) -> Value:
    """What an expression holds, by what reads each kind of it; `types`: kinds of nodes that name types."""
    if node is None or scope.too_deep:
        return NOTHING
    scope.depth += 1
    kind = node.kind()
    if reading := values.get(kind):
        found = reading(node, scope)
    elif kind in types or kind.endswith("_literal"):
        found = NOTHING
    else:
        found = scope.any_of(node.named_children())
    scope.depth -= 1
    return found


def read_statement(
    node: SgNode,
    scope: Scope,
    statements: Mapping[str, Callable[[SgNode, Scope], None]],
    values: Collection[str],
    types: Collection[str],
) -> None:
    """Reads a statement into a scope, or an expression that stands as one, or what an unknown kind holds."""
    if scope.too_deep:
        return
    scope.depth += 1
    kind = node.kind()
    if reading := statements.get(kind):
        reading(node, scope)
    elif kind in values:
        scope.do(scope.value(node, scope))
    elif kind not in types:
        for child in node.named_children():
            scope.read(child, scope)
    scope.depth -= 1


def anonymous_class(body: SgNode, bases: tuple[str, ...], scope: Scope) -> Value:
    """The class that a body of members makes, which is stated before it is used, or what it extends."""
    position = body.range().start
    name = f"${position.line}:{position.column}"
    inner = scope.inner(name, bases[0] if bases else "")
    inner.read(body, inner)
    scope.out.append(Class(name, bases, tuple(inner.out), line=line_of(body)))
    return Several((Name(name), *map(named, bases)))
