"""Turns expressions of Elixir into values: in Elixir everything but a definition is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    Assign,
    Call,
    Do,
    Function,
    Member,
    Name,
    Parameter,
    Record,
    Return,
    Text,
    Value,
)
from compatcheck.discover.languages.elixir_scope import (
    Around,
    any_of,
    applied,
    bind,
    by_name,
    children_of,
    do,
    entered,
    module_value,
    patterns,
)
from compatcheck.discover.syntax import DEEPEST, line_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

DEFINITIONS = frozenset(
    {"defmodule", "defprotocol", "defimpl", "def", "defp", "defmacro", "defmacrop"}
    | {"alias", "import", "use", "require"}
)
_CONTROL = frozenset({"case", "cond", "if", "unless", "with", "for", "try", "receive", "quote", "defstruct"})
_COMPARE = frozenset({"==", "!=", "===", "!==", "<", ">", "<=", ">=", "in", "not in", "=~", "-", "*", "/"})
_SAID = frozenset({"spec", "type", "typep", "opaque", "doc", "moduledoc", "typedoc", "callback", "impl"})
"""Attributes of a module that only describe."""
_TEXTS = frozenset({"string", "charlist", "sigil", "quoted_atom", "quoted_keyword"})


def value_of(node: SgNode | None, around: Around, depth: int = 0) -> Value:
    """The value of an expression; what it assigns on the way is appended to `around.out`."""
    if node is None or depth > DEEPEST:
        return NOTHING
    kind = node.kind()
    depth += 1
    match kind:
        case "identifier":
            text = node.text()
            return Name(around.module if text == "__MODULE__" else text)
        case "alias":
            return module_value(around.full(node.text()), (), line_of(node))
        case "atom":
            return Text(node.text().removeprefix(":"))
        case "call":
            return call_of(node, around, depth)
        case "dot":
            left, right = node.field("left"), node.field("right")
            if left is not None and right is not None and right.kind() in {"alias", "identifier"}:
                return _member(left, right, around, depth)
        case "access_call":
            held, key = (
                value_of(node.field("target"), around, depth),
                value_of(node.field("key"), around, depth),
            )
            if isinstance(key, Text):
                return Member(held, key.value, line_of(node))
            do(key, around)
            return held
        case "binary_operator":
            return _binary(node, around, depth)
        case "unary_operator":
            return _unary(node, around, depth)
        case "anonymous_function":
            return _function(node, around, depth)
        case "tuple" | "list":
            return _sequence(node, around, depth)
        case "map" | "keywords":
            return _record(node, around, depth)
        case "do_block" | "block" | "body" | "else_block" | "after_block" | "rescue_block" | "catch_block":
            return block_of(node, around, depth)
        case "integer" | "float" | "boolean" | "nil" | "char" | "comment" | "struct" | "sigil_name":
            return NOTHING
    if kind in _TEXTS:
        return _text(node, around, depth)
    return any_of([value_of(child, around, depth) for child in node.named_children()])


def block_of(node: SgNode, around: Around, depth: int, subject: Value = NOTHING) -> Value:
    """Appends the expressions of a block but the last, and gives that; or any of what its clauses give."""
    last: Value = NOTHING
    others: list[Value] = []
    for child in node.named_children():
        kind = child.kind()
        if kind == "stab_clause":
            others.append(_clause(child, subject, around, depth + 1))
        elif kind.endswith("_block"):
            others.append(block_of(child, around, depth + 1, subject))
        elif kind != "comment":
            do(last, around)
            last = value_of(child, around, depth + 1)
    return any_of([*others, last])


def parameters_of(patterns: list[SgNode], around: Around, depth: int) -> tuple[Parameter, ...]:
    """Parameters; what a pattern takes apart is assigned in `around.out`."""
    found: list[Parameter] = []
    for pattern in patterns:
        default = None
        operator = pattern.field("operator") if pattern.kind() == "binary_operator" else None
        left = pattern.field("left")
        if operator is not None and operator.text() == "\\\\" and left is not None:
            default = value_of(pattern.field("right"), around, depth + 1)
            pattern = left
        name = pattern.text() if pattern.kind() == "identifier" else f"parameter {len(found) + 1}"
        if pattern.kind() != "identifier":
            bind(pattern, Name(name), around, depth + 1)
        found.append(Parameter(name, default=default))
    return tuple(found)


def call_of(node: SgNode, around: Around, depth: int, piped: tuple[Value, ...] = ()) -> Value:
    """A call, or what looks like one: definitions are kept for later, control flow gives what its branches give."""
    target = node.field("target")
    name = target.text() if target is not None and target.kind() == "identifier" else ""
    if target is None:
        return NOTHING
    if name in DEFINITIONS:
        around.definitions.append(node)
        return NOTHING
    written = [child for child in node.named_children() if child.kind() == "arguments"]
    positional = list(piped)
    keywords: tuple[tuple[str, Value], ...] = ()
    nodes = [child for child in written[0].named_children() if child.kind() != "comment"] if written else []
    for child in nodes:
        value = value_of(child, around, depth)
        if child.kind() == "keywords" and isinstance(value, Record):
            keywords = value.fields
        else:
            positional.append(value)
    blocks = [child for child in node.named_children() if child.kind() == "do_block"]
    branches = [block_of(block, around, depth, any_of(positional)) for block in blocks]
    if name in _CONTROL:
        for value in positional:
            do(value, around)
        return any_of([*branches, *(value for _, value in keywords)])
    arguments = (*positional, *by_name(positional))
    line = line_of(node)
    if name == "apply" and len(positional) > 1:
        return applied(positional, line)
    left, right = target.field("left"), target.field("right")
    if target.kind() != "dot" or left is None or right is None:
        function = value_of(target if left is None else left, around, depth)
    else:
        function = _member(left, right, around, depth, tuple(positional[:1]))
        if not written and not piped and left.kind() not in {"alias", "atom"}:
            return function
    return any_of([Call(function, arguments, keywords, line=line), *branches])


def _member(left: SgNode, right: SgNode, around: Around, depth: int, given: tuple[Value, ...] = ()) -> Value:
    if left.kind() == "alias":
        held = module_value(around.full(left.text()), given, line_of(left))
    else:
        held = value_of(left, around, depth)
    if isinstance(held, Name) and right.kind() == "alias":
        return module_value(f"{held.text}.{right.text()}", given, line_of(right))
    return Member(held, right.text().strip('"'), line_of(right))


def _text(node: SgNode, around: Around, depth: int) -> Value:
    written = [child for child in node.named_children() if child.kind() != "escape_sequence"]
    parts = [
        Text(each.text()) if each.kind() == "quoted_content" else value_of(each, around, depth)
        for each in written
    ]
    return any_of(parts) if parts else Text("")


def _binary(node: SgNode, around: Around, depth: int) -> Value:
    left, right, operator = node.field("left"), node.field("right"), node.field("operator")
    if left is None or right is None or operator is None:
        return NOTHING
    sign = operator.text()
    if sign in {"=", "<-"}:
        value = value_of(right, around, depth)
        bind(left, value, around, depth)
        return Name(left.text()) if left.kind() == "identifier" else value
    if sign in {"when", "::"}:
        return value_of(left, around, depth)
    if sign == "|>":
        piped = value_of(left, around, depth)
        if right.kind() == "call":
            return call_of(right, around, depth, (piped,))
        return Call(value_of(right, around, depth), (piped,), line=line_of(right))
    values = [value_of(left, around, depth), value_of(right, around, depth)]
    if sign in _COMPARE:
        for value in values:
            do(value, around)
        return NOTHING
    return any_of(values)


def _unary(node: SgNode, around: Around, depth: int) -> Value:
    operator, operand = node.field("operator"), node.field("operand")
    if operator is None or operand is None:
        return NOTHING
    sign, kind = operator.text(), operand.kind()
    if sign == "@" and kind == "call":
        name = operand.field("target")
        if name is not None and name.text() not in _SAID:
            values = [value_of(child, around, depth) for child in children_of(operand, "arguments")]
            around.out.append(Assign(Name("@" + name.text()), any_of(values), line=line_of(node)))
        return NOTHING
    if sign == "@":
        return Name("@" + operand.text())
    if sign != "&":
        return value_of(operand, around, depth)
    if kind == "integer":
        return Name("&" + operand.text())
    left = operand.field("left")
    if kind == "binary_operator" and left is not None:
        target = left.field("target") if left.kind() == "call" else left
        return value_of(target, around, depth)
    inner = around.within([])
    inner.out.append(Return(value_of(operand, inner, depth)))
    return Function(
        "", tuple(Parameter(f"&{at}") for at in (1, 2, 3, 4)), tuple(inner.out), line=line_of(node)
    )


def _clause(clause: SgNode, subject: Value, around: Around, depth: int) -> Value:
    for pattern in patterns(clause):
        bind(pattern, subject, around, depth)
    return value_of(clause.field("right"), around, depth)


def _function(node: SgNode, around: Around, depth: int) -> Value:
    functions: list[Value] = []
    for clause in node.named_children():
        if clause.kind() == "stab_clause":
            inner = around.within([])
            parameters = parameters_of(patterns(clause), inner, depth)
            inner.out.append(Return(value_of(clause.field("right"), inner, depth)))
            functions.append(Function("", parameters, tuple(inner.out), line=line_of(clause)))
    return any_of(functions)


def _sequence(node: SgNode, around: Around, depth: int) -> Value:
    """A tuple or list. `{GRPC.Server.Supervisor, options}` in a supervision tree starts a server."""
    children = [child for child in node.named_children() if child.kind() != "comment"]
    values = [value_of(child, around, depth) for child in children]
    if values[:1] == [Name("GRPC.Server.Supervisor")]:
        around.out.append(
            Do(Call(Member(Name("GRPC.Server"), "Supervisor"), tuple(values[1:]), line=line_of(node)))
        )
    if len(values) == 1 and isinstance(values[0], Record):
        return values[0]
    return any_of([*values, *by_name(values)])


def _record(node: SgNode, around: Around, depth: int) -> Value:
    known: list[tuple[str, Value]] = []
    others: list[Value] = []
    todo = node.named_children()[::-1]
    while todo:
        child = todo.pop()
        kind, left, right = child.kind(), child.field("left"), child.field("right")
        if kind in {"map_content", "keywords"}:
            todo += child.named_children()[::-1]
        elif kind == "pair":
            key = child.field("key")
            value = value_of(child.field("value"), around, depth)
            written = key.text().strip().rstrip(":").strip("\"'") if key is not None else ""
            known.append((written, value))
            entered(written, value, child, around)
        elif kind == "binary_operator" and left is not None and right is not None:
            key_value = value_of(left, around, depth)
            if right.kind() == "keywords":
                others.append(key_value)
                todo.append(right)
            else:
                value = value_of(right, around, depth)
                if isinstance(key_value, Text):
                    known.append((key_value.value, value))
                    entered(key_value.value, value, child, around)
                else:
                    others += [key_value, value]
        elif kind != "struct":
            others.append(value_of(child, around, depth))
    return any_of([Record(tuple(known)), *others])
