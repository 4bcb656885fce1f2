"""What declarations, parameters, annotations and arguments of Kotlin say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import Call, Parameter, Several, Value
from compatcheck.discover.languages import jvm
from compatcheck.discover.languages.jvm import Marks
from compatcheck.discover.languages.jvm_scope import Scope, anonymous_class
from compatcheck.discover.syntax import dotted_names, line_of, named

if TYPE_CHECKING:
    from ast_grep_py import SgNode

TYPES = frozenset({"user_type", "nullable_type", "function_type", "type_identifier", "parenthesized_type"})
VARIABLES = ("variable_declaration", "multi_variable_declaration")


def child_of(node: SgNode | None, *kinds: str) -> SgNode | None:
    """The first child of one of some kinds."""
    for child in node.named_children() if node is not None else ():
        if child.kind() in kinds:
            return child
    return None


def text_of(node: SgNode | None) -> str:
    """The text of a small node."""
    return node.text() if node is not None else ""


def arguments(node: SgNode | None, scope: Scope) -> tuple[tuple[Value, ...], tuple[tuple[str, Value], ...]]:
    """Values between the parentheses of a call, and those with names."""
    given: list[Value] = []
    keywords: list[tuple[str, Value]] = []
    for child in node.named_children() if node is not None else ():
        if child.kind() != "value_argument":
            continue
        parts = child.children()
        if len(parts) > 2 and parts[1].kind() == "=":
            keywords.append((parts[0].text(), scope.value(parts[2], scope)))
        else:
            given.append(scope.any_of([part for part in parts if part.is_named()]))
    return tuple(given), tuple(keywords)


def bases(specifiers: list[SgNode]) -> tuple[str, ...]:
    """Dotted names of what a class extends and implements."""
    found: tuple[str, ...] = ()
    for each in specifiers:
        node = each.child(0)
        while node is not None and node.kind() in ("constructor_invocation", "explicit_delegation"):
            node = node.child(0)
        found += dotted_names(text_of(node))[:1]
    return found


def delegate(specifiers: list[SgNode], scope: Scope) -> None:
    """`: Base(x)` makes a thing of the superclass, as far as data flow goes."""
    for each in specifiers:
        node = each.child(0)
        if node is not None and node.kind() == "constructor_invocation":
            given, keywords = arguments(child_of(node, "value_arguments"), scope)
            called = bases([each])
            if called and (given or keywords):
                scope.do(Call(named(called[0]), given, keywords, line=line_of(node)))
        elif node is not None and node.kind() == "explicit_delegation":
            scope.do(scope.any_of(node.named_children()[1:]))


def marks(node: SgNode, scope: Scope) -> Marks:
    """Annotations by simple name, with the values in them."""
    return _annotations(child_of(node, "modifiers"), scope)


def _annotations(modifiers: SgNode | None, scope: Scope) -> Marks:
    found: Marks = {}
    for child in modifiers.named_children() if modifiers is not None else ():
        if child.kind() == "annotation":
            made = child_of(child, "constructor_invocation")
            names = dotted_names(text_of(child_of(made or child, "user_type")))
            given, keywords = arguments(child_of(made, "value_arguments"), scope)
            if names:
                found[jvm.simple(names[0])] = given + tuple(value for _, value in keywords)
    return found


def types_of(node: SgNode, scope: Scope) -> tuple[str, ...]:
    """The type names of a declaration."""
    names = dotted_names(text_of(child_of(node, *TYPES)))
    return names + jvm.wire_clients(names) if scope.root().wire else names


def returned(node: SgNode) -> tuple[str, ...]:
    """The type names after the parameters of a function."""
    after = False
    for child in node.named_children():
        kind = child.kind()
        if kind == "function_value_parameters":
            after = True
        elif after and kind in TYPES:
            return dotted_names(child.text())
    return ()


def variables(node: SgNode) -> list[str]:
    """Names that a declaration or a loop declares."""
    declared = child_of(node, *VARIABLES)
    if declared is None:
        return []
    each = declared.named_children() if declared.kind() == VARIABLES[1] else [declared]
    return [name for child in each if (name := text_of(child_of(child, "simple_identifier")))]


def declaration(node: SgNode, scope: Scope) -> tuple[tuple[str, ...], Value | None]:
    """The types and the value of a `val` or `var`."""
    said = marks(node, scope)
    declared = child_of(node, "variable_declaration")
    types = jvm.injected_types(said, types_of(declared, scope) if declared is not None else ())
    given = jvm.injected(said, types, line_of(node))
    equals = False
    for child in node.children():
        kind = child.kind()
        if kind == "property_delegate":
            return types, scope.any_of(child.named_children())
        if equals:
            initial = scope.value(child, scope)
            return types, initial if given is None else Several((initial, given))
        equals = kind == "="
    return types, given


def parameter(node: SgNode, scope: Scope, modifiers: SgNode | None = None) -> Parameter:
    """A parameter of a function or of a class; `modifiers` holds its annotations if it does not itself."""
    said = marks(node, scope) if modifiers is None else _annotations(modifiers, scope)
    types = jvm.injected_types(said, types_of(node, scope))
    default = jvm.injected(said, types, line_of(node))
    equals = False
    for child in node.children():
        if equals:
            default = scope.value(child, scope)
        equals = child.kind() == "="
    return Parameter(text_of(child_of(node, "simple_identifier")), types, default)


def parameters(node: SgNode, scope: Scope) -> tuple[Parameter, ...]:
    """Parameters of a function or constructor."""
    found: list[Parameter] = []
    listed = child_of(node, "function_value_parameters")
    children = listed.children() if listed is not None else []
    for position, child in enumerate(children):
        if child.kind() == "parameter":
            before = children[position - 1]
            made = parameter(child, scope, before if before.kind() == "parameter_modifiers" else None)
            following = children[position + 1 : position + 3]
            if len(following) == 2 and following[0].kind() == "=":
                made = Parameter(made.name, made.types, scope.value(following[1], scope))
            found.append(made)
    scope.declared.update(each.name for each in found)
    return tuple(found)


def extension(name: str) -> str:
    """The name under which a function is kept that is called like a member of what is not of the code."""
    return f".{name}"


def receiver(node: SgNode, scope: Scope) -> tuple[Parameter, ...]:
    """What an extension function calls `this` is its first parameter."""
    extended = child_of(node, "receiver_type")
    if extended is None:
        return ()
    scope.receiver = f"$this{line_of(node)}"
    return (Parameter(scope.receiver, dotted_names(extended.text())),)


def anonymous(body: SgNode, specifiers: list[SgNode], extended: tuple[str, ...], scope: Scope) -> Value:
    """The class that a body of members makes, or what it extends: what is given, or what the specifiers say."""
    delegate(specifiers, scope)
    return anonymous_class(body, extended or bases(specifiers), scope)
