"""Lowers statements and expressions of Go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    ANY,
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
from compatcheck.discover.syntax import DEEPEST, dotted_names, line_of, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_OUTCOME = re.compile(r"(?i)ok|found|\w*err|cancel|cleanup")
"""Names of what calls give beside their result, if it comes after that."""

_FAILURE = re.compile(r"ctx|\w*[eE]rr")
_PATH = re.compile(r"/(?P<package>[\w.]*?)\.?(?P<service>\w+)/(?P<method>\w+)")
_INERT = re.compile(r"error|bool|u?int\d*|float\d+|byte|rune|context\.Context|\*?testing\.\w+|time\.\w+")
"""Types of parameters that hold no stub nor lead to one; half of all parameters, and everything ends up in them."""

_GATEWAY = re.compile(r"Register\w+Handler(?:FromEndpoint|Client)?")
"""What grpc-gateway generates to call all methods that have a route; which ones, only the schema says."""

_BUILT_IN = frozenset(
    {"map", "chan", "func", "struct", "interface", "string", "error", "bool", "any", "byte", "rune", "uint"}
    | {"int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"}
)
_NO_VALUE = frozenset(
    {"int_literal", "float_literal", "imaginary_literal", "rune_literal", "nil", "true", "false", "iota"}
    | {"comment", "blank_identifier", "label_name"}
)
_LISTS = frozenset({"slice_type", "array_type", "implicit_length_array_type"})


def _by_path(made: Call) -> Value | None:
    """`conn.Invoke(ctx, "/shop.v1.Cart/GetCart", ..)` and `conn.NewStream(..)`, which name the method as text."""
    if not isinstance(made.function, Member) or made.function.name not in ("Invoke", "NewStream"):
        return None
    for argument in made.arguments:
        if isinstance(argument, Text) and (path := _PATH.fullmatch(argument.value)):
            stub = Call(Member(Name(path["package"]), f"New{path['service']}Client"), line=made.line)
            return Member(stub, path["method"], made.line)
    return None


def types_in(node: SgNode | None) -> tuple[str, ...]:
    """The dotted names of a written type, outermost first."""
    if node is None:
        return ()
    return tuple(name for name in dotted_names(node.text()) if name not in _BUILT_IN)


def parameters(node: SgNode | None) -> tuple[Parameter, ...]:
    found: list[Parameter] = []
    for declared in node.named_children() if node is not None else ():
        if declared.kind() in ("parameter_declaration", "variadic_parameter_declaration"):
            written = types_in(declared.field("type"))
            names = [each.text() for each in declared.field_children("name")] or [""]
            kind = declared.field("type")
            if kind is not None and _INERT.fullmatch(kind.text()):
                names = ["_"] * len(names)
            found += [Parameter(name, written) for name in names]
    return tuple(found)


@dataclass(slots=True)
class Body:
    """Statements that are lowered one after the other into `out`."""

    out: list[Statement] = field(default_factory=list)

    def block(self, node: SgNode, depth: int) -> None:
        for child in node.named_children():
            self.statement(child, depth + 1)

    def statement(self, node: SgNode, depth: int) -> None:
        if depth > DEEPEST:
            return
        kind = node.kind()
        match kind:
            case "short_var_declaration" | "assignment_statement" | "range_clause" | "receive_statement":
                self._assign(node.field("left"), node.field("right"), depth)
            case "send_statement":
                self._assign(node.field("channel"), node.field("value"), depth)
            case "var_spec" | "const_spec":
                self._declare(node, depth)
            case "return_statement":
                self.out.append(Return(Several(self._values(node, depth))))
            case "type_switch_statement":
                self._type_switch(node, depth)
            case _ if kind.endswith(("_statement", "_declaration", "_clause", "_case", "_list", "block")):
                self.block(node, depth)
            case _ if kind not in _NO_VALUE and not kind.endswith("_type"):
                self.out.append(Do(self.value(node, depth + 1)))
            case _:
                pass

    def _assign(self, left: SgNode | None, right: SgNode | None, depth: int) -> None:
        if right is None:
            return
        values = self._values(right, depth) if right.kind() == "expression_list" else ()
        values = values or (self.value(right, depth + 1),)
        targets = [] if left is None else left.named_children() or [left]
        if left is not None and left.kind() != "expression_list":
            targets = [left]
        self._bind(targets, values, (), depth)

    def _declare(self, node: SgNode, depth: int) -> None:
        held = node.field("value")
        values = self._values(held, depth) if held is not None else ()
        self._bind(node.field_children("name"), values, types_in(node.field("type")), depth)

    def _bind(
        self, targets: list[SgNode], values: tuple[Value, ...], types: tuple[str, ...], depth: int
    ) -> None:
        """One value each, or one call that gives as many."""
        targets = [target for target in targets if target.kind() not in (",", "comment")]
        for position, target in enumerate(targets):
            value = values[position] if len(values) == len(targets) else values[0] if values else None
            where = self.value(target, depth + 1)
            if position and len(values) == 1 and isinstance(where, Name) and _OUTCOME.fullmatch(where.text):
                value = None
            if isinstance(where, Name) and _FAILURE.fullmatch(where.text) and value is not None:
                self.out.append(Do(value))
            elif isinstance(where, Name | Member):
                self.out.append(Assign(where, value, types, line_of(target)))
            elif value is not None:
                self.out.append(Do(value))

    def _type_switch(self, node: SgNode, depth: int) -> None:
        alias, value = node.field("alias"), node.field("value")
        cases = [child for child in node.named_children() if child.kind() == "type_case"]
        if alias is not None and value is not None:
            types = tuple(
                name for case in cases for each in case.field_children("type") for name in types_in(each)
            )
            for name in alias.named_children():
                self.out.append(Assign(Name(name.text()), self.value(value, depth + 1), types, line_of(node)))
        elif value is not None:
            self.out.append(Do(self.value(value, depth + 1)))
        for child in node.named_children():
            if child.kind() in ("type_case", "default_case"):
                self.block(child, depth + 1)

    def _values(self, node: SgNode, depth: int) -> tuple[Value, ...]:
        """The values of an expression list, or of all that a node holds."""
        found: list[Value] = []
        for child in node.named_children():
            if child.kind() == "expression_list":
                found += self._values(child, depth + 1)
            elif child.kind() != "comment":
                found.append(self.value(child, depth + 1))
        return tuple(found)

    def value(self, node: SgNode, depth: int) -> Value:
        kind = node.kind()
        if depth > DEEPEST or kind in _NO_VALUE:
            return NOTHING
        match kind:
            case "identifier" | "field_identifier" | "package_identifier" | "type_identifier":
                return Name(node.text())
            case "interpreted_string_literal" | "raw_string_literal":
                return Text(unquoted(node.text()))
            case "selector_expression":
                return self._member(node, "operand", "field", depth)
            case "qualified_type":
                return self._member(node, "package", "name", depth)
            case "index_expression":
                return self._index(node, depth)
            case "call_expression" | "type_conversion_expression":
                return self._call(node, depth)
            case "composite_literal":
                written, body = node.field("type"), node.field("body")
                return NOTHING if written is None or body is None else self._literal(written, body, depth)
            case "func_literal":
                return self._closure(node, depth)
            case "generic_type":
                written = node.field("type")
                return NOTHING if written is None else self.value(written, depth + 1)
            case "type_assertion_expression" | "slice_expression":
                operand = node.field("operand")
                return NOTHING if operand is None else self.value(operand, depth + 1)
            case _ if kind.endswith("_type"):
                return NOTHING
            case _:
                parts = tuple(part for part in self._values(node, depth) if part != NOTHING)
                return parts[0] if len(parts) == 1 else Several(parts)

    def _member(self, node: SgNode, of: str, name: str, depth: int) -> Value:
        operand, member = node.field(of), node.field(name)
        if operand is None or member is None:
            return NOTHING
        return Member(self.value(operand, depth + 1), member.text(), line_of(member))

    def _index(self, node: SgNode, depth: int) -> Value:
        operand, index = node.field("operand"), node.field("index")
        if operand is None or index is None:
            return NOTHING
        of, key = self.value(operand, depth + 1), self.value(index, depth + 1)
        if isinstance(key, Text) and key.value:
            return Member(of, key.value, line_of(node))
        # `f[T]` is a function of a type, and looks like an element
        return Several((of, Member(of, "", line_of(node)), key))

    def _call(self, node: SgNode, depth: int) -> Value:
        function = node.field("function") or node.field("type")
        given = node.field("arguments") or node.field("operand")
        if function is None:
            return Several(self._values(node, depth))
        types = types_in(node.field("type_arguments"))
        if function.kind() == "generic_type":
            types = types_in(function.field("type_arguments"))
        elif function.kind() == "index_expression":
            types, function = types_in(function.field("index")), function.field("operand") or function
        arguments: list[Value] = []
        filled: list[Value] = []
        if given is not None and given.kind() == "argument_list":
            for child in given.named_children():
                if child.kind() == "comment":
                    continue
                if child.kind().endswith("_type"):  # new(T), make(T)
                    types += types_in(child)
                    continue
                value = self.value(child, depth + 1)
                arguments.append(value)
                if child.kind() == "unary_expression" and isinstance(value, Name | Member):
                    filled.append(value)
        elif given is not None:
            arguments.append(self.value(given, depth + 1))
        made = Call(self.value(function, depth + 1), tuple(arguments), (), types, line_of(node))
        if len(arguments) > len(filled):
            # `f(&x, "NAME")` leaves in x what comes of the rest
            self.out += [Assign(target, made, (), made.line) for target in filled]
        raw = _by_path(made)
        if raw is not None:
            return Several((raw, made))
        if isinstance(made.function, Member) and _GATEWAY.fullmatch(made.function.name):
            return Member(made, ANY, made.line)
        return made

    def _literal(self, written: SgNode | None, body: SgNode, depth: int) -> Value:
        """`T{a: x}` makes a T; the elements of lists and maps may leave out their type."""
        kind = written.kind() if written is not None else ""
        element = written.field("element") or written.field("value") if written is not None else None
        is_collection = kind in _LISTS or kind == "map_type"
        keywords: list[tuple[str, Value]] = []
        values: list[Value] = []
        for child in body.named_children() if depth < DEEPEST else ():
            parts = child.named_children() if child.kind() == "keyed_element" else [child]
            lowered = [self._element(part, element if is_collection else None, depth + 1) for part in parts]
            if len(lowered) == 2:
                key = lowered[0]
                name = key.text if isinstance(key, Name) else key.value if isinstance(key, Text) else ""
                keywords.append((name, lowered[1]))
            else:
                values += lowered
        if is_collection:
            return Several((*values, Record(tuple(keywords)))) if keywords else Several(tuple(values))
        made = self.value(written, depth + 1) if written is not None else NOTHING
        return Call(made, tuple(values), tuple(keywords), (), line_of(body))

    def _element(self, node: SgNode, written: SgNode | None, depth: int) -> Value:
        inner = (
            node.named_children()[0] if node.kind() == "literal_element" and node.named_children() else node
        )
        if inner.kind() == "literal_value":
            if written is not None and written.kind() == "pointer_type" and written.named_children():
                written = written.named_children()[0]
            return self._literal(written, inner, depth + 1)
        return self.value(inner, depth + 1)

    def _closure(self, node: SgNode, depth: int) -> Function:
        body, block = Body(), node.field("body")
        if block is not None:
            body.block(block, depth + 1)
        given, result = parameters(node.field("parameters")), types_in(node.field("result"))
        return Function("", given, tuple(body.out), result, line=line_of(node))
