"""Lowers the functions of JavaScript and TypeScript, and the patterns that take values apart."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Function,
    Import,
    Member,
    Name,
    Parameter,
    Return,
    Several,
    Statement,
    Text,
    Value,
)
from compatcheck.discover.languages.javascript_types import type_names
from compatcheck.discover.syntax import DEEPEST, line_of, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_NODE = Name("process")
_BUNDLER = Name("import.meta")


def named(node: SgNode) -> list[SgNode]:
    """The children that are more than punctuation and comments."""
    return [child for child in node.children() if child.is_named() and child.kind() != "comment"]


def several(values: list[Value]) -> Value:
    kept = tuple(value for value in values if value != NOTHING)
    return kept[0] if len(kept) == 1 else Several(kept)


def _is_path(value: Value) -> bool:
    while isinstance(value, Member):
        value = value.of
    return isinstance(value, Name)


def place(node: SgNode) -> str:
    start = node.range().start
    return f"{start.line + 1}:{start.column}"


def member(of: Value, name: str, line: int) -> Value:
    """What something holds under a name. A variable of the environment is also the text of its name: it may say
    where a service is."""
    held = Member(of, name, line)
    return Several((held, Text(name))) if _is_environment(of) else held


def _is_environment(value: Value) -> bool:
    return isinstance(value, Member) and value.name == "env" and value.of in (_NODE, _BUNDLER)


class Bindings(ABC):
    """Gathers the statements that values and patterns hold: `return (this.client = make())`."""

    def __init__(self) -> None:
        self.depth = 0
        self.sink: list[Statement] = []
        self.imports: dict[str, Import] = {}
        """Modules that are used where they are required, by their names."""
        self.promises: dict[str, str] = {}
        """What resolves a promise -> the variable that holds what it is resolved with."""
        self.this = SELF
        self.this_is_used = False

    @abstractmethod
    def statement(self, node: SgNode) -> None:
        """Lower a statement into the sink."""

    @abstractmethod
    def class_(self, node: SgNode, name: str) -> str:
        """Lower a class into the sink, and give the name that it has there."""

    @contextmanager
    def gathering(self) -> Iterator[list[Statement]]:
        """Statements go into the list that this gives."""
        around, self.sink = self.sink, []
        try:
            yield self.sink
        finally:
            self.sink = around

    @abstractmethod
    def value(self, node: SgNode | None) -> Value:
        """Lower an expression."""

    def function(self, node: SgNode, name: str = "") -> Function:
        with self.gathering() as body:
            one = node.field("parameter")
            listed = node.field("parameters")
            nodes = [one] if one is not None else named(listed) if listed is not None else []
            parameters = tuple(parameter for each in nodes if (parameter := self.parameter(each)))
            block = node.field("body")
            if block is not None and block.kind() == "statement_block":
                self.statement(block)
            elif block is not None:
                self.sink.append(Return(self.value(block)))
        returns = type_names(node.field("return_type"))
        return Function(name, parameters, tuple(body), returns, line=line_of(node))

    def parameter(self, node: SgNode) -> Parameter | None:
        """A parameter; what a pattern takes out of it is assigned in the body."""
        pattern = node.field("pattern") or node.field("left") or node
        default = node.field("value") or node.field("right")
        types = type_names(node.field("type"))
        while pattern.kind() in {"rest_pattern", "assignment_pattern"} and (inner := named(pattern)):
            pattern = inner[0]
        if pattern.kind() == "this":
            return None
        value = self.value(default) if default is not None else None
        if pattern.kind() in {"identifier", "undefined"}:
            name = pattern.text()
            if any(child.kind() in {"accessibility_modifier", "readonly"} for child in node.children()):
                self.sink.append(Assign(Member(Name(SELF), name), Name(name), types, line_of(node)))
            return Parameter(name, types, value)
        name = f"<parameter {place(node)}>"
        self.bind(pattern, Name(name))
        return Parameter(name, types, value)

    def bind(self, pattern: SgNode, value: Value, types: tuple[str, ...] = ()) -> None:
        """Assign to the names in a pattern what they take out of the value."""
        kind, line = pattern.kind(), line_of(pattern)
        if self.depth >= DEEPEST:
            return
        self.depth += 1
        if kind in {"object_pattern", "array_pattern"}:
            if not _is_path(value):
                whole = Name(f"<value {place(pattern)}>")
                self.sink.append(Assign(whole, value, types, line))
                value = whole
            for child in named(pattern):
                self.bind_part(child, value, is_array=kind == "array_pattern")
        elif kind in {"assignment_pattern", "object_assignment_pattern"}:
            self.bind_part(pattern, value, is_array=True)
        elif kind == "rest_pattern":
            for child in named(pattern):
                self.bind(child, value)
        elif kind in {"identifier", "shorthand_property_identifier_pattern"}:
            self.sink.append(Assign(Name(pattern.text()), value, types, line))
        else:
            self.sink.append(Assign(self.value(pattern), value, types, line))
        self.depth -= 1

    def bind_part(self, node: SgNode, value: Value, *, is_array: bool) -> None:
        kind = node.kind()
        if kind in {"assignment_pattern", "object_assignment_pattern"}:
            left, default = node.field("left"), self.value(node.field("right"))
            if left is not None:
                of = value if is_array else member(value, left.text(), line_of(left))
                self.bind(left, several([of, default]))
        elif kind == "pair_pattern":
            key, inner = node.field("key"), node.field("value")
            if inner is not None:
                self.bind(inner, member(value, self.key(key), line_of(node)))
        elif kind == "shorthand_property_identifier_pattern":
            self.bind(node, member(value, node.text(), line_of(node)))
        else:
            self.bind(node, value)

    def key(self, node: SgNode | None) -> str:
        """The name of a property; empty if it is only known at run time."""
        if node is None:
            return ""
        kind = node.kind()
        if kind == "computed_property_name":
            value = several([self.value(child) for child in named(node)])
            return value.value if isinstance(value, Text) else ""
        return unquoted(node.text()) if kind == "string" else node.text()
