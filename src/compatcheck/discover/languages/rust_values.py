"""Turns expressions, patterns and blocks of Rust into values and statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Call,
    Do,
    Function,
    Import,
    Member,
    Name,
    Parameter,
    Return,
    Several,
    Value,
)
from compatcheck.discover.languages.rust_scope import HERE, Around, any_of, do, text_of
from compatcheck.discover.syntax import DEEPEST, dotted_names, line_of, parse

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_ITEMS = ("_item", "use_declaration", "macro_definition", "extern_crate_declaration")
_MOST_MACROS = 6
"""How deep macros are read within macros; each is parsed anew."""


def value_of(node: SgNode | None, around: Around, depth: int = 0) -> Value:
    """The value of an expression; what it assigns on the way is appended to `around.out`."""
    if node is None or depth > DEEPEST:
        return NOTHING
    kind = node.kind()
    depth += 1
    match kind:
        case "identifier" | "type_identifier" | "metavariable" | "shorthand_field_identifier":
            text = node.text().removeprefix("r#")
            return Name(around.owner if text == "Self" and around.owner else text)
        case "self":
            return Name(SELF)
        case "string_literal" | "raw_string_literal":
            return text_of(node)
        case "call_expression":
            return _call(node, around, depth)
        case "field_expression":
            name = node.field("field")
            held = value_of(node.field("value"), around, depth)
            return Member(held, name.text().removeprefix("r#"), line_of(name)) if name is not None else held
        case "scoped_identifier" | "scoped_type_identifier":
            return _path(node, around, depth)
        case "generic_type":
            return value_of(node.field("type"), around, depth)
        case "generic_function":
            return value_of(node.field("function"), around, depth)
        case "bracketed_type" | "qualified_type":
            return value_of(next(iter(node.named_children()), None), around, depth)
        case "type_cast_expression":
            return value_of(node.field("value"), around, depth)
        case "index_expression":
            held, *index = (value_of(child, around, depth) for child in node.named_children())
            around.out.extend(Do(each) for each in index if each != NOTHING)
            return held
        case "struct_expression":
            return _struct(node, around, depth)
        case "closure_expression":
            return _closure(node, around, depth)
        case "match_expression":
            return _match(node, around, depth)
        case "if_expression":
            do(value_of(node.field("condition"), around, depth), around)
            consequence = value_of(node.field("consequence"), around, depth)
            return any_of((consequence, value_of(node.field("alternative"), around, depth)))
        case "let_condition":
            _take(node.field("pattern"), value_of(node.field("value"), around, depth), around, depth)
            return NOTHING
        case "block":
            return block_of(node, around, depth)
        case "loop_expression":
            inner = Around(around.out, around.items, [], around.owner, around.macros)
            do(value_of(node.field("body"), inner, depth), around)
            return any_of(tuple(inner.breaks))
        case "while_expression" | "for_expression":
            source = value_of(node.field("condition") or node.field("value"), around, depth)
            _take(node.field("pattern"), source, around, depth)
            do(value_of(node.field("body"), around, depth), around)
            return NOTHING
        case "return_expression" | "yield_expression":
            around.out.append(Return(_together(node, around, depth)))
            return NOTHING
        case "break_expression":
            around.breaks.append(_together(node, around, depth))
            return NOTHING
        case "let_declaration":
            _let(node, around, depth)
            return NOTHING
        case "assignment_expression":
            _take(node.field("left"), value_of(node.field("right"), around, depth), around, depth)
            return NOTHING
        case "binary_expression" | "compound_assignment_expr" | "range_expression":
            do(_together(node, around, depth), around)
            return NOTHING
        case "macro_invocation":
            return _macro(node, around, depth)
        case "type_arguments" | "lifetime" | "label" | "line_comment" | "block_comment" | "attribute_item":
            return NOTHING
    return NOTHING if kind.endswith("_literal") else _together(node, around, depth)


def block_of(node: SgNode, around: Around, depth: int) -> Value:
    """Appends the statements of a block and gives the value of the expression at its end."""
    children = node.children()
    last: Value = NOTHING
    for child in children:
        kind = child.kind()
        if kind.endswith(_ITEMS) and kind != "attribute_item":
            around.items.append(child)
        elif child.is_named():
            do(last, around)
            last = value_of(child, around, depth + 1)
            if kind == "expression_statement" and child.child(1) is not None:
                do(last, around)
                last = NOTHING
    return last


def bind(pattern: SgNode | None, value: Value, around: Around, depth: int) -> None:
    """Assigns a value to what a pattern names, or to a place (`self.cart`, `*slot`)."""
    if pattern is None or depth > DEEPEST:
        return
    kind, line = pattern.kind(), line_of(pattern)
    match kind:
        case "identifier" | "shorthand_field_identifier" | "field_expression":
            around.out.append(Assign(value_of(pattern, around, depth + 1), value, line=line))
        case "unary_expression" | "index_expression" | "parenthesized_expression" | "captured_pattern":
            parts = pattern.named_children()
            for part in parts if kind == "captured_pattern" else parts[:1]:
                bind(part, value, around, depth + 1)
        case "struct_pattern":
            for part in pattern.named_children()[1:]:
                name = part.field("name")
                if part.kind() == "field_pattern" and name is not None:
                    member = Member(value, name.text().removeprefix("r#"), line_of(name))
                    bind(part.field("pattern") or name, member, around, depth + 1)
        case "tuple_struct_pattern" | "call_expression":
            inside = pattern.named_children()[1:]
            named = (pattern.field("type") or pattern.field("function") or pattern).text()
            for at, part in enumerate(inside):
                held = (
                    value
                    if named in {"Some", "Ok", "Err"}
                    else Several((value, Member(value, str(at), line)))
                )
                bind(part, held, around, depth + 1)
        case "match_pattern":
            condition = pattern.field("condition")
            for part in pattern.named_children()[: -1 if condition is not None else None]:
                bind(part, value, around, depth + 1)
            do(value_of(condition, around, depth + 1), around)
        case _ if kind.endswith(("_pattern", "arguments", "_expression")):
            for part in pattern.named_children():
                bind(part, value, around, depth + 1)


def parameters_of(node: SgNode | None, around: Around, depth: int) -> tuple[Parameter, ...]:
    """Parameters without `self`. What a pattern takes apart is assigned in `around.out`."""
    found: list[Parameter] = []
    for child in node.named_children() if node is not None else ():
        pattern = child.field("pattern") or child
        kind = pattern.kind()
        if kind in {"self", "self_parameter", "attribute_item"} or kind.endswith("comment"):
            continue
        if kind == "mut_pattern":
            pattern = pattern.named_children()[-1]
        typed = child.field("type")
        name = pattern.text().removeprefix("r#")
        found.append(Parameter(name, dotted_names(typed.text()) if typed is not None else ()))
        if pattern.kind() != "identifier":
            bind(pattern, Name(name), around, depth + 1)
    return tuple(found)


def _together(node: SgNode, around: Around, depth: int) -> Value:
    return any_of(tuple(value_of(child, around, depth) for child in node.named_children()))


def _path(node: SgNode, around: Around, depth: int) -> Value:
    holder, name = node.field("path"), node.field("name")
    if name is None:
        return NOTHING
    text = name.text().removeprefix("r#")
    if holder is None or holder.kind() in HERE:
        return Name(text)
    above, module = holder.field("path"), holder.field("name")
    if above is not None and module is not None and above.kind() in HERE and module.text().islower():
        around.out.append(Import(module.text(), module.text()))
    return Member(value_of(holder, around, depth), text, line_of(name))


def _call(node: SgNode, around: Around, depth: int) -> Value:
    callee, given = node.field("function"), node.field("arguments")
    types: tuple[str, ...] = ()
    if callee is not None and callee.kind() == "generic_function":
        arguments_of_type = callee.field("type_arguments")
        types = dotted_names(arguments_of_type.text()) if arguments_of_type is not None else ()
    function = value_of(callee, around, depth)
    arguments = tuple(
        value_of(child, around, depth)
        for child in (given.named_children() if given is not None else ())
        if not child.kind().endswith("comment")
    )
    if isinstance(function, Member) and function.name == "new" and function.of in (Name("Routes"),):
        function = Member(function.of, "add_service", function.line)
    return Call(function, arguments, types=types, line=line_of(node))


def _struct(node: SgNode, around: Around, depth: int) -> Value:
    body = node.field("body")
    keywords: list[tuple[str, Value]] = []
    others: list[Value] = []
    for child in body.named_children() if body is not None else ():
        kind, name = child.kind(), child.field("field")
        if kind == "field_initializer" and name is not None:
            keywords.append((name.text().removeprefix("r#"), value_of(child.field("value"), around, depth)))
        elif kind == "shorthand_field_initializer":
            text = child.named_children()[-1].text().removeprefix("r#")
            keywords.append((text, Name(text)))
        else:
            others.append(value_of(child, around, depth))
    made = Call(value_of(node.field("name"), around, depth), (), tuple(keywords), line=line_of(node))
    return any_of((made, *others))


def _closure(node: SgNode, around: Around, depth: int) -> Value:
    inner = Around([], around.items, [], around.owner, around.macros)
    parameters = parameters_of(node.field("parameters"), inner, depth)
    inner.out.append(Return(value_of(node.field("body"), inner, depth)))
    return Function("", parameters, tuple(inner.out), line=line_of(node))


def _match(node: SgNode, around: Around, depth: int) -> Value:
    value, body = value_of(node.field("value"), around, depth), node.field("body")
    do(value, around)
    results: list[Value] = []
    for arm in body.named_children() if body is not None else ():
        bind(arm.field("pattern"), value, around, depth)
        results.append(value_of(arm.field("value"), around, depth))
    return any_of(tuple(results))


def _let(node: SgNode, around: Around, depth: int) -> None:
    pattern, right, typed = node.field("pattern"), node.field("value"), node.field("type")
    if pattern is None:
        return
    if pattern.kind() == "tuple_pattern" and right is not None and right.kind() == "tuple_expression":
        lefts, rights = pattern.named_children(), right.named_children()
        if len(lefts) == len(rights):
            for one, other in zip(lefts, rights, strict=True):
                bind(one, value_of(other, around, depth), around, depth)
            return
    value = value_of(right, around, depth)
    if pattern.kind() == "identifier" and typed is not None:
        types = dotted_names(typed.text())
        around.out.append(Assign(value_of(pattern, around, depth), value, types, line_of(node)))
    else:
        _take(pattern, value, around, depth)
    do(value_of(node.field("alternative"), around, depth), around)


def _take(pattern: SgNode | None, value: Value, around: Around, depth: int) -> None:
    """Assigns a value to what a pattern names; keeps it if that is nothing (`let _ = call()`)."""
    before = len(around.out)
    bind(pattern, value, around, depth)
    if len(around.out) == before:
        do(value, around)


def _macro(node: SgNode, around: Around, depth: int) -> Value:
    """What a macro is given, read as arguments, or else as statements; its own doing is not known."""
    trees = [child for child in node.named_children() if child.kind() == "token_tree"]
    if not trees or around.macros >= _MOST_MACROS:
        return NOTHING
    inner = Around(around.out, around.items, around.breaks, around.owner, around.macros + 1)
    text, lines = trees[0].text()[1:-1], "\n" * (line_of(trees[0]) - 1)
    for before, code, after in (
        ("fn m(){m(", text, ")}"),
        ("fn m(){", text.replace("static ref ", "static "), "}"),
        ("fn m(){", text.replace("=>", ";").replace("},", "};"), "}"),
    ):
        root = parse(f"{lines}{before}{code}{after}", "rust")
        if root.find(kind="ERROR") is None:
            break
    body = root.find(kind="block")
    value = block_of(body, inner, depth) if body is not None else NOTHING
    if isinstance(value, Call) and before.endswith("("):
        return any_of(value.arguments)
    return value
