"""Turns expressions of Python into values."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    Several,
    Statement,
    Text,
    Value,
)
from compatcheck.discover.languages.python_calls import generated_client, known, of_super
from compatcheck.discover.syntax import DEEPEST, dotted_names, line_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_IDLE = frozenset(
    {"none", "true", "false", "integer", "float", "ellipsis", "comment", "type", "string_content"}
)
_PASSED_ON = frozenset(
    {
        "await",
        "parenthesized_expression",
        "list_splat",
        "dictionary_splat",
        "interpolation",
        "keyword_pattern",
    }
)
_ASIDE = frozenset({"comparison_operator", "not_operator", "if_clause", "slice", "format_specifier"})
_COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)


@dataclass(frozen=True, slots=True)
class Around:
    """Where a value stands: what happens before it is there, and what the file imports."""

    out: list[Statement]
    grpc_modules: set[str] = field(default_factory=set)
    """What the file calls modules that grpcio-tools generates."""

    top: list[Statement] = field(default_factory=list)
    """What a function declares for the whole file: `global`."""

    bases: tuple[str, ...] = ()
    """What the class around it extends."""

    def within(self, out: list[Statement], bases: tuple[str, ...] | None = None) -> Around:
        return Around(out, self.grpc_modules, self.top, self.bases if bases is None else bases)


def value_of(node: SgNode, around: Around, depth: int = 0) -> Value:
    """The value of an expression; what it assigns on the way is appended to `around.out`."""
    kind = node.kind()
    if kind in _IDLE or depth > DEEPEST:
        return NOTHING
    match kind:
        case "identifier":
            return Name(node.text())
        case "string":
            return _string(node, around, depth)
        case "attribute":
            return _member(node, around, depth)
        case "call":
            return _call(node, around, depth)
        case "subscript":
            return _subscript(node, around, depth)
        case "lambda":
            return _lambda(node, around, depth)
        case "dictionary":
            return _dictionary(node, around, depth)
        case "conditional_expression":
            yes, condition, no = _parts(node, around, depth, 3)
            do(condition, around)
            return Several((yes, no))
        case "named_expression":
            name, value = _parts(node, around, depth, 2)
            around.out.append(Assign(name, value, line=line_of(node)))
            return name
        case "yield":
            around.out.append(Return(_together(node, around, depth)))
            return NOTHING
    if kind in _COMPREHENSIONS:
        return _comprehension(node, around, depth)
    value = _together(node, around, depth)
    if kind in _ASIDE:
        do(value, around)
        return NOTHING
    return value


def do(value: Value, around: Around) -> None:
    """Keeps a value that is computed for its effect."""
    if not isinstance(value, Name | Text) and value != NOTHING:
        around.out.append(Do(value))


def bind(
    target: SgNode, value: Value | None, around: Around, depth: int, types: tuple[str, ...] = ()
) -> None:
    """Assigns a value to a name, a member, or the names within a pattern."""
    kind = target.kind()
    line = line_of(target)
    if kind == "subscript":
        holder = target.field("value")
        key = _key(target)
        if holder is not None:
            held = value_of(holder, around, depth + 1)
            around.out.append(Assign(Member(held, key, line) if key else held, value, types, line))
    elif kind in {"identifier", "attribute"}:
        around.out.append(Assign(value_of(target, around, depth + 1), value, types, line))
    elif depth <= DEEPEST:
        for part in target.named_children():
            bind(part, value, around, depth + 1, types)


def parameters_of(node: SgNode | None, around: Around, depth: int) -> tuple[Parameter, ...]:
    """Parameters as they are written, `self` included."""
    found: list[Parameter] = []
    for child in node.named_children() if node is not None else ():
        kind = child.kind()
        if kind in {"positional_separator", "keyword_separator", "comment"}:
            continue
        named = child.field("name") or child
        if kind == "typed_parameter":
            named = child.named_children()[0]
        typed, default = child.field("type"), child.field("value")
        found.append(
            Parameter(
                named.text().lstrip("*"),
                dotted_names(typed.text()) if typed is not None else (),
                value_of(default, around, depth + 1) if default is not None else None,
            )
        )
    return tuple(found)


def _together(node: SgNode, around: Around, depth: int) -> Value:
    parts = tuple(value_of(child, around, depth + 1) for child in node.named_children())
    parts = tuple(part for part in parts if part != NOTHING)
    if len(parts) == 1:
        return parts[0]
    return Several(parts)


def _parts(node: SgNode, around: Around, depth: int, count: int) -> list[Value]:
    parts = [
        value_of(child, around, depth + 1) for child in node.named_children() if child.kind() != "comment"
    ]
    return (parts + [NOTHING] * count)[:count]


def _string(node: SgNode, around: Around, depth: int) -> Value:
    parts: list[Value] = []
    for child in node.named_children():
        kind = child.kind()
        if kind == "string_content":
            parts.append(Text(child.text()))
        elif kind == "interpolation":
            parts.append(value_of(child, around, depth + 1))
    if not parts:
        return Text("")
    return parts[0] if len(parts) == 1 else Several(tuple(parts))


def _key(subscript: SgNode) -> str:
    """The literal text that a subscript asks for; empty if it is anything else."""
    keys = subscript.field_children("subscript")
    if len(keys) != 1 or keys[0].kind() != "string":
        return ""
    contents = [child for child in keys[0].named_children() if child.kind() != "string_start"]
    return (
        contents[0].text() if [child.kind() for child in contents] == ["string_content", "string_end"] else ""
    )


def _subscript(node: SgNode, around: Around, depth: int) -> Value:
    holder = node.field("value")
    held = value_of(holder, around, depth + 1) if holder is not None else NOTHING
    key, line = _key(node), line_of(node)
    if key and not (isinstance(held, Member) and held.name == "environ"):
        return Member(held, key, line)
    index = tuple(value_of(child, around, depth + 1) for child in node.field_children("subscript"))
    return Call(Member(held, "__getitem__", line), index, line=line)


def _member(node: SgNode, around: Around, depth: int) -> Value:
    holder, name = node.field("object"), node.field("attribute")
    if holder is None or name is None:
        return _together(node, around, depth)
    held = value_of(holder, around, depth + 1)
    line = line_of(name)
    if _is_static_client(held, around):
        held = Call(held, line=line)
    text = name.text()
    if isinstance(held, Call) and held.function == Name("super"):
        return of_super(text, around.bases, line)
    return Member(held, "<init>" if text == "__init__" else text, line)


def _is_static_client(value: Value, around: Around) -> bool:
    """Whether it is the class `Cart` of a generated module, whose methods are called without a stub."""
    if not isinstance(value, Member) or not generated_client(value.name):
        return False
    module = (
        value.of.text if isinstance(value.of, Name) else value.of.name if isinstance(value.of, Member) else ""
    )
    return module.endswith("_pb2_grpc") or module in around.grpc_modules


def _call(node: SgNode, around: Around, depth: int) -> Value:
    callee, given = node.field("function"), node.field("arguments")
    if callee is None or given is None:
        return _together(node, around, depth)
    function = value_of(callee, around, depth + 1)
    arguments: list[Value] = []
    keywords: list[tuple[str, Value]] = []
    if given.kind() == "generator_expression":
        arguments.append(value_of(given, around, depth + 1))
    else:
        for child in given.named_children():
            kind = child.kind()
            if kind == "keyword_argument":
                name, value = child.field("name"), child.field("value")
                if name is not None and value is not None:
                    keywords.append((name.text(), value_of(value, around, depth + 1)))
            elif kind != "comment":
                arguments.append(value_of(child, around, depth + 1))
    return known(Call(function, tuple(arguments), tuple(keywords), line=line_of(node)), around.out)


def _lambda(node: SgNode, around: Around, depth: int) -> Value:
    body = node.field("body")
    out: list[Statement] = []
    parameters = parameters_of(node.field("parameters"), around, depth)
    if body is not None:
        value = value_of(body, around.within(out), depth + 1)
        out.append(Return(value))
    return Function("", parameters, tuple(out), line=line_of(node))


def _dictionary(node: SgNode, around: Around, depth: int) -> Value:
    known: list[tuple[str, Value]] = []
    others: list[Value] = []
    for child in node.named_children():
        key, value = child.field("key"), child.field("value")
        if child.kind() != "pair" or key is None or value is None:
            others.append(value_of(child, around, depth + 1))
            continue
        said = value_of(key, around, depth + 1)
        held = value_of(value, around, depth + 1)
        if isinstance(said, Text):
            known.append((said.value, held))
        else:
            others += [said, held]
    others = [other for other in others if other != NOTHING]
    if not others:
        return Record(tuple(known))
    return Several((Record(tuple(known)), *others) if known else tuple(others))


def _comprehension(node: SgNode, around: Around, depth: int) -> Value:
    body: list[SgNode] = []
    for child in node.named_children():
        left, right = child.field("left"), child.field("right")
        if child.kind() == "for_in_clause" and left is not None and right is not None:
            bind(left, value_of(right, around, depth + 1), around, depth + 1)
        elif child.kind() == "if_clause":
            value_of(child, around, depth + 1)
        else:
            body.append(child)
    values = tuple(value_of(child, around, depth + 1) for child in body)
    return values[0] if len(values) == 1 else Several(values)
