"""What calls of Kotlin give to functions: arguments, lambdas, anonymous functions and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import NOTHING, Call, Function, Member, Name, Parameter, Return, Several, Value
from compatcheck.discover.languages import jvm
from compatcheck.discover.languages.jvm_scope import Scope
from compatcheck.discover.languages.kotlin_declarations import (
    VARIABLES,
    anonymous,
    arguments,
    child_of,
    extension,
    parameters,
    returned,
    text_of,
    types_of,
)
from compatcheck.discover.syntax import dotted_names, line_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_WITHOUT_VALUE = frozenset(
    {"property_declaration", "function_declaration", "class_declaration", "object_declaration"}
    | {"for_statement", "while_statement", "do_while_statement", "type_alias"}
)


def block(node: SgNode, scope: Scope) -> Value:
    """What a block gives: its last expression."""
    children = node.named_children()
    while len(children) == 1 and children[0].kind() == "statements":
        children = children[0].named_children()
    for child in children[:-1]:
        scope.read(child, scope)
    if not children:
        return NOTHING
    if children[-1].kind() not in _WITHOUT_VALUE:
        return scope.value(children[-1], scope)
    scope.read(children[-1], scope)
    return NOTHING


def call(node: SgNode, scope: Scope) -> Value:
    called, suffix = node.child(0), child_of(node, "call_suffix")
    if called is None or suffix is None:
        return scope.any_of(node.named_children())
    if called.kind() == "object_literal":
        return made_object(called, scope, suffix.find(kind="lambda_literal"))
    name, of = _function_of(called)
    line = line_of(suffix)
    own = name in ("apply", "run", "with") and not (name == "run" and of is None)
    given, keywords = arguments(child_of(suffix, "value_arguments"), scope)
    if trailing := child_of(suffix, "annotated_lambda", "lambda_literal"):
        literal = trailing if trailing.kind() == "lambda_literal" else child_of(trailing, "lambda_literal")
        if literal is not None:
            given += (_lambda_of(literal, scope, own),)
    written = child_of(suffix, "type_arguments")
    types = dotted_names(text_of(written))
    if of is None:
        return Call(_bare(called, name, scope), jvm.described(name, given, line), keywords, types, line)
    if name in _PASSING and given:
        return Call(Name(f"kotlin.{name}"), (scope.value(of, scope), *given), line=line)
    if name == "create" and (wire := _wire_client(types, given)):
        return Call(Name(wire), (scope.value(of, scope),), line=line)
    if name in scope.root().extensions and not jvm.simple(text_of(called))[:1].isupper():
        return Call(Name(extension(name)), (scope.value(of, scope), *given), keywords, types, line)
    if name == "bindService" and not given:
        return scope.value(of, scope)
    function = Member(scope.value(of, scope), name, line)
    return Call(function, jvm.described(name, given, line), keywords, types, line)


_PASSING = frozenset(
    {"let", "also", "apply", "run", "use", "takeIf", "takeUnless"}
    | {"forEach", "onEach", "map", "mapNotNull", "flatMap", "filter", "associateBy", "associateWith"}
)
"""Functions of the standard library that give their lambda the value before the dot, or what it holds."""


def _function_of(node: SgNode) -> tuple[str, SgNode | None]:
    """The simple name of what is called, and the node before its dot."""
    if node.kind() == "simple_identifier":
        return node.text(), None
    if node.kind() == "navigation_expression":
        children = node.named_children()
        return text_of(child_of(children[-1], "simple_identifier")), children[0]
    return "", None


def _bare(called: SgNode, name: str, scope: Scope) -> Value:
    """A function called by its name alone may be that of an object that lambdas and extensions get as `this`."""
    function = scope.value(called, scope)
    receivers = scope.receivers() if name and name not in jvm.REGISTRARS else []
    if not receivers:
        return function
    line = line_of(called)
    return Several((function, *(Member(Name(each), name, line) for each in receivers)))


def _wire_client(types: tuple[str, ...], given: tuple[Value, ...]) -> str:
    """`create(CartClient::class)` and `create<CartClient>()` of Wire make a `GrpcCartClient`."""
    names = types + tuple(each.text for each in given if isinstance(each, Name))
    return next(iter(jvm.wire_clients(names)), "")


def closure(node: SgNode, scope: Scope) -> Value:
    return _lambda_of(node, scope, own=False)


def _lambda_of(node: SgNode, scope: Scope, own: bool) -> Function:
    """`own`: it is a function of what it is given, which it calls `this`."""
    inner = scope.inner()
    line = line_of(node)
    listed = child_of(node, "lambda_parameters")
    if own:
        inner.receiver = f"$this{line}:{node.range().start.column}"
        names = [Parameter(inner.receiver)]
    elif listed is not None:
        names = []
        for child in listed.named_children():
            each = child.named_children() if child.kind() == VARIABLES[1] else [child]
            names += [
                Parameter(text_of(child_of(part, "simple_identifier")), types_of(part, inner))
                for part in each
            ]
    else:
        names = [Parameter("it")]
    inner.declared.update(each.name for each in names)
    if body := child_of(node, "statements"):
        inner.out.append(Return(block(body, inner)))
    return Function("", tuple(names), tuple(inner.out), line=line)


def anonymous_function(node: SgNode, scope: Scope) -> Value:
    inner = scope.inner()
    names = parameters(node, inner)
    if body := child_of(node, "function_body"):
        if statements := child_of(body, "statements"):
            inner.read(statements, inner)
        else:
            inner.out.append(Return(inner.any_of(body.named_children())))
    return Function("", names, tuple(inner.out), returned(node), line=line_of(node))


def made_object(node: SgNode, scope: Scope, body: SgNode | None = None) -> Value:
    """`object : Base() { ... }`; without parentheses the grammar takes its body for a lambda."""
    body = child_of(node, "class_body") or body
    specifiers = [each for each in node.named_children() if each.kind() == "delegation_specifier"]
    if body is None:
        return NOTHING
    return Call(anonymous(body, specifiers, (), scope), line=line_of(node))
