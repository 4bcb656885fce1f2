"""What expressions, annotations and parameters of Java hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Call,
    Function,
    Member,
    Name,
    Parameter,
    Return,
    Several,
    Text,
    Value,
)
from compatcheck.discover.languages import jvm
from compatcheck.discover.languages.jvm import Marks
from compatcheck.discover.languages.jvm_scope import Scope, anonymous_class, held_by
from compatcheck.discover.syntax import dotted_names, line_of, named, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

TYPES = frozenset(
    {
        "type_identifier",
        "scoped_type_identifier",
        "generic_type",
        "array_type",
        "annotated_type",
        "union_type",
    }
    | {"integral_type", "floating_point_type", "boolean_type", "void_type", "catch_type"}
)
_NAMED = frozenset({"identifier", "variable_declarator"})


def value(node: SgNode | None, scope: Scope) -> Value:
    """What an expression holds. Statements that it consists of go to the scope."""
    return held_by(node, scope, VALUES, TYPES)


def arguments(node: SgNode | None, scope: Scope) -> tuple[Value, ...]:
    """Values between the parentheses of a call."""
    return tuple(value(child, scope) for child in node.named_children()) if node is not None else ()


def parameters(node: SgNode | None, scope: Scope) -> tuple[Parameter, ...]:
    """Parameters of a method, constructor, record or lambda."""
    if node is None:
        return ()
    if node.kind() == "identifier":
        scope.declared.add(node.text())
        return (Parameter(node.text()),)
    found: list[Parameter] = []
    for child in node.named_children():
        kind = child.kind()
        if kind == "identifier":
            found.append(Parameter(child.text()))
        elif kind in ("formal_parameter", "spread_parameter"):
            said = marks(child, scope)
            types = jvm.injected_types(said, declared(child))
            names = [each for each in child.named_children() if each.kind() in _NAMED]
            name = text(names[-1]) if names else ""
            found.append(Parameter(name, types, jvm.injected(said, types, line_of(child))))
    scope.declared.update(each.name for each in found)
    return tuple(found)


def declared(node: SgNode) -> tuple[str, ...]:
    """The type names of a declaration, without `var`."""
    for child in node.named_children():
        if child.kind() in TYPES:
            names = dotted_names(child.text())
            return () if names == ("var",) else names
    return ()


def marks(node: SgNode, scope: Scope) -> Marks:
    """Annotations by simple name, with the values in them."""
    first = node.child(0)
    if first is None or first.kind() != "modifiers":
        return {}
    found: Marks = {}
    for child in first.named_children():
        if child.kind() in ("annotation", "marker_annotation"):
            said = scope.any_of(child.named_children()[1:])
            name = jvm.simple(text(child.field("name")))
            found[name] = said.parts if isinstance(said, Several) else (said,)
    return found


def _name(node: SgNode, _: Scope) -> Value:
    return Name(node.text())


def _self(_node: SgNode, _scope: Scope) -> Value:
    return Name(SELF)


def _text_value(node: SgNode, scope: Scope) -> Value:
    embedded = [child for child in node.named_children() if child.kind() == "string_interpolation"]
    if embedded:
        return scope.any_of(embedded)
    return Text(unquoted(node.text()))


def _outer(node: SgNode | None) -> bool:
    """Whether it is `Outer.this`, whose members are in reach by their names alone."""
    if node is None or node.kind() != "field_access":
        return False
    last = node.field("field")
    return last is not None and last.kind() == "this"


def _field(node: SgNode, scope: Scope) -> Value:
    of, name = node.field("object"), node.field("field")
    if _outer(node):
        return Name(text(of))
    if _outer(of):
        return Name(text(name))
    return Member(value(of, scope), text(name), line_of(name or node))


def _invocation(node: SgNode, scope: Scope) -> Value:
    of, name = node.field("object"), node.field("name")
    given = arguments(node.field("arguments"), scope)
    types = node.field("type_arguments")
    dotted = dotted_names(types.text()) if types is not None else ()
    line = line_of(name or node)
    if of is None or _outer(of):
        return Call(Name(text(name)), jvm.described(text(name), given, line), (), dotted, line)
    return jvm.method_call(value(of, scope), text(name), given, dotted, line)


def _creation(node: SgNode, scope: Scope) -> Value:
    line = line_of(node)
    written = node.field("type")
    names = dotted_names(written.text()) if written is not None else ()
    given = arguments(node.field("arguments"), scope)
    function = named(names[0], line) if names else NOTHING
    for child in node.named_children():
        if child.kind() == "class_body":
            function = anonymous_class(child, names[:1], scope)
    return Call(function, given, types=names[1:], line=line)


def _lambda(node: SgNode, scope: Scope) -> Value:
    inner = scope.inner()
    names = parameters(node.field("parameters"), inner)
    body = node.field("body")
    if body is not None and body.kind() == "block":
        inner.read(body, inner)
    else:
        inner.out.append(Return(value(body, inner)))
    return Function("", names, tuple(inner.out), line=line_of(node))


def _reference(node: SgNode, scope: Scope) -> Value:
    """`stub::getCart`, `CartBlockingStub::getCart`, `Cart::new`."""
    of, *_, last = node.children()
    line = line_of(last)
    written = of.text() if of.kind() in TYPES or of.kind() in ("field_access", "identifier") else ""
    names = dotted_names(written)[:1]
    if last.kind() == "new":
        return named(names[0], line) if names else NOTHING
    if names and jvm.simple(names[0])[:1].isupper():
        return Member(jvm.type_as_value(names[0], line), last.text(), line)
    return Member(value(of, scope), last.text(), line)


def _class_literal(node: SgNode, _: Scope) -> Value:
    names = dotted_names(node.text().removesuffix("class").rstrip().removesuffix("."))
    return jvm.type_as_value(names[0], line_of(node)) if names else NOTHING


def _assignment(node: SgNode, scope: Scope) -> Value:
    given = value(node.field("right"), scope)
    left = node.field("left")
    target = value(left, scope)
    if isinstance(target, Name) and target.text != SELF:
        target = scope.target(target.text)
    if given != NOTHING and isinstance(target, Name | Member):
        scope.out.append(Assign(target, given, line=line_of(node)))
    return given


def _element(node: SgNode, scope: Scope) -> Value:
    """`stubs[i]` may be anything that the array holds."""
    scope.do(value(node.field("index"), scope))
    return value(node.field("array"), scope)


def _cast(node: SgNode, scope: Scope) -> Value:
    return value(node.field("value"), scope)


def _conditional(node: SgNode, scope: Scope) -> Value:
    scope.do(value(node.field("condition"), scope))
    return scope.any_of([each for name in ("consequence", "alternative") if (each := node.field(name))])


def _binary(node: SgNode, scope: Scope) -> Value:
    """Operands; a long sum is a deep tree on its left side, which is gone down without recursion."""
    operands: list[SgNode] = []
    while node.kind() == "binary_expression":
        left, right = node.field("left"), node.field("right")
        if right is not None:
            operands.append(right)
        if left is None:
            break
        node = left
    return scope.any_of([node, *reversed(operands)])


def _instance_of(node: SgNode, scope: Scope) -> Value:
    of, name = value(node.field("left"), scope), node.field("name")
    if name is not None:
        scope.declared.add(name.text())
        scope.out.append(Assign(Name(name.text()), of, declared(node), line_of(node)))
    elif pattern := node.field("pattern"):
        scope.read(pattern, scope)
    return of


def _switch(node: SgNode, scope: Scope) -> Value:
    """What its arms give; their statements are the function's."""
    scope.do(value(node.field("condition"), scope))
    around, scope.yielded = scope.yielded, []
    body = node.field("body")
    for arm in body.named_children() if body is not None else ():
        for child in arm.named_children():
            if child.kind() == "expression_statement":
                scope.yielded.append(scope.any_of(child.named_children()))
            else:
                scope.read(child, scope)
    found, scope.yielded = scope.yielded, around
    return Several(tuple(each for each in found if each != NOTHING))


def text(node: SgNode | None) -> str:
    return node.text() if node is not None else ""


VALUES: dict[str, Callable[[SgNode, Scope], Value]] = {
    "identifier": _name,
    "type_identifier": _name,
    "this": _self,
    "super": _self,
    "string_literal": _text_value,
    "field_access": _field,
    "method_invocation": _invocation,
    "object_creation_expression": _creation,
    "lambda_expression": _lambda,
    "method_reference": _reference,
    "class_literal": _class_literal,
    "assignment_expression": _assignment,
    "cast_expression": _cast,
    "ternary_expression": _conditional,
    "binary_expression": _binary,
    "instanceof_expression": _instance_of,
    "switch_expression": _switch,
    "array_access": _element,
}
