"""Lowers a file of JavaScript or TypeScript, statement by statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from compatcheck.discover.code import NOTHING, SELF, Assign, Class, File, Function, Member, Name, Return
from compatcheck.discover.languages.javascript_bindings import named
from compatcheck.discover.languages.javascript_classes import CONSTRUCTOR, Classes
from compatcheck.discover.languages.javascript_types import type_names
from compatcheck.discover.syntax import DEEPEST, line_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_STATEMENTS = ("_statement", "_declaration", "_clause", "_block", "_case", "_default", "_body")


def file(root: SgNode, broken: tuple[int, ...]) -> File:
    """The whole file; `broken` are the lines that are not understood."""
    reader = _Statements()
    for node in named(root):
        reader.statement(node)
    return File((*reader.imports.values(), *reader.sink), broken=broken)


class _Statements(Classes):
    def statement(self, node: SgNode) -> None:
        if self.depth >= DEEPEST:
            return
        kind = node.kind()
        self.depth += 1
        lower = _LOWERED.get(kind)
        if lower is not None:
            lower(self, node)
        elif kind.endswith(_STATEMENTS) or kind == "ERROR":
            for child in named(node):
                self.statement(child)
        else:
            self.do(self.value(node))
        self.depth -= 1

    def nothing(self, node: SgNode) -> None:
        """A statement that only the compiler of types reads."""

    def variables(self, node: SgNode) -> None:
        for declared in named(node):
            pattern, value = declared.field("name"), declared.field("value")
            if pattern is None:
                continue
            types = type_names(declared.field("type"))
            if value is None:
                self.bind(pattern, NOTHING, types)
            elif not self.import_required(pattern, value):
                self.define(pattern, value, types)

    def expression(self, node: SgNode) -> None:
        for child in named(node):
            if child.kind() != "assignment_expression":
                self.do(self.value(child))
            elif not self.method_or_export(child):
                self.assignment(child)

    def return_(self, node: SgNode) -> None:
        self.sink.append(Return(self.operand(node)))

    def function_declared(self, node: SgNode) -> None:
        """A function; one that sets members of its object is a class, as they were before classes."""
        name = node.field("name")
        made = self.function(node, name.text() if name is not None else "")
        sets = any(
            isinstance(part, Assign) and isinstance(part.target, Member) and part.target.of == Name(SELF)
            for part in made.body
        )
        if sets and made.name[:1].isupper():
            constructor = Function(CONSTRUCTOR, made.parameters, made.body, line=made.line)
            self.sink.append(Class(made.name, (), (constructor,), (), made.line))
        else:
            self.sink.append(made)

    def for_each(self, node: SgNode) -> None:
        left, body = node.field("left"), node.field("body")
        value = self.value(node.field("right"))
        if left is not None:
            self.bind(left, value)
        if body is not None:
            self.statement(body)

    def namespace(self, node: SgNode) -> None:
        name, body = node.field("name"), node.field("body")
        if name is None or body is None or name.kind() == "string":
            return
        with self.gathering() as gathered:
            self.statement(body)
        self.sink.append(Class(name.text().rpartition(".")[2], (), tuple(gathered), (), line_of(node)))

    def alias(self, node: SgNode) -> None:
        """A type that lists members is a class of them; of any other, what it is called says nothing."""
        value = node.field("value")
        if value is not None and value.kind() == "object_type":
            self.class_declared(node)

    def class_declared(self, node: SgNode) -> None:
        name = node.field("name")
        self.class_(node, name.text() if name is not None else "")


_LOWERED: dict[str, Callable[[_Statements, SgNode], None]] = {
    "import_statement": _Statements.import_,
    "export_statement": _Statements.export,
    "expression_statement": _Statements.expression,
    "lexical_declaration": _Statements.variables,
    "variable_declaration": _Statements.variables,
    "function_declaration": _Statements.function_declared,
    "generator_function_declaration": _Statements.function_declared,
    "class_declaration": _Statements.class_declared,
    "abstract_class_declaration": _Statements.class_declared,
    "interface_declaration": _Statements.class_declared,
    "type_alias_declaration": _Statements.alias,
    "internal_module": _Statements.namespace,
    "module": _Statements.namespace,
    "enum_declaration": _Statements.nothing,
    "return_statement": _Statements.return_,
    "for_in_statement": _Statements.for_each,
}
