"""Reads C#, and knows what the code that protoc and Grpc.Tools generate for C# is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    Assign,
    Do,
    File,
    Import,
    Name,
    Return,
    Statement,
    Text,
    Value,
)
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.languages.csharp_calls import assignment, declared
from compatcheck.discover.languages.csharp_members import (
    read_constructor,
    read_function,
    read_property,
    read_type,
)
from compatcheck.discover.languages.csharp_names import Around, bind, text_of, types_in
from compatcheck.discover.languages.csharp_values import (
    value_of,
)
from compatcheck.discover.syntax import DEEPEST, broken_lines, dotted_names, kinds, line_of, parse

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_OF_PAGE = re.compile(r"^@(?P<word>page|using|inject|code|functions)\b(?P<rest>.*)$", re.MULTILINE)
_TYPES = frozenset({"class_declaration", "record_declaration", "struct_declaration", "interface_declaration"})
_FUNCTIONS = kinds(
    "method_declaration local_function_statement operator_declaration conversion_operator_declaration "
    "destructor_declaration"
)
_RETURNS = frozenset({"return_statement", "yield_statement"})
_HOLDERS = kinds(
    "compilation_unit global_statement namespace_declaration declaration_list block field_declaration "
    "event_field_declaration local_declaration_statement switch_body switch_section catch_clause "
    "finally_clause extension_declaration extension_body labeled_statement preproc_if preproc_elif "
    "preproc_else"
)
_PASSED_OVER = kinds(
    "comment modifier attribute_list enum_declaration delegate_declaration catch_declaration preproc_region "
    "preproc_endregion preproc_pragma preproc_define file_scoped_namespace_declaration extern_alias_directive "
    "global_attribute constant_pattern receiver_parameter break_statement continue_statement empty_statement"
)


def read(text: str) -> File:
    """What a file of C# says."""
    root = parse(_code_of_page(text), "csharp")
    package = ""
    for node in root.named_children():
        if node.kind().endswith("namespace_declaration"):
            package = text_of(node, "name")
            break
    out: list[Statement] = []
    _statement(root, Around(out, _statement, value_of), 0)
    return File(tuple(out), package, broken_lines(root))


def _code_of_page(text: str) -> str:
    """Of a Razor page what is C#, on the same lines: `@using`, `@inject` and the `@code` at its end."""
    if _OF_PAGE.search(text) is None:
        return text
    lines: list[str] = []
    in_code = False
    for line in text.split("\n"):
        found = _OF_PAGE.match(line)
        if in_code:
            lines.append(line)
        elif found is None or found["word"] == "page":
            lines.append("")
        elif found["word"] in ("using", "inject"):
            lines.append(
                f"{'using ' if found['word'] == 'using' else ''}{found['rest'].strip().rstrip(';')};"
            )
        else:
            lines.append(f"class _Page {found['rest']}")
            in_code = True
    return "\n".join(lines)


def called(path: tuple[str, ...]) -> Meaning | None:
    """`new Cart.CartClient(channel)` and `Cart.BindService(implementation)`."""
    names = _names(path)
    if len(names) > 1 and names[-1] == "BindService":
        return Meaning(Role.REGISTER, names[-2])
    return typed(path) if len(names) > 1 and names[-1].startswith(names[-2]) else None


def typed(path: tuple[str, ...]) -> Meaning | None:
    """`Cart.CartClient`, `Cart.CartBase`, and `Cart`: how an implementation is called that is not in the code."""
    names = _names(path)
    if len(names) > 1 and names[-1] == f"{names[-2]}Client":
        return Meaning(Role.STUB, names[-2])
    if len(names) > 1 and names[-1] == f"{names[-2]}Base":
        return Meaning(Role.SERVED, names[-2])
    return Meaning(Role.SERVED, names[-1])


def _names(path: tuple[str, ...]) -> list[str]:
    return ".".join(path).split(".")


def _statement(node: SgNode, around: Around, depth: int) -> None:
    kind = node.kind()
    if kind in _PASSED_OVER or depth > DEEPEST:
        return
    if kind in _TYPES:
        read_type(node, around, depth)
    elif kind in _FUNCTIONS:
        around.out.append(read_function(node, around, depth))
    elif kind == "constructor_declaration":
        read_constructor(node, around, depth)
    elif kind == "property_declaration" or kind == "indexer_declaration":
        read_property(node, around, depth)
    elif kind == "using_directive":
        _using(node, around.out)
    elif kind == "variable_declaration":
        _variables(node, around, depth)
    elif kind == "foreach_statement":
        _foreach(node, around, depth)
    elif kind == "assignment_expression":
        assignment(node, around, depth)
    elif kind in _RETURNS:
        around.out.extend(Return(value) for value in _values(node, around, depth))
    elif kind in _HOLDERS or kind.endswith("_statement") or kind == "ERROR":
        for part in node.named_children():
            _statement(part, around, depth + 1)
    else:
        _do(value_of(node, around, depth), around.out)


def _values(node: SgNode, around: Around, depth: int) -> list[Value]:
    """The operand of a `return`, which may be a bare `this`."""
    parts = [part for part in node.children() if part.is_named() or part.kind() == "this"]
    return [value_of(part, around, depth + 1) for part in parts]


def _do(value: Value, out: list[Statement]) -> None:
    if not isinstance(value, Name | Text) and value != NOTHING:
        out.append(Do(value))


def _using(node: SgNode, out: list[Statement]) -> None:
    """`using A.B`, `using static A.Cart`, `using Client = A.Cart.CartClient`.

    What generated code nests in the class of a service gets names of its own from `using static`.
    """
    alias, parts = node.field("name"), node.named_children()
    written = dotted_names(parts[-1].text()) if parts else ()
    if not written:
        return
    dotted = written[0].removeprefix("global.")
    module, _, member = dotted.rpartition(".")
    if alias is not None and module:
        out.append(Import(alias.text(), module, member))
        return
    out.append(Import(alias.text() if alias is not None else "", dotted))
    if any(part.kind() == "static" for part in node.children()):
        nested = (f"{member}Client", f"{member}Base", "BindService")
        out.extend(Import(name, dotted, name) for name in nested)


def _variables(node: SgNode, around: Around, depth: int) -> None:
    types = types_in(node.field("type"))
    for part in node.named_children():
        if part.kind() != "variable_declarator":
            continue
        name, *_ = part.named_children() or [part]
        values = part.children()
        given = values[-1] if any(token.kind() == "=" for token in values) else None
        value = declared(given, types, around, depth) if given is not None else None
        if name.kind() == "identifier":
            around.out.append(Assign(Name(name.text()), value, types, line_of(part)))
        elif value is not None:
            bind(name, value, around.out, types)


def _foreach(node: SgNode, around: Around, depth: int) -> None:
    left, right, body = node.field("left"), node.field("right"), node.field("body")
    if left is not None and right is not None:
        value = value_of(right, around, depth + 1)
        for name in left.named_children() or [left]:
            bind(name, value, around.out, types_in(node.field("type")))
    if body is not None:
        _statement(body, around, depth + 1)


CSHARP = Language(
    name="C#",
    suffixes=(".cs", ".razor"),
    read=read,
    called=called,
    typed=typed,
    registrars=frozenset({"MapGrpcService"}),
    affixes=(("", "Async"),),
    generated=("*.g.cs", "*.designer.cs"),
    tests=("*Tests/*", "*Test/*", "*/tests/*", "*/test/*", "*Tests.cs", "*Test.cs"),
)
