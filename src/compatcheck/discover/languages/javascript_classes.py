"""Lowers the classes and interfaces of JavaScript and TypeScript, the marks of NestJS on them included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import SELF, Assign, Call, Class, Function, Member, Name, Parameter, Value
from compatcheck.discover.languages.javascript_bindings import named
from compatcheck.discover.languages.javascript_idioms import NEST, service_named
from compatcheck.discover.languages.javascript_modules import Modules
from compatcheck.discover.languages.javascript_types import type_names
from compatcheck.discover.languages.javascript_values import FUNCTIONS
from compatcheck.discover.syntax import line_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

CONSTRUCTOR = "<init>"

_METHOD_MARKS = frozenset({"GrpcMethod", "GrpcStreamMethod", "GrpcStreamCall"})
_OF_CONTROLLER = "ControllerMethods"
"""Ends the mark that ts-proto makes for a controller: `@CartServiceControllerMethods()`."""


class Classes(Modules):
    """Classes, and what is named as a member of one."""

    def define(self, pattern: SgNode, value: SgNode, types: tuple[str, ...] = ()) -> None:
        """A function or class that is given a name is one of that name."""
        kind = value.kind()
        if pattern.kind() in {"identifier", "property_identifier", "private_property_identifier"}:
            name = pattern.text()
            if kind in FUNCTIONS:
                self.sink.append(self.function(value, name))
                return
            if kind == "class":
                self.class_(value, name)
                return
            self.sink.append(Assign(Name(name), self.value(value), types, line_of(pattern)))
        else:
            made = self.value(value)
            self.bind(pattern, made, types)
            self.define_state(pattern, made)

    def define_state(self, pattern: SgNode, value: Value) -> None:
        """`const [cart, setCart] = useState()` of React: what the second is given, the first holds."""
        names = [child.text() for child in named(pattern)] if pattern.kind() == "array_pattern" else []
        match value:
            case Call(Name("useState") | Member(name="useState")) if len(names) == 2:
                given = Assign(Name(names[0]), Name("value"), line=line_of(pattern))
                self.sink.append(Function(names[1], (Parameter("value"),), (given,), line=line_of(pattern)))

    def class_(self, node: SgNode, name: str) -> str:
        around, used = self.this, self.this_is_used
        self.this = SELF
        bases: list[str] = []
        body = node.field("body") or node.field("value")
        decorators = [child for child in named(node) if child.kind() == "decorator"]
        parent = node.parent()
        if parent is not None and parent.kind() == "export_statement":
            decorators += [child for child in named(parent) if child.kind() == "decorator"]
        for child in named(node):
            if child.kind() in {"class_heritage", "extends_type_clause"}:
                self.heritage(child, bases)
        marks = tuple(_mark(decorator) for decorator in decorators)
        bases += [
            f"{mark.removesuffix(_OF_CONTROLLER)}.{NEST}" for mark in marks if mark.endswith(_OF_CONTROLLER)
        ]
        with self.gathering() as members:
            for child in named(body) if body is not None else []:
                if child.kind() == "decorator" and (service := self.marked_method(child, name)):
                    bases.append(f"{service}.{NEST}")
                self.class_member(child)
        self.this, self.this_is_used = around, used
        self.sink.append(Class(name, tuple(dict.fromkeys(bases)), tuple(members), marks, line_of(node)))
        for decorator in decorators:
            self.do(self.parts(decorator))
        return name

    def marked_method(self, decorator: SgNode, class_name: str) -> str:
        """The service that a NestJS controller serves a method of; by default it is called as its class."""
        if _mark(decorator) not in _METHOD_MARKS:
            return ""
        value = self.parts(decorator)
        return (
            service_named(value.arguments[0]) if isinstance(value, Call) and value.arguments else class_name
        )

    def heritage(self, node: SgNode, bases: list[str]) -> None:
        for child in named(node):
            kind = child.kind()
            if kind in {"extends_clause", "implements_clause"}:
                self.heritage(child, bases)
            elif kind in {"identifier", "member_expression"}:
                bases.append(child.text())
            elif kind in {"type_identifier", "nested_type_identifier", "generic_type"}:
                bases.extend(type_names(child)[:1])
            elif kind == "call_expression":
                value = self.value(child)
                self.do(value)
                if isinstance(value, Call):
                    bases.extend(each.text for each in value.arguments if isinstance(each, Name))

    def class_member(self, node: SgNode) -> None:
        kind = node.kind()
        name = node.field("name") or node.field("property")
        text = self.key(name)
        if kind == "method_definition":
            made = self.function(node, CONSTRUCTOR if text == "constructor" else text)
            if any(child.kind() == "get" for child in node.children()):
                self.sink.append(
                    Assign(Name(text), Call(Function("", (), made.body, made.returns)), made.returns)
                )
                return
            self.sink.append(made)
            if made.name == CONSTRUCTOR:
                self.sink.extend(
                    Assign(Name(each.target.name), None, each.types, each.line)
                    for each in made.body
                    if isinstance(each, Assign) and isinstance(each.target, Member) and each.types
                )
        elif (
            kind in {"field_definition", "public_field_definition", "property_signature"} and name is not None
        ):
            types, value = type_names(node.field("type")), node.field("value")
            if value is not None:
                self.define(name, value, types)
            elif text:
                self.sink.append(Assign(Name(text), None, types, line_of(name)))
        elif kind == "class_static_block":
            with self.gathering() as body:
                for child in named(node):
                    self.statement(child)
            self.sink.append(Function("<static>", (), tuple(body), line=line_of(node)))


def _mark(decorator: SgNode) -> str:
    """The simple name of a decorator: `@nest.GrpcMethod('Cart')` is GrpcMethod."""
    inner = next(iter(named(decorator)), None)
    if inner is not None and inner.kind() == "call_expression":
        inner = inner.field("function")
    return inner.text().rpartition(".")[2] if inner is not None and inner.kind() != "call_expression" else ""
