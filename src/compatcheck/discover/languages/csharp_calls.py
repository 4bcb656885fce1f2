"""Turns calls, `new` and assignments of C# into values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    ANY,
    NOTHING,
    Assign,
    Call,
    Do,
    Function,
    Member,
    Several,
    Statement,
    Text,
    Value,
)
from compatcheck.discover.languages.csharp_names import Around, last_name, simple_name, types_in
from compatcheck.discover.syntax import line_of, named, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_ARRANGING = ("Add", "TryAdd", "Configure", "Map", "Use", "Register")
"""How names of methods start that take a type to arrange for it, and do not give out an object of it."""


def creation(node: SgNode, types: tuple[str, ...], around: Around, depth: int) -> Value:
    """What `new T(x) { A = y, z }` makes, or `new(x)` where the type is known from elsewhere."""
    arguments: list[Value] = []
    keywords: list[tuple[str, Value]] = []
    for part in node.named_children():
        kind = part.kind()
        if kind == "argument_list":
            add_arguments(part, arguments, keywords, around, depth)
        elif kind == "initializer_expression":
            for item in part.named_children():
                if item.kind() == "comment":
                    continue
                if item.kind() != "assignment_expression":
                    arguments.append(around.value(item, around, depth + 1))
                    continue
                left, right = item.field("left"), item.field("right")
                if left is not None and right is not None:
                    name = left.text() if left.kind() == "identifier" else unquoted(left.text().strip("[]"))
                    keywords.append((name, around.value(right, around, depth + 1)))
    if not types:
        return Several((*arguments, *(value for _, value in keywords)))
    return Call(named(types[0]), tuple(arguments), tuple(keywords), types[1:], line_of(node))


def declared(node: SgNode, types: tuple[str, ...], around: Around, depth: int) -> Value:
    """A value for what is declared with a type, which `new(..)` does not repeat."""
    if node.kind() == "implicit_object_creation_expression":
        return creation(node, types, around, depth)
    return around.value(node, around, depth + 1)


def assignment(node: SgNode, around: Around, depth: int) -> Value:
    """Appends an assignment, and is what was assigned to."""
    left, right = node.field("left"), node.field("right")
    if left is None or right is None:
        return NOTHING
    value = around.value(right, around, depth + 1)
    if left.kind() == "tuple_expression":
        for index, part in enumerate(left.named_children(), 1):
            target = around.value(part, around, depth + 1)
            around.out.append(Assign(target, Member(value, f"Item{index}"), line=line_of(node)))
        return NOTHING
    target = around.value(left, around, depth + 1)
    of_any = left.kind() == "element_access_expression" and not isinstance(target, Several)
    around.out.append(Assign(Member(target, "") if of_any else target, value, line=line_of(node)))
    return target


def add_arguments(
    node: SgNode, arguments: list[Value], keywords: list[tuple[str, Value]], around: Around, depth: int
) -> None:
    for part in node.named_children():
        if part.kind() != "argument":
            continue
        value = around.value(part, around, depth + 1)
        name = part.field("name")
        if name is None:
            arguments.append(value)
        else:
            keywords.append((name.text(), value))


def _addressed(types: tuple[str, ...], given: list[Value], line: int) -> list[Statement]:
    """A stub with the address that `AddGrpcClient<T>(o => o.Address = x)` sets for those that are injected."""
    set_up = [item for closure in given if isinstance(closure, Function) for item in closure.body]
    found = [
        item.value
        for item in set_up
        if isinstance(item, Assign) and isinstance(item.target, Member) and item.target.name == "Address"
    ]
    return [Do(Call(named(types[0]), (value,), line=line)) for value in found if types and value is not None]


def is_stub(types: tuple[str, ...]) -> bool:
    """Whether a type is of a stub, as generated code names it: `Cart.CartClient`."""
    asked = types[0].split(".") if types else [""]
    return len(asked) > 1 and asked[-1] == f"{asked[-2]}Client"


def cast(value: Value, types: tuple[str, ...], line: int) -> Value:
    """`(Cart.CartClient)services.GetService(..)` is a stub, wherever it comes from."""
    return Several((value, Call(named(types[0]), line=line))) if is_stub(types) else value


def invocation(node: SgNode, around: Around, depth: int) -> Value:
    called, listed = node.field("function"), node.field("arguments")
    if called is None:
        return NOTHING
    name = last_name(called)
    simple = simple_name(name)
    if simple == "nameof":
        return NOTHING
    arguments: list[Value] = []
    keywords: list[tuple[str, Value]] = []
    if listed is not None:
        add_arguments(listed, arguments, keywords, around, depth)
    function = around.value(called, around, depth + 1)
    line = line_of(name)
    if simple == "GetMethod" and isinstance(function, Member) and isinstance(function.of, Call):
        asked_of = function.of.function  # `client.GetType().GetMethod(name)`
        if isinstance(asked_of, Member) and asked_of.name == "GetType":
            first = arguments[0] if arguments else NOTHING
            return Member(asked_of.of, first.value if isinstance(first, Text) else ANY, line)
    types: tuple[str, ...] = ()
    if name.kind() == "generic_name":
        types = types_in(name.named_children()[-1])
        if is_stub(types) and not simple.startswith(_ARRANGING):
            function, types = named(types[0]), ()
        if simple == "AddGrpcClient":
            around.out.extend(_addressed(types, arguments, line))
    if simple == "Invoke" and isinstance(function, Member):
        function = function.of
    return Call(function, tuple(arguments), tuple(keywords), types, line)
