"""Reads Rust: items and imports, and how tonic names what it generates."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Class,
    File,
    Function,
    Import,
    Member,
    Name,
    Parameter,
    Return,
    Statement,
)
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.languages.rust_scope import Around, do, dotted
from compatcheck.discover.languages.rust_values import block_of, parameters_of, value_of
from compatcheck.discover.syntax import DEEPEST, broken_lines, dotted_names, line_of, parse

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_TEST = re.compile(
    r"#!?\[\s*(?:cfg\s*\((?:(?!\bnot\b).)*\btest\b|(?:\w+::)*(?:test|rstest|bench)\b)", re.DOTALL
)
_PROTO = re.compile(r'include_proto!\s*\(\s*"([\w.]+)"')
_MAKES_STUB = frozenset({"new", "connect", "with_origin", "with_interceptor"})
_MAKES_SERVER = frozenset({"new", "from_arc", "with_interceptor"})


def read(text: str) -> File:
    """What a file of Rust says."""
    root = parse(text, "rust")
    out: list[Statement] = []
    _items(root.named_children(), out, "", 0)
    return File(tuple(out), broken=broken_lines(root))


def called(path: tuple[str, ...]) -> Meaning | None:
    """See `Language.called`."""
    if len(path) < 2:
        return None
    made, how = path[-2], path[-1]
    if made.endswith("Client") and how in _MAKES_STUB:
        return Meaning(Role.STUB, made.removesuffix("Client"))
    if made.endswith("Server") and how in _MAKES_SERVER:
        return Meaning(Role.SERVED, made.removesuffix("Server"))
    return None


def typed(path: tuple[str, ...]) -> Meaning | None:
    """See `Language.typed`."""
    if path[-1].endswith("Client"):
        return Meaning(Role.STUB, path[-1].removesuffix("Client"))
    if path[-1].endswith("Server"):
        return Meaning(Role.SERVED, path[-1].removesuffix("Server"))
    return None


def _items(nodes: list[SgNode], out: list[Statement], owner: str, depth: int) -> None:
    """Appends what items declare; those that only tests compile are left out."""
    in_test = False
    for node in nodes:
        kind = node.kind()
        if kind == "attribute_item":
            in_test = in_test or _TEST.match(node.text()) is not None
        elif not kind.endswith("comment"):
            if not in_test and depth <= DEEPEST:
                _item(node, kind, out, owner, depth + 1)
            in_test = False


def _item(node: SgNode, kind: str, out: list[Statement], owner: str, depth: int) -> None:
    body, name = node.field("body"), _text(node.field("name"))
    match kind:
        case "function_item":
            out.append(_function(node, owner, depth))
        case "impl_item":
            of = node.field("type")
            found = dotted_names(of.text()) if of is not None else ()
            methods: list[Statement] = []
            if body is not None:
                _items(body.named_children(), methods, found[0].rpartition(".")[2] if found else "", depth)
            out.extend(methods)
            if found and node.field("trait") is not None and _names_stub(found[0], out):
                out.extend(_of_stub(each, found[0]) for each in methods if isinstance(each, Function))
        case "struct_item" | "enum_variant":
            out.append(_struct(node, name, body))
        case "enum_item":
            variants = (
                [child for child in body.named_children() if child.kind() == "enum_variant"] if body else []
            )
            nested = tuple(_struct(each, _text(each.field("name")), each.field("body")) for each in variants)
            out.append(Class(name, body=nested, line=line_of(node)))
        case "trait_item":
            bounds = node.field("bounds")
            within: list[Statement] = []
            if body is not None:
                _items(body.named_children(), within, "", depth)
            out.append(
                Class(name, dotted_names(bounds.text()) if bounds else (), tuple(within), line=line_of(node))
            )
        case "mod_item" if body is not None:
            if package := _PROTO.search(body.text()[:1_000]):
                out.append(Import(name, package[1]))
            _items(body.named_children(), out, "", depth)
        case "mod_item":
            out.append(Import(name, name))
        case "static_item" | "const_item":
            around, typed_as = Around([], owner=owner), node.field("type")
            value = value_of(node.field("value"), around, depth)
            out.extend(around.out)
            types = dotted_names(typed_as.text()) if typed_as is not None else ()
            out.append(Assign(Name(name), value if value != NOTHING else None, types, line_of(node)))
        case "type_item":
            _alias(node, name, out)
        case "use_declaration":
            _use(node.field("argument"), "", out, depth)
        case "extern_crate_declaration":
            out.append(Import(_text(node.field("alias")) or name, name))
        case "expression_statement" | "macro_invocation" | "ERROR":
            around = Around([], owner=owner)
            do(value_of(node, around, depth), around)
            _items(around.items, around.out, owner, depth)
            out.extend(around.out)


def _names_stub(of: str, out: list[Statement]) -> bool:
    """Whether a type is a stub, or what the file calls one: `type Cart = CartClient<Channel>`."""
    aliases = {each.name: each.member for each in out if isinstance(each, Import)}
    meaning = typed((aliases.get(of, of).rpartition(".")[2],))
    return meaning is not None and meaning.role is Role.STUB


def _of_stub(method: Function, of: str) -> Function:
    """A method that a trait adds to generated code, as a function of no class: its `self` is a stub."""
    parameters = (Parameter(SELF, (of,)), *method.parameters)
    return replace(method, name=f"{of} {method.name}", owner="", parameters=parameters)


def _text(node: SgNode | None) -> str:
    return node.text().removeprefix("r#") if node is not None else ""


def _function(node: SgNode, owner: str, depth: int) -> Function:
    body, returned = node.field("body"), node.field("return_type")
    around = Around([], owner=owner)
    parameters = parameters_of(node.field("parameters"), around, depth)
    value = block_of(body, around, depth) if body is not None else NOTHING
    if value != NOTHING:
        around.out.append(Return(value))
    nested: list[Statement] = []
    _items(around.items, nested, owner, depth)
    types = dotted_names(returned.text()) if returned is not None else ()
    return Function(
        _text(node.field("name")),
        parameters,
        (*nested, *around.out),
        tuple(owner if each == "Self" and owner else each for each in types),
        owner,
        line=line_of(node),
    )


def _struct(node: SgNode, name: str, body: SgNode | None) -> Class:
    """A struct; one without names for its fields is made by calling it, so it has a constructor."""
    fields: list[Assign] = []
    by_position = body is not None and body.kind() == "ordered_field_declaration_list"
    children = body.named_children() if body is not None else []
    kept = [
        child for child in children if not child.kind().endswith(("comment", "attribute_item", "modifier"))
    ]
    for at, child in enumerate(kept):
        typed_as = child if by_position else child.field("type")
        if typed_as is not None:
            field = str(at) if by_position else _text(child.field("name"))
            fields.append(Assign(Name(field), types=dotted_names(typed_as.text()), line=line_of(child)))
    statements: tuple[Statement, ...] = tuple(fields)
    if by_position:
        names = [str(at) for at in range(len(fields))]
        parameters = tuple(Parameter(each) for each in names)
        assigned = tuple(Assign(Member(Name(SELF), each), Name(each)) for each in names)
        statements += (Function("<init>", parameters, assigned, line=line_of(node)),)
    return Class(name, body=statements, line=line_of(node))


def _alias(node: SgNode, name: str, out: list[Statement]) -> None:
    """`type Client = Arc<CartClient<Channel>>` names what of it is generated, or else the outermost type."""
    of = node.field("type")
    found = dotted_names(of.text()) if of is not None else ()
    told = [each for each in found if typed((each,)) is not None] or list(found[:1])
    if told and name:
        module, _, member = told[0].rpartition(".")
        out.append(Import(name, module, member))


def _use(node: SgNode | None, above: str, out: list[Statement], depth: int) -> None:
    if node is None or depth > DEEPEST:
        return
    kind = node.kind()
    if kind in {"scoped_use_list", "use_list"}:
        holder = node.field("path")
        within = ".".join(part for part in (above, dotted(holder) if holder is not None else "") if part)
        listed = node.field("list") if kind == "scoped_use_list" else node
        for child in listed.named_children() if listed is not None else ():
            _use(child, within, out, depth + 1)
        return
    named = node.field("path") if kind == "use_as_clause" else node
    alias = _text(node.field("alias")) if kind == "use_as_clause" else ""
    path = ".".join(part for part in (above, dotted(named) if named is not None else "") if part)
    module, _, member = path.rpartition(".")
    if kind == "use_wildcard":
        out.append(Import("", path))
    elif member:
        out.append(Import(alias or member, module, member) if module else Import(alias or member, member))


RUST = Language(
    "Rust",
    (".rs",),
    read,
    called,
    typed,
    registrars=frozenset({"add_service", "add_optional_service", "route_service", "nest_service"}),
    tests=(
        "tests/**",
        "**/tests/**",
        "benches/**",
        "examples/**",
        "tests.rs",
        "test.rs",
        "*_test.rs",
        "*_tests.rs",
    ),
)
