"""Turns expressions of C++ into values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Call,
    Do,
    Function,
    Member,
    Name,
    Parameter,
    Record,
    Several,
    Statement,
    Text,
    Value,
)
from compatcheck.discover.languages.cpp_names import (
    FUNCTION,
    Around,
    declared,
    is_trivial,
    local,
    path_of,
    type_arguments,
    types_in,
)
from compatcheck.discover.syntax import DEEPEST, kinds, line_of, named, operands, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_IDLE = kinds(
    "number_literal char_literal true false null comment sizeof_expression alignof_expression offsetof_expression "
    "type_descriptor primitive_type auto literal_suffix requires_expression escape_sequence"
)
_PASSED_ON = kinds(
    "parenthesized_expression pointer_expression co_await_expression update_expression unary_expression "
    "parameter_pack_expansion condition_clause delete_expression field_designator"
)
_PATHS = kinds("qualified_identifier template_function dependent_name template_type type_identifier")
_CASTS = kinds(
    "move forward ref cref static_cast dynamic_cast const_cast reinterpret_cast static_pointer_cast "
    "dynamic_pointer_cast down_cast WrapUnique addressof as_const get_pointer"
)
"""Functions that pass on what they are given."""
_MAKERS = kinds("make_unique make_shared MakeUnique MakeShared make_optional allocate_shared")
_HOLDERS = kinds("unique_ptr shared_ptr optional reference_wrapper weak_ptr not_null")
_OF_PAIRS = frozenset({"first", "second"})
HELD = kinds("get release lock value")
"""How a smart pointer gives out what it holds. No method of a stub is called without arguments."""


def value_of(node: SgNode, around: Around, depth: int = 0) -> Value:
    """The value of an expression; what it assigns on the way is appended to `around.out`."""
    kind = node.kind()
    if kind in _IDLE or depth > DEEPEST:
        return NOTHING
    if kind in _PATHS:
        return path_value(path_of(node), line_of(node))
    match kind:
        case "identifier" | "field_identifier":
            return Name(node.text())
        case "this":
            return Name(SELF)
        case "string_literal" | "raw_string_literal" | "string_content":
            return Text(unquoted(node.text()))
        case "call_expression":
            return _invocation(node, around, depth)
        case "field_expression":
            return _member(node, around, depth)
        case "new_expression" | "compound_literal_expression":
            return _creation(node, around, depth)
        case "lambda_expression":
            return _closure(node, around, depth)
        case "assignment_expression":
            return assignment(node, around, depth)
        case "subscript_expression":
            return _element(node, around, depth)
        case "cast_expression":
            part = node.field("value")
            return NOTHING if part is None else value_of(part, around, depth + 1)
        case "conditional_expression":
            parts = values_in(node, around, depth)
            around.out.extend(Do(value) for value in parts[:1] if not is_trivial(value))
            return Several(tuple(parts[1:]))
        case "binary_expression":
            return Several(tuple(value_of(part, around, depth + 1) for part in operands(node)))
        case "initializer_list":
            return _listed(node, around, depth)
        case "declaration":
            before = len(around.out)
            around.read(node, around, depth + 1)
            made = around.out[before:]
            return Several(tuple(item.target for item in made if isinstance(item, Assign)))
    values = values_in(node, around, depth)
    return values[-1] if kind in _PASSED_ON and values else Several(tuple(values))


def path_value(path: tuple[str, ...], line: int) -> Value:
    """What `a::b` stands for. `Cart::Stub::Get` is a method of some stub of Cart."""
    if not path:
        return NOTHING
    if len(path) > 2 and path[-2] in ("Stub", "StubInterface"):
        return Member(Call(named(".".join(path[:-1])), line=line), path[-1], line)
    value = named(".".join(local(path)))
    return Member(value.of, value.name, line) if isinstance(value, Member) else value


def call(path: tuple[str, ...], types: tuple[str, ...], arguments: tuple[Value, ...], line: int) -> Value:
    """A call of a function or class by its name."""
    last = path[-1] if path else ""
    if last in _CASTS and arguments:
        return arguments[-1]
    if last in _HOLDERS:
        return Several(arguments)
    if last in _MAKERS and types:
        return Call(path_value(tuple(types[0].split(".")), line), arguments, (), types[1:], line)
    return Call(path_value(path, line), arguments, (), types, line)


def assignment(node: SgNode, around: Around, depth: int) -> Value:
    """Appends an assignment, and is what was assigned to."""
    left, right = node.field("left"), node.field("right")
    if left is None or right is None:
        return NOTHING
    value = value_of(right, around, depth + 1)
    target = value_of(left, around, depth + 1)
    of_any = left.kind() == "subscript_expression" and not isinstance(target, Member)
    around.out.append(Assign(Member(target, "") if of_any else target, value, line=line_of(node)))
    return target


def values_in(node: SgNode, around: Around, depth: int) -> list[Value]:
    return [value_of(part, around, depth + 1) for part in node.named_children() if part.kind() not in _IDLE]


def parameters_of(node: SgNode | None, around: Around) -> tuple[Parameter, ...]:
    """The parameters in a list of them."""
    found: list[Parameter] = []
    for part in node.named_children() if node is not None else ():
        if not part.kind().endswith("parameter_declaration"):
            continue
        declarator, default = part.field("declarator"), part.field("default_value")
        name, _ = declared(declarator) if declarator is not None else (None, False)
        if name is not None and name.kind() == FUNCTION:
            inner = name.field("declarator")
            name = declared(inner)[0] if inner is not None else None
        text = name.text() if name is not None and name.kind() == "identifier" else ""
        value = value_of(default, around) if default is not None else None
        found.append(Parameter(text, types_in(part.field("type")), value))
    return tuple(found)


def _invocation(node: SgNode, around: Around, depth: int) -> Value:
    called, listed = node.field("function"), node.field("arguments")
    if called is None:
        return NOTHING
    kind = called.kind()
    given = (
        [part for part in listed.named_children() if part.kind() != "comment"] if listed is not None else []
    )
    arguments = tuple(value_of(part, around, depth + 1) for part in given)
    line = line_of(called)
    if kind in _PATHS or kind == "identifier":
        return call(path_of(called), type_arguments(called), arguments, line)
    function = value_of(called, around, depth + 1)
    if kind != "field_expression" or not isinstance(function, Member):
        return Call(function, arguments, line=line)
    name = called.field("field")
    types = type_arguments(name) if name is not None else ()
    if function.name in HELD and not arguments:
        holder = function.of
        if not isinstance(holder, Name):
            holder = Name(f"held in {line}.{len(around.out)}")
            around.out.append(Assign(holder, function.of, line=line))
        held = Member(holder, f"{function.name}()", function.line)
        return Several((Call(held, line=function.line), holder))
    return Call(function, arguments, (), types, function.line)


def _member(node: SgNode, around: Around, depth: int) -> Value:
    of, name = node.field("argument"), node.field("field")
    if of is None or name is None:
        return NOTHING
    path = path_of(name)
    value = value_of(of, around, depth + 1)
    if path and path[-1] in _OF_PAIRS:
        return value
    return Member(value, path[-1] if path else "", line_of(name))


def _creation(node: SgNode, around: Around, depth: int) -> Value:
    """`new T(x)`, `new T{x}` and `T{x}`."""
    written, listed = node.field("type"), node.field("arguments") or node.field("value")
    arguments, keywords = arguments_of(listed, around, depth) if listed is not None else ((), ())
    types = types_in(written)
    path = path_of(written) if written is not None else ()
    if path and path[-1] in _HOLDERS:
        return Several(arguments)
    return Call(path_value(path, line_of(node)), arguments, keywords, types[1:], line_of(node))


def arguments_of(
    node: SgNode, around: Around, depth: int
) -> tuple[tuple[Value, ...], tuple[tuple[str, Value], ...]]:
    """What stands in `(x, y)` or `{x, .a = y}`."""
    arguments: list[Value] = []
    keywords: list[tuple[str, Value]] = []
    for part in node.named_children():
        kind = part.kind()
        value = part.field("value") if kind == "initializer_pair" else None
        if value is not None:
            name = part.named_children()[0].text().strip(".")
            keywords.append((name, value_of(value, around, depth + 1)))
        elif kind != "comment":
            arguments.append(value_of(part, around, depth + 1))
    return tuple(arguments), tuple(keywords)


def _listed(node: SgNode, around: Around, depth: int) -> Value:
    arguments, keywords = arguments_of(node, around, depth)
    if keywords and not arguments:
        return Record(keywords)
    return Several((*arguments, *(value for _, value in keywords)))


def _element(node: SgNode, around: Around, depth: int) -> Value:
    of, indices = node.field("argument"), node.field("indices")
    container = value_of(of, around, depth + 1) if of is not None else NOTHING
    found = values_in(indices, around, depth) if indices is not None else []
    if len(found) == 1 and isinstance(found[0], Text):
        return Member(container, found[0].value, line_of(node))
    around.out.extend(Do(index) for index in found if not is_trivial(index))
    return container


def _closure(node: SgNode, around: Around, depth: int) -> Value:
    """A lambda. What it captures under a new name is named around it."""
    captures, body = node.field("captures"), node.field("body")
    for part in captures.named_children() if captures is not None else ():
        left, right = part.field("left"), part.field("right")
        if left is not None and right is not None:
            value = value_of(right, around, depth + 1)
            around.out.append(Assign(Name(left.text()), value, line=line_of(part)))
    declarator = node.field("declarator")
    parameters = declarator.field("parameters") if declarator is not None else None
    out: list[Statement] = []
    inner = around.within(out)
    given = parameters_of(parameters, inner)
    if body is not None:
        around.read(body, inner, depth + 1)
    return Function("", given, tuple(out), line=line_of(node))
