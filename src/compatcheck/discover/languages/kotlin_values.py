"""What expressions of Kotlin hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Call,
    Member,
    Name,
    Return,
    Several,
    Text,
    Value,
)
from compatcheck.discover.languages import jvm
from compatcheck.discover.languages import kotlin_calls as calls
from compatcheck.discover.languages.jvm_scope import Scope, held_by
from compatcheck.discover.languages.kotlin_declarations import (
    TYPES,
    child_of,
    extension,
    text_of,
    variables,
)
from compatcheck.discover.syntax import line_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode


def value(node: SgNode | None, scope: Scope) -> Value:
    """What an expression holds. Statements that it consists of go to the scope."""
    return held_by(node, scope, VALUES, TYPES)


def _name(node: SgNode, _: Scope) -> Value:
    return Name(node.text())


def _self(node: SgNode, scope: Scope) -> Value:
    label = text_of(child_of(node, "type_identifier"))
    around = scope.owner()
    if label[:1].isupper():
        return Name(SELF if around is not None and label == around.of_class else label)
    receivers = scope.receivers()
    return Name(receivers[0] if receivers else SELF)


def _text_value(node: SgNode, scope: Scope) -> Value:
    parts: list[Value] = []
    for child in node.named_children():
        kind = child.kind()
        if kind == "interpolated_expression":
            parts.append(scope.any_of(child.named_children()))
        elif kind == "interpolated_identifier":
            parts.append(Name(child.text()))
        elif kind == "string_content":
            parts.append(Text(child.text()))
    return parts[0] if len(parts) == 1 else Several(tuple(parts))


def _navigation(node: SgNode, scope: Scope) -> Value:
    children = node.named_children()
    if len(children) < 2:
        return scope.any_of(children)
    of, suffix = children[0], children[-1]
    name = text_of(child_of(suffix, "simple_identifier"))
    line = line_of(suffix)
    if not name:
        return scope.any_of(children)
    held = Member(scope.value(of, scope), name, line)
    return Several((held, Name(extension(name)))) if name in scope.root().extensions else held


def _reference(node: SgNode, _: Scope) -> Value:
    """`stub::getCart`, `::create`, `CartCoroutineStub::class`."""
    children = node.children()
    of = children[0] if children[0].is_named() else None
    last = children[-1]
    line = line_of(last)
    if last.kind() == "class":
        return jvm.type_as_value(of.text(), line) if of is not None else NOTHING
    if of is None:
        return Name(last.text())
    return Member(Name(of.text()), last.text(), line)


def _assignment(node: SgNode, scope: Scope) -> Value:
    children = node.named_children()
    if len(children) < 2:
        return scope.any_of(children)
    given = value(children[-1], scope)
    target = _target(children[0], scope)
    if given != NOTHING and isinstance(target, Name | Member):
        scope.out.append(Assign(target, given, line=line_of(node)))
    return NOTHING


def _target(node: SgNode, scope: Scope) -> Value:
    first, *suffixes = node.named_children() or [node]
    target = value(first, scope)
    held = any(suffix.kind() == "navigation_suffix" for suffix in suffixes)
    if isinstance(target, Name) and first.kind() == "simple_identifier" and not held:
        target = scope.target(target.text)
    for suffix in suffixes:
        if suffix.kind() == "navigation_suffix":
            target = Member(target, text_of(child_of(suffix, "simple_identifier")), line_of(suffix))
        else:
            scope.do(scope.any_of(suffix.named_children()))
    return target


def _first(node: SgNode, scope: Scope) -> Value:
    """`x!!`, `x as T`, `stubs[i]`: what it is applied to. What else is in it is computed."""
    first, *rest = node.named_children()
    for other in rest:
        scope.do(value(other, scope))
    return value(first, scope)


def _infix(node: SgNode, scope: Scope) -> Value:
    children = node.named_children()
    if len(children) != 3 or children[1].text() == "to":
        return scope.any_of([child for child in children if child.text() != "to"])
    function = Member(value(children[0], scope), children[1].text(), line_of(children[1]))
    return Call(function, (value(children[2], scope),), line=line_of(children[1]))


def _jump(node: SgNode, scope: Scope) -> Value:
    word = text_of(node.child(0))
    given = scope.any_of([child for child in node.named_children() if child.kind() != "label"])
    if word.startswith("return"):
        scope.out.append(Return(given))
    else:
        scope.do(given)
    return NOTHING


def _branches(node: SgNode, scope: Scope) -> Value:
    """`if`, `when` and `try`: what their blocks give. Their statements are the function's."""
    results: list[Value] = []
    for child in node.named_children():
        kind = child.kind()
        if kind in ("control_structure_body", "statements"):
            results.append(calls.block(child, scope))
        elif kind in ("when_entry", "catch_block", "finally_block"):
            results.append(_branches(child, scope))
        elif kind == "when_subject" and child_of(child, "variable_declaration") is not None:
            given = value(child.named_children()[-1], scope)
            for name in variables(child):
                scope.declared.add(name)
                scope.out.append(Assign(Name(name), given, line=line_of(child)))
        else:
            scope.do(value(child, scope))
    found = [each for each in results if each != NOTHING]
    return found[0] if len(found) == 1 else Several(tuple(found))


def _parts(node: SgNode, scope: Scope) -> Value:
    return scope.any_of(node.named_children())


def _sum(node: SgNode, scope: Scope) -> Value:
    """Operands; a long sum is a deep tree on its left side, which is gone down without recursion."""
    operands: list[SgNode] = []
    kind = node.kind()
    while node.kind() == kind:
        first, *rest = node.named_children()
        operands += reversed(rest)
        node = first
    return scope.any_of([node, *reversed(operands)])


VALUES: dict[str, Callable[[SgNode, Scope], Value]] = {
    "simple_identifier": _name,
    "this_expression": _self,
    "super_expression": _self,
    "string_literal": _text_value,
    "navigation_expression": _navigation,
    "callable_reference": _reference,
    "call_expression": calls.call,
    "lambda_literal": calls.closure,
    "anonymous_function": calls.anonymous_function,
    "object_literal": calls.made_object,
    "assignment": _assignment,
    "postfix_expression": _first,
    "indexing_expression": _first,
    "as_expression": _first,
    "check_expression": _first,
    "infix_expression": _infix,
    "jump_expression": _jump,
    "if_expression": _branches,
    "when_expression": _branches,
    "try_expression": _branches,
    "additive_expression": _sum,
    "elvis_expression": _sum,
    **dict.fromkeys(
        (
            *("parenthesized_expression", "prefix_expression", "range_expression", "comparison_expression"),
            *("conjunction_expression", "disjunction_expression", "equality_expression", "spread_expression"),
            *("multiplicative_expression", "collection_literal"),
        ),
        _parts,
    ),
}
