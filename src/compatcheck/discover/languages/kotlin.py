"""Kotlin, with the stubs of grpc-kotlin and grpc-java, and Wire's clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    SELF,
    Assign,
    Call,
    Class,
    File,
    Function,
    Import,
    Member,
    Name,
    Parameter,
    Return,
    Value,
)
from compatcheck.discover.conventions import Language
from compatcheck.discover.languages import jvm
from compatcheck.discover.languages import kotlin_declarations as declarations
from compatcheck.discover.languages import kotlin_values as values
from compatcheck.discover.languages.jvm_scope import Scope, read_statement
from compatcheck.discover.languages.kotlin_declarations import TYPES, child_of, text_of
from compatcheck.discover.syntax import broken_lines, dotted_names, line_of, named, parse

if TYPE_CHECKING:
    from ast_grep_py import SgNode


def read(text: str) -> File:
    """What a Kotlin file says."""
    if jvm.is_generated(text):
        return File(())
    root = parse(text, "kotlin")
    scope = Scope(_statement, values.value, wire=jvm.uses_wire(text))
    package = ""
    children = root.named_children()
    for node in children:
        kind = node.kind()
        if kind == "package_header":
            package = text_of(child_of(node, "identifier"))
        elif child_of(node, "receiver_type") is not None:
            declared = child_of(node, "variable_declaration") or node
            scope.extensions.add(text_of(child_of(declared, "simple_identifier")))
    for node in children:
        _statement(node, scope)
    return File(tuple(scope.out), package, broken_lines(root))


def _statement(node: SgNode, scope: Scope) -> None:
    read_statement(node, scope, _STATEMENTS, values.VALUES, TYPES)


def _import(node: SgNode, scope: Scope) -> None:
    dotted = text_of(child_of(node, "identifier"))
    if child_of(node, "wildcard_import") is not None:
        scope.out.append(Import("", dotted))
        return
    module, _, name = dotted.rpartition(".")
    alias = child_of(node, "import_alias")
    called = text_of(child_of(alias, "type_identifier", "simple_identifier")) or name
    if called[:1].islower() and not module.startswith(("kotlin", "java", "io.")):
        scope.extensions.add(called)
        scope.out.append(Import(declarations.extension(called), module, declarations.extension(name)))
    scope.out.append(Import(called, module, name))


def _class(node: SgNode, scope: Scope) -> None:
    name = text_of(child_of(node, "type_identifier"))
    marks = declarations.marks(node, scope)
    specifiers = [each for each in node.named_children() if each.kind() == "delegation_specifier"]
    bases = declarations.bases(specifiers)
    inner = scope.inner(name, bases[0] if bases else "")
    start = inner.inner()
    parameters = _primary(child_of(node, "primary_constructor"), inner, start)
    declarations.delegate(specifiers, start)
    _members(child_of(node, "class_body", "enum_class_body"), inner, start)
    if start.out or parameters:
        inner.out.append(Function("<init>", parameters, tuple(start.out), line=line_of(node)))
    bases = jvm.served_bases(marks, bases)
    scope.out.append(Class(name, bases, tuple(inner.out), tuple(marks), line_of(node)))


def _primary(node: SgNode | None, scope: Scope, start: Scope) -> tuple[Parameter, ...]:
    """Parameters of the constructor that a class's head holds. Those with `val` or `var` are fields as well."""
    found: list[Parameter] = []
    for child in node.named_children() if node is not None else ():
        if child.kind() == "class_parameter":
            parameter = declarations.parameter(child, start)
            found.append(parameter)
            if child_of(child, "binding_pattern_kind") is not None:
                scope.declared.add(parameter.name)
                scope.out.append(Assign(Name(parameter.name), None, parameter.types, line_of(child)))
                kept = Member(Name(SELF), parameter.name)
                start.out.append(Assign(kept, Name(parameter.name), (), line_of(child)))
    start.declared.update(each.name for each in found)
    return tuple(found)


def _members(body: SgNode | None, scope: Scope, start: Scope) -> None:
    """What stands in a class goes to `scope`; what happens when an object is made goes to `start`."""
    members = body.named_children() if body is not None else []
    if len(members) == 1 and members[0].kind() == "statements":
        members = members[0].named_children()
    for node in members:
        if node.kind() == "property_declaration":
            scope.declared.update(declarations.variables(node))
        elif node.kind() == "function_declaration" and child_of(node, "receiver_type") is not None:
            scope.root().extensions.add(text_of(child_of(node, "simple_identifier")))
    names: list[str] = []
    for node in members:
        kind = node.kind()
        if kind == "property_declaration":
            names = declarations.variables(node)
            _field(node, scope, start)
        elif kind == "getter" and names:
            _got(node, names, start)
        elif kind == "anonymous_initializer":
            for child in node.named_children():
                _statement(child, start)
        elif kind == "companion_object":
            _members(child_of(node, "class_body"), scope, start)
        elif kind == "enum_entry":
            _enum_entry(node, scope, start)
        else:
            _statement(node, scope)


def _field(node: SgNode, scope: Scope, start: Scope) -> None:
    types, value = declarations.declaration(node, start)
    line = line_of(node)
    for name in declarations.variables(node):
        scope.out.append(Assign(Name(name), None, types, line))
        if value is not None:
            start.out.append(Assign(Member(Name(SELF), name), value, (), line))
    if getter := child_of(node, "getter"):
        _got(getter, declarations.variables(node), start)


def _got(node: SgNode, names: list[str], start: Scope) -> None:
    """What a getter returns is what the property holds."""
    inner = start.inner()
    _body(child_of(node, "function_body"), inner)
    line = line_of(node)
    value = Call(Function("", (), tuple(inner.out), line=line), line=line)
    start.out += [Assign(Member(Name(SELF), name), value, (), line) for name in names]


def _enum_entry(node: SgNode, scope: Scope, start: Scope) -> None:
    function: Value = Name(scope.of_class)
    if body := child_of(node, "class_body"):
        function = declarations.anonymous(body, [], (scope.of_class,), scope)
    arguments, keywords = declarations.arguments(child_of(node, "value_arguments"), start)
    name, line = text_of(child_of(node, "simple_identifier")), line_of(node)
    scope.out.append(Assign(Name(name), Call(function, arguments, keywords, line=line), (), line))


def _body_of_class(node: SgNode, scope: Scope) -> None:
    """The body of an object that is made where it stands, which the grammar may take for a lambda."""
    if not scope.of_class:
        scope.do(values.value(node, scope))
        return
    start = scope.inner()
    _members(node, scope, start)
    if start.out:
        scope.out.append(Function("<init>", (), tuple(start.out), line=line_of(node)))


def _function(node: SgNode, scope: Scope) -> None:
    inner = scope.inner()
    marks = declarations.marks(node, inner)
    parameters = declarations.receiver(node, inner) + declarations.parameters(node, inner)
    _body(child_of(node, "function_body"), inner)
    name = text_of(child_of(node, "simple_identifier"))
    if inner.receiver:
        name = declarations.extension(name)
    body = tuple(jvm.registering(marks, inner.out, line_of(node)))
    scope.out.append(Function(name, parameters, body, declarations.returned(node), line=line_of(node)))


def _body(node: SgNode | None, scope: Scope) -> None:
    for child in node.children() if node is not None else ():
        if child.kind() == "statements":
            _statement(child, scope)
        elif child.is_named():
            scope.out.append(Return(values.value(child, scope)))


def _constructor(node: SgNode, scope: Scope) -> None:
    inner = scope.inner()
    parameters = declarations.parameters(node, inner)
    if call := child_of(node, "constructor_delegation_call"):
        called = scope.constructed(text_of(call.child(0)))
        arguments, keywords = declarations.arguments(child_of(call, "value_arguments"), inner)
        if called:
            inner.do(Call(named(called), arguments, keywords, line=line_of(call)))
    if body := child_of(node, "statements"):
        _statement(body, inner)
    scope.out.append(Function("<init>", parameters, tuple(inner.out), line=line_of(node)))


def _property(node: SgNode, scope: Scope) -> None:
    """A variable of a file or function. The grammar puts a getter on the next line behind it."""
    types, value = declarations.declaration(node, scope)
    names = declarations.variables(node)
    following = node.next()
    own = child_of(node, "getter")
    getter = following if own is None and following is not None and following.kind() == "getter" else own
    if getter is not None:
        inner = scope.inner()
        receiver = declarations.receiver(node, inner)
        _body(child_of(getter, "function_body"), inner)
        value = Call(Function("", receiver, tuple(inner.out)), line=line_of(getter))
        if inner.receiver:
            names = [declarations.extension(name) for name in names]
    for name in names:
        scope.declared.add(name)
        scope.out.append(Assign(Name(name), value, types, line_of(node)))


def _for(node: SgNode, scope: Scope) -> None:
    children = node.named_children()
    for position, child in enumerate(children):
        kind = child.kind()
        if kind in ("variable_declaration", "multi_variable_declaration"):
            value = values.value(children[position + 1], scope) if position + 1 < len(children) else None
            for name in declarations.variables(node):
                scope.declared.add(name)
                scope.out.append(
                    Assign(Name(name), value, declarations.types_of(child, scope), line_of(child))
                )
        elif kind == "control_structure_body":
            _statement(child, scope)


def _alias(node: SgNode, scope: Scope) -> None:
    name = text_of(child_of(node, "type_identifier"))
    for dotted in dotted_names(text_of(child_of(node, "user_type")))[:1]:
        scope.out.append(Assign(Name(name), named(dotted), (), line_of(node)))


def _infix(node: SgNode, scope: Scope) -> None:
    """`object Carts { ... }` on one line, which the grammar takes for an infix call of `Carts`."""
    parts = node.named_children()
    kinds = [part.kind() for part in parts]
    if kinds != ["object_literal", "simple_identifier", "lambda_literal"] or parts[0].named_children():
        scope.do(values.value(node, scope))
        return
    inner = scope.inner(parts[1].text())
    _body_of_class(parts[2], inner)
    scope.out.append(Class(parts[1].text(), (), tuple(inner.out), (), line_of(node)))


def _nothing(_node: SgNode, _scope: Scope) -> None:
    """What holds no value, or is read with what stands before it."""


_STATEMENTS: dict[str, Callable[[SgNode, Scope], None]] = {
    "import_header": _import,
    "class_declaration": _class,
    "object_declaration": _class,
    "class_body": _body_of_class,
    "lambda_literal": _body_of_class,
    "function_declaration": _function,
    "secondary_constructor": _constructor,
    "property_declaration": _property,
    "for_statement": _for,
    "infix_expression": _infix,
    "type_alias": _alias,
    **dict.fromkeys(("package_header", "modifiers", "annotation", "getter", "label"), _nothing),
    **dict.fromkeys(("line_comment", "multiline_comment"), _nothing),
}

KOTLIN = Language(
    name="Kotlin",
    suffixes=(".kt",),
    read=read,
    called=jvm.called,
    typed=jvm.typed,
    registrars=jvm.REGISTRARS,
    generated=jvm.GENERATED,
    tests=jvm.TESTS,
)
