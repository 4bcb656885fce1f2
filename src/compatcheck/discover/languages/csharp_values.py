"""Turns expressions of C# into values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Do,
    Function,
    Member,
    Name,
    Parameter,
    Record,
    Return,
    Several,
    Statement,
    Text,
    Value,
)
from compatcheck.discover.languages.csharp_calls import assignment, cast, creation, invocation
from compatcheck.discover.languages.csharp_names import (
    Around,
    match,
    simple_name,
    text_of,
    types_in,
)
from compatcheck.discover.syntax import DEEPEST, kinds, line_of, named, operands, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode


_IDLE = kinds(
    "null_literal boolean_literal integer_literal real_literal character_literal comment discard "
    "typeof_expression sizeof_expression default_expression predefined_type implicit_type interpolation_start "
    "interpolation_quote interpolation_brace interpolation_format_clause interpolation_alignment_clause "
    "modifier type_pattern"
)
_PASSED_ON = kinds(
    "await_expression parenthesized_expression postfix_unary_expression prefix_unary_expression "
    "checked_expression ref_expression throw_expression argument expression_element spread_element "
    "collection_element constant_pattern interpolation arrow_expression_clause"
)
_TEXTS = kinds(
    "string_content verbatim_string_literal string_literal_content raw_string_literal string_literal"
)
_SELVES = frozenset({"this", "base"})


def value_of(node: SgNode, around: Around, depth: int = 0) -> Value:
    """The value of an expression; what it assigns on the way is appended to `around.out`."""
    kind = node.kind()
    if kind in _IDLE or depth > DEEPEST:
        return NOTHING
    if kind in _TEXTS:
        return Text(unquoted(node.text()))
    if kind in _SELVES:
        return Name(SELF)
    match kind:
        case "identifier":
            return Name(node.text())
        case "generic_name":
            return Name(simple_name(node))
        case "invocation_expression":
            return invocation(node, around, depth)
        case "member_access_expression" | "qualified_name":
            return _member(node, "expression" if kind[0] == "m" else "qualifier", around, depth)
        case "conditional_access_expression":
            return _conditional_access(node, around, depth)
        case "alias_qualified_name":
            return named(simple_name(node))
        case "element_access_expression":
            return _element(node, around, depth)
        case "object_creation_expression":
            return creation(node, types_in(node.field("type")), around, depth)
        case "assignment_expression":
            return assignment(node, around, depth)
        case "lambda_expression" | "anonymous_method_expression":
            return _closure(node, around, depth)
        case "conditional_expression":
            _first(node.field("condition"), around, depth)
            branches = (node.field("consequence"), node.field("alternative"))
            return Several(tuple(value_of(part, around, depth + 1) for part in branches if part is not None))
        case "binary_expression":
            return Several(tuple(value_of(part, around, depth + 1) for part in operands(node)))
        case "cast_expression":
            return cast(_field(node, "value", around, depth), types_in(node.field("type")), line_of(node))
        case "as_expression" | "is_expression":
            held = _field(node, "left", around, depth)
            return cast(held, types_in(node.field("right")), line_of(node))
        case "is_pattern_expression":
            return _matched(node, around, depth)
        case "switch_expression":
            return _switch(node, around, depth)
        case "tuple_expression":
            items = _parts(node, around, depth)
            return Record(tuple((f"Item{index}", item) for index, item in enumerate(items, 1)))
        case "anonymous_object_creation_expression":
            return _anonymous(node, around, depth)
        case "declaration_expression":
            name = text_of(node, "name")
            around.out.append(Assign(Name(name), None, types_in(node.field("type")), line_of(node)))
            return Name(name)
        case "from_clause" | "let_clause":
            return _ranged(node, around, depth)
    values = _parts(node, around, depth)
    return values[-1] if kind in _PASSED_ON and values else Several(tuple(values))


def parameters_of(node: SgNode | None, around: Around) -> tuple[Parameter, ...]:
    """The parameters in a list of them, or of a lambda (`x => ..`, `(x, y) => ..`)."""
    found: list[Parameter] = []
    for part in node.named_children() if node is not None else ():
        kind = part.kind()
        if kind == "implicit_parameter":
            found.append(Parameter(part.text()))
        elif kind == "parameter_list":
            found.extend(parameters_of(part, around))
        elif kind == "parameter":
            name, children = part.field("name"), part.named_children()
            default = None
            if name is not None and children[-1].range().start.index > name.range().start.index:
                default = value_of(children[-1], around)
            found.append(
                Parameter(name.text() if name is not None else "", types_in(part.field("type")), default)
            )
    return tuple(found)


def _member(node: SgNode, of: str, around: Around, depth: int) -> Value:
    name = node.field("name")
    if name is None:
        return NOTHING
    return Member(_field(node, of, around, depth), simple_name(name), line_of(name))


def _conditional_access(node: SgNode, around: Around, depth: int) -> Value:
    value = _field(node, "condition", around, depth)
    access = node.named_children()[-1]
    name = access.field("name")
    return value if name is None else Member(value, simple_name(name), line_of(name))


def _element(node: SgNode, around: Around, depth: int) -> Value:
    """`stubs["cart"]`, whose key may also be the name of a setting; an index that is computed says nothing."""
    container = _field(node, "expression", around, depth)
    subscript = node.field("subscript")
    indices = _parts(subscript, around, depth) if subscript is not None else []
    if len(indices) == 1 and isinstance(indices[0], Text):
        return Several((Member(container, indices[0].value, line_of(node)), indices[0]))
    around.out.extend(Do(index) for index in indices if not isinstance(index, Name | Several))
    return container


def _closure(node: SgNode, around: Around, depth: int) -> Value:
    children = node.named_children()
    if not children:
        return NOTHING
    return Function("", parameters_of(node, around), body_of(children[-1], around, depth), line=line_of(node))


def body_of(node: SgNode, around: Around, depth: int) -> tuple[Statement, ...]:
    """What a function does whose body is a block, `=> value`, or a bare value."""
    out: list[Statement] = []
    if node.kind() == "block":
        around.read(node, around.within(out), depth + 1)
        return tuple(out)
    value = value_of(node, around.within(out), depth + 1)
    return (*out, Return(value))


def _matched(node: SgNode, around: Around, depth: int) -> Value:
    value = _field(node, "expression", around, depth)
    pattern = node.field("pattern")
    if pattern is not None:
        match(pattern, value, around.out, depth)
    return value


def _ranged(node: SgNode, around: Around, depth: int) -> Value:
    """`from x in xs` and `let x = y` of a query."""
    names = node.named_children()
    for name, value in zip(names[-2:-1], names[-1:], strict=False):
        around.out.append(Assign(Name(name.text()), value_of(value, around, depth + 1), line=line_of(node)))
    return NOTHING


def _switch(node: SgNode, around: Around, depth: int) -> Value:
    value: Value = NOTHING
    found: list[Value] = []
    for part in node.children():
        if part.kind() == "switch_expression_arm":
            pattern, *rest = part.named_children() or [part]
            match(pattern, value, around.out, depth)
            found.extend(value_of(item, around, depth + 1) for item in rest)
        elif value == NOTHING and (part.is_named() or part.kind() in _SELVES):
            value = value_of(part, around, depth + 1)
    return Several(tuple(found))


def _anonymous(node: SgNode, around: Around, depth: int) -> Value:
    fields: list[tuple[str, Value]] = []
    name = ""
    before = ""
    for part in node.children():
        kind = part.kind()
        if kind == "=" and fields:
            name, _ = fields.pop()
        elif part.is_named():
            value = value_of(part, around, depth + 1)
            if before != "=":
                name = (
                    value.text if isinstance(value, Name) else value.name if isinstance(value, Member) else ""
                )
            fields.append((name, value))
        before = kind
    return Record(tuple(fields))


def _first(node: SgNode | None, around: Around, depth: int) -> None:
    """Notes a value that is computed on the way: a condition."""
    value = value_of(node, around, depth + 1) if node is not None else NOTHING
    if not isinstance(value, Name | Text) and value != NOTHING:
        around.out.append(Do(value))


def _parts(node: SgNode, around: Around, depth: int) -> list[Value]:
    parts = [part for part in node.children() if part.is_named() or part.kind() in _SELVES]
    return [value_of(part, around, depth + 1) for part in parts if part.kind() not in _IDLE]


def _field(node: SgNode, name: str, around: Around, depth: int) -> Value:
    part = node.field(name)
    return NOTHING if part is None else value_of(part, around, depth + 1)
