"""Reads classes of C# and their members."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    SELF,
    Assign,
    Call,
    Class,
    Do,
    Function,
    Member,
    Name,
    Parameter,
    Several,
    Statement,
    Value,
)
from compatcheck.discover.languages.csharp_calls import declared
from compatcheck.discover.languages.csharp_names import Around, text_of, types_in
from compatcheck.discover.languages.csharp_values import body_of, parameters_of, value_of
from compatcheck.discover.syntax import line_of, named

if TYPE_CHECKING:
    from ast_grep_py import SgNode


def read_type(node: SgNode, around: Around, depth: int) -> None:
    """A class with its fields; parameters of a primary constructor are fields as well."""
    name = text_of(node, "name")
    body: list[Statement] = []
    inner = around.within(body)
    bases: list[str] = []
    marks: list[str] = []
    start: list[Statement] = []
    parameters: tuple[Parameter, ...] = ()
    for part in node.named_children():
        kind = part.kind()
        if kind == "attribute_list":
            marks.extend(
                text_of(mark, "name") for mark in part.named_children() if mark.kind() == "attribute"
            )
        elif kind == "parameter_list":
            parameters = parameters_of(part, inner)
        elif kind == "base_list":
            _bases(part, bases, inner.within(start), depth)
        elif kind == "declaration_list":
            around.read(part, replace(inner, base=bases[0] if bases else ""), depth + 1)
    if parameters or start:
        line = line_of(node)
        fields = [Assign(Name(given.name), None, given.types, line) for given in parameters]
        kept = [Assign(Member(Name(SELF), given.name), Name(given.name), line=line) for given in parameters]
        made = Function("<init>", parameters, (*kept, *start), line=line)
        body[:0] = [*fields, made]
    around.out.append(Class(name, tuple(bases), tuple(body), tuple(marks), line_of(node)))


def _bases(node: SgNode, bases: list[str], around: Around, depth: int) -> None:
    """`: Base(x), IFirst<T>`, of which `Base(x)` also calls a constructor."""
    for part in node.named_children():
        kind = part.kind()
        arguments = part if kind == "argument_list" else None
        if kind == "primary_constructor_base_type":
            arguments = part
        if kind != "argument_list":
            bases.extend(types_in(part.field("type") or part)[:1])
        if arguments is not None and bases:
            made = Call(named(bases[-1]), tuple(_arguments(arguments, around, depth)), line=line_of(part))
            around.out.append(Do(made))


def _arguments(node: SgNode, around: Around, depth: int) -> list[Value]:
    found: list[Value] = []
    for part in node.named_children():
        if part.kind() == "argument_list":
            found.extend(_arguments(part, around, depth))
        elif part.kind() == "argument":
            found.append(value_of(part, around, depth + 1))
    return found


def read_function(node: SgNode, around: Around, depth: int) -> Function:
    body = node.field("body")
    returns = node.field("returns") or node.field("type")
    return Function(
        text_of(node, "name") if not node.kind().startswith(("destructor", "conversion")) else "",
        parameters_of(node.field("parameters"), around),
        _body(body, around, depth),
        types_in(returns),
        line=line_of(node),
    )


def _body(node: SgNode | None, around: Around, depth: int) -> tuple[Statement, ...]:
    return body_of(node, around, depth) if node is not None else ()


def read_constructor(node: SgNode, around: Around, depth: int) -> None:
    start: list[Statement] = []
    for part in node.named_children():
        if part.kind() == "constructor_initializer":
            arguments = _arguments(part, around.within(start), depth)
            own = any(token.kind() == "this" for token in part.children())
            made = named(text_of(node, "name") if own else around.base)
            value = Call(made, tuple(arguments), line=line_of(part))
            start.append(Do(value if made != Name("") else Several(value.arguments)))
    parameters = parameters_of(node.field("parameters"), around)
    body = (*start, *_body(node.field("body"), around, depth))
    around.out.append(Function("<init>", parameters, body, line=line_of(node)))


def read_property(node: SgNode, around: Around, depth: int) -> None:
    """A property is a field that holds what its `get` returns; its `set` is given what is assigned to it."""
    name, types, line = text_of(node, "name") or "Item", types_in(node.field("type")), line_of(node)
    held: list[Value] = []
    value, accessors = node.field("value"), node.field("accessors")
    if value is not None and value.kind() == "arrow_expression_clause":
        held.append(_getter(name, types, value, around, depth))
    elif value is not None:
        held.append(declared(value, types, around, depth))
    for part in accessors.named_children() if accessors is not None else ():
        body = part.field("body")
        if body is None:
            continue
        if text_of(part, "name") == "get":
            held.append(_getter(name, types, body, around, depth))
        else:
            given = Parameter("value", types, Member(Name(SELF), name))
            around.out.append(Function(f"set_{name}", (given,), _body(body, around, depth), line=line))
    around.out.append(Assign(Name(name), Several(tuple(held)) if held else None, types, line))


def _getter(name: str, types: tuple[str, ...], body: SgNode, around: Around, depth: int) -> Value:
    around.out.append(Function(f"get_{name}", (), _body(body, around, depth), types, line=line_of(body)))
    return Call(Name(f"get_{name}"), line=line_of(body))
