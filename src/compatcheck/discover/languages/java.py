"""Java, with the stubs of grpc-java and of the generators that build on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Call,
    Class,
    File,
    Function,
    Import,
    Member,
    Name,
    Return,
    Value,
)
from compatcheck.discover.conventions import Language
from compatcheck.discover.languages import java_values as values
from compatcheck.discover.languages import jvm
from compatcheck.discover.languages.jvm_scope import Scope, anonymous_class, read_statement
from compatcheck.discover.syntax import broken_lines, dotted_names, line_of, named, parse

if TYPE_CHECKING:
    from ast_grep_py import SgNode


def read(text: str) -> File:
    """What a Java file says."""
    if jvm.is_generated(text):
        return File(())
    root = parse(text, "java")
    scope = Scope(_statement, values.value)
    package = ""
    for node in root.named_children():
        if node.kind() == "package_declaration":
            package = "".join(dotted_names(node.text().partition("package")[2])[:1])
        else:
            _statement(node, scope)
    named = {each.name for each in scope.out if isinstance(each, Import)}
    scope.out += [
        Import(maker, each.module, maker)
        for each in scope.out
        if isinstance(each, Import) and not each.name
        for maker in jvm.makers(each.module)
        if maker not in named
    ]
    return File(tuple(scope.out), package, broken_lines(root))


def _statement(node: SgNode, scope: Scope) -> None:
    read_statement(node, scope, _STATEMENTS, values.VALUES, values.TYPES)


def _import(node: SgNode, scope: Scope) -> None:
    words = node.text().rstrip("; \n").split()[1:]
    dotted = "".join(words[1:] if words[:1] == ["static"] else words)
    module, _, name = dotted.rpartition(".")
    scope.out.append(Import("", module) if name == "*" else Import(name, module, name))


def _class(node: SgNode, scope: Scope) -> None:
    name = _text(node.field("name"))
    marks = values.marks(node, scope)
    superclass = _bases(node.field("superclass"))
    bases = superclass + _bases(node.field("interfaces"))
    for child in node.named_children():
        if child.kind() == "extends_interfaces":
            bases += _bases(child)
    inner = scope.inner(name, superclass[0] if superclass else "")
    if node.kind() == "record_declaration":
        _record(node, inner)
    _members(node.field("body"), inner)
    bases = jvm.served_bases(marks, bases)
    scope.out.append(Class(name, bases, tuple(inner.out), tuple(marks), line_of(node)))


def _bases(node: SgNode | None) -> tuple[str, ...]:
    """Types after `extends` or `implements`, without what stands in angle brackets."""
    found: tuple[str, ...] = ()
    for child in node.named_children() if node is not None else ():
        kind = child.kind()
        if kind in ("type_list", "generic_type"):
            found += _bases(child)
        elif kind in values.TYPES:
            found += dotted_names(child.text())[-1:]
    return found


def _members(body: SgNode | None, scope: Scope) -> None:
    members = body.named_children() if body is not None else []
    for node in members:
        if node.kind() == "field_declaration":
            scope.declared.update(_text(each.field("name")) for each in _declarators(node))
    for node in members:
        kind = node.kind()
        if kind in ("static_initializer", "block"):
            inner = scope.inner()
            _statement(node, inner)
            scope.out.append(Function("<clinit>", (), tuple(inner.out), line=line_of(node)))
        else:
            _statement(node, scope)


def _record(node: SgNode, scope: Scope) -> None:
    """The fields of a record and the constructor that it has without saying so."""
    parameters = values.parameters(node.field("parameters"), scope)
    scope.out += [Assign(Name(each.name), None, each.types, line_of(node)) for each in parameters]
    kept = tuple(Assign(Member(Name(SELF), each.name), Name(each.name)) for each in parameters)
    scope.out.append(Function("<init>", parameters, kept, line=line_of(node)))


def _enum_constant(node: SgNode, scope: Scope) -> None:
    arguments = values.arguments(node.field("arguments"), scope)
    function: Value = Name(scope.of_class)
    if body := node.field("body"):
        function = anonymous_class(body, (scope.of_class,), scope)
    line = line_of(node)
    scope.out.append(Assign(Name(_text(node.field("name"))), Call(function, arguments, line=line), (), line))


def _method(node: SgNode, scope: Scope) -> None:
    kind = node.kind()
    inner = scope.inner()
    marks = values.marks(node, inner)
    parameters = values.parameters(node.field("parameters"), inner)
    for child in node.named_children():
        if child.kind() in ("block", "constructor_body"):
            _statement(child, inner)
    name = "<init>" if kind.endswith("constructor_declaration") else _text(node.field("name"))
    body = tuple(jvm.registering(marks, inner.out, line_of(node)))
    scope.out.append(Function(name, parameters, body, values.declared(node), line=line_of(node)))


def _variables(node: SgNode, scope: Scope) -> None:
    marks = values.marks(node, scope)
    types = jvm.injected_types(marks, values.declared(node))
    line = line_of(node)
    given = jvm.injected(marks, types, line)
    for each in _declarators(node):
        name, initial = _text(each.field("name")), each.field("value")
        value = given if initial is None or given is not None else values.value(initial, scope)
        scope.declared.add(name)
        scope.out.append(Assign(Name(name), value, types, line))


def _declarators(node: SgNode) -> list[SgNode]:
    return [child for child in node.named_children() if child.kind() == "variable_declarator"]


def _return(node: SgNode, scope: Scope) -> None:
    for child in node.named_children():
        scope.out.append(Return(values.value(child, scope)))


def _yield(node: SgNode, scope: Scope) -> None:
    for child in node.named_children():
        scope.yielded.append(values.value(child, scope))


def _expression(node: SgNode, scope: Scope) -> None:
    for child in node.named_children():
        value = values.value(child, scope)
        if child.kind() != "assignment_expression":
            scope.do(value)


def _bound(node: SgNode, scope: Scope) -> None:
    """`for (Stub s : stubs)` and `try (Stub s = f())`: a name, its type and what it is taken from."""
    name = node.field("name")
    if name is None:
        scope.do(scope.any_of(node.named_children()))
        return
    value = values.value(node.field("value"), scope)
    scope.declared.add(name.text())
    scope.out.append(Assign(Name(name.text()), value, values.declared(node), line_of(node)))
    if body := node.field("body"):
        _statement(body, scope)


def _pattern(node: SgNode, scope: Scope) -> None:
    """`case Cart cart ->`, `instanceof Pair(Cart cart, var n)`: names of which only the types are known."""
    names = [child.text() for child in node.named_children() if child.kind() == "identifier"]
    if names:
        scope.declared.add(names[-1])
        scope.out.append(Assign(Name(names[-1]), None, values.declared(node), line_of(node)))


def _constructed(node: SgNode, scope: Scope) -> None:
    """`super(x)` makes a thing of the superclass, as far as data flow goes; `this(x)` one of this class."""
    arguments = values.arguments(node.field("arguments"), scope)
    called = scope.constructed(_text(node.field("constructor")))
    function = named(called) if called else NOTHING
    scope.do(Call(function, arguments, line=line_of(node)))


def _text(node: SgNode | None) -> str:
    return node.text() if node is not None else ""


def _nothing(_node: SgNode, _scope: Scope) -> None:
    """Labels and jumps hold no value; modifiers are read with what they stand before."""


_STATEMENTS: dict[str, Callable[[SgNode, Scope], None]] = {
    "import_declaration": _import,
    "class_declaration": _class,
    "interface_declaration": _class,
    "enum_declaration": _class,
    "record_declaration": _class,
    "annotation_type_declaration": _nothing,
    "class_body": _members,
    "interface_body": _members,
    "enum_body": _members,
    "enum_body_declarations": _members,
    "enum_constant": _enum_constant,
    "method_declaration": _method,
    "constructor_declaration": _method,
    "compact_constructor_declaration": _method,
    "field_declaration": _variables,
    "constant_declaration": _variables,
    "local_variable_declaration": _variables,
    "return_statement": _return,
    "yield_statement": _yield,
    "expression_statement": _expression,
    "enhanced_for_statement": _bound,
    "resource": _bound,
    "type_pattern": _pattern,
    "record_pattern_component": _pattern,
    "explicit_constructor_invocation": _constructed,
    "break_statement": _nothing,
    "continue_statement": _nothing,
    "line_comment": _nothing,
    "modifiers": _nothing,
    "block_comment": _nothing,
}

JAVA = Language(
    name="Java",
    suffixes=(".java",),
    read=read,
    called=jvm.called,
    typed=jvm.typed,
    registrars=jvm.REGISTRARS,
    generated=jvm.GENERATED,
    tests=jvm.TESTS,
)
