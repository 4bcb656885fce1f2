"""Reads what C++ declares: classes, functions, variables and fields."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
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
from compatcheck.discover.languages.cpp_names import (
    FUNCTION,
    Around,
    declared,
    is_library,
    local,
    path_of,
    type_arguments,
    types_in,
)
from compatcheck.discover.languages.cpp_values import (
    HELD,
    arguments_of,
    call,
    parameters_of,
    path_value,
    value_of,
)
from compatcheck.discover.syntax import DEEPEST, kinds, line_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_CLASSES = frozenset({"class_specifier", "struct_specifier", "union_specifier"})
_LISTS = frozenset({"argument_list", "initializer_list"})
_NAMES = kinds(
    "identifier field_identifier qualified_identifier template_function structured_binding_declarator"
)
_PLAIN = kinds("primitive_type placeholder_type_specifier sized_type_specifier enum_specifier decltype auto")


def read_class(node: SgNode, around: Around, depth: int) -> None:
    """A class that has a body."""
    body = node.field("body")
    path = path_of(node.field("name"))
    if body is None:
        return
    bases: list[str] = []
    for part in node.named_children():
        if part.kind() == "base_class_clause":
            for base in part.named_children():
                if base.kind() not in ("access_specifier", "attribute_declaration"):
                    bases.extend(_base_names(base))
    out: list[Statement] = []
    name = path[-1] if path else ""
    around.read(body, replace(around, out=out, owner=name, bases=tuple(bases), in_function=False), depth + 1)
    around.out.append(Class(name, tuple(bases), tuple(out), (), line_of(node)))


def _base_names(node: SgNode) -> list[str]:
    """Of `Cart::WithCallbackMethod_Add<Cart::Service>`, and of `Base<Cart::Service>` what makes it served."""
    named = ".".join(local(path_of(node)))
    inner = [name for name in type_arguments(node) if name.endswith("Service") and "." in name]
    return [named, *inner] if named else inner


def read_function(node: SgNode, around: Around, depth: int) -> None:
    """A function, a method within its class, or `void Client::call() {}` outside of it."""
    written = node.field("declarator")
    declarator, _ = declared(written) if written is not None else (node, False)
    body = node.field("body")
    out: list[Statement] = []
    inner = around.within(out)
    path: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    if declarator.kind() == FUNCTION:
        path = path_of(declarator.field("declarator"))
        parameters = parameters_of(declarator.field("parameters"), inner)
    owner = path[-2] if len(path) > 1 else ""
    constructor = bool(path) and path[-1] == (owner or around.owner) and node.field("type") is None
    for part in node.named_children():
        if part.kind() == "field_initializer_list":
            _initialise(part, inner, depth)
        elif part.kind() in ("try_statement", "compound_statement") and part != body:
            inner.read(part, inner, depth + 1)
    if body is not None:
        inner.read(body, inner, depth + 1)
    name = "<init>" if constructor else _method_name(path, bool(parameters))
    returns = _returned(node, declarator)
    around.out.append(Function(name, parameters, tuple(out), returns, owner, line=line_of(node)))


def _method_name(path: tuple[str, ...], has_parameters: bool) -> str:
    name = path[-1] if path else ""
    return f"{name}()" if name in HELD and not has_parameters else name


def _returned(node: SgNode, declarator: SgNode) -> tuple[str, ...]:
    for part in declarator.named_children():
        if part.kind() == "trailing_return_type":
            return types_in(part)
    return types_in(node.field("type"))


def _initialise(node: SgNode, around: Around, depth: int) -> None:
    """`: Base(x), stub_(Cart::NewStub(channel)), name_{x}`."""
    for part in node.named_children():
        children = part.named_children()
        if part.kind() != "field_initializer" or len(children) < 2:
            continue
        path = path_of(children[0])
        arguments, keywords = arguments_of(children[-1], around, depth)
        line = line_of(part)
        dotted = ".".join(path)
        if dotted in around.bases or path[-1:] == (around.owner,) or (path and path[-1][:1].isupper()):
            around.out.append(Do(Call(path_value(path, line), arguments, keywords, line=line)))
        elif path:
            value = arguments[0] if len(arguments) == 1 else Several(arguments)
            around.out.append(Assign(Member(Name(SELF), path[-1]), value, line=line))


def read_declaration(node: SgNode, around: Around, depth: int) -> None:
    """Variables, fields, and functions and methods without a body."""
    written = node.field("type")
    if written is None:
        return
    if written.kind() in _CLASSES:
        around.read(written, around, depth + 1)
    children = node.named_children()
    after = False
    for index, part in enumerate(children):
        kind = part.kind()
        if not after:
            after = part == written
            continue
        if kind in _LISTS or not (kind.endswith("declarator") or kind in _NAMES):
            continue
        following = children[index + 1] if index + 1 < len(children) else None
        _declare(part, following, written, around, depth)


def _declare(part: SgNode, following: SgNode | None, written: SgNode, around: Around, depth: int) -> None:
    name, pointer = declared(part)
    line = line_of(name)
    if name.kind() == FUNCTION:
        arguments = _constructed(name, around, depth)
        if arguments is None:
            _prototype(name, written, around)
            return
        target = path_of(name.field("declarator"))
        value: Value | None = _made(written, arguments, line)
    else:
        target = path_of(name) or tuple(item.text() for item in name.named_children())
        value = _initial(part, following, written, pointer, around, depth)
    types = types_in(written)
    if name.kind() == "structured_binding_declarator":
        for item in target:
            around.out.append(Assign(Name(item), value, types, line))
    elif target:
        around.out.append(Assign(Name(target[-1]), value, types, line))


def _initial(
    part: SgNode, following: SgNode | None, written: SgNode, pointer: bool, around: Around, depth: int
) -> Value | None:
    """What a variable starts with: `= x`, `(x, y)`, `{x}`, or what its type makes of nothing."""
    given = part.field("value") if part.kind() == "init_declarator" else None
    if given is None and around.owner and not around.in_function and following is not None:
        kind = following.kind()
        if not kind.endswith("declarator") and kind not in ("field_identifier", "bitfield_clause", "comment"):
            given = following
    if given is None:
        return None if pointer else _made(written, (), line_of(part))
    if given.kind() not in _LISTS or pointer:
        return value_of(given, around, depth + 1)
    arguments, keywords = arguments_of(given, around, depth)
    made = _made(written, arguments, line_of(part))
    return replace(made, keywords=keywords) if isinstance(made, Call) else made


def _made(written: SgNode, arguments: tuple[Value, ...], line: int) -> Value | None:
    """An object of the type; of a library's type, what it holds."""
    path = path_of(written) if written.kind() not in _PLAIN else ()
    if not path or is_library(path[0]):
        return Several(arguments) if arguments else None
    return call(path, type_arguments(written), arguments, line)


def _constructed(declarator: SgNode, around: Around, depth: int) -> tuple[Value, ...] | None:
    """The arguments of `T name(f(x))`, which the grammar takes for a function. None if it is one."""
    parameters = declarator.field("parameters")
    parts = parameters.named_children() if parameters is not None else []
    if not parts or (around.owner and not around.in_function):
        return None
    found = [_argument(part, depth) for part in parts]
    values = tuple(value for value in found if value is not None)
    if len(values) < len(found):
        return None
    made = any(isinstance(value, Call) for value in values)
    return values if around.in_function or (made and _names_stub(values)) else None


def _names_stub(values: tuple[Value, ...]) -> bool:
    calls = [value.function for value in values if isinstance(value, Call)]
    return any(isinstance(function, Member) and function.name == "NewStub" for function in calls)


def _argument(node: SgNode, depth: int) -> Value | None:
    """An argument that was taken for a parameter: `x` for a type, `f(x)` for a function without a name."""
    written, declarator = node.field("type"), node.field("declarator")
    if written is None or depth > DEEPEST or node.kind() != "parameter_declaration":
        return None
    path, line = path_of(written), line_of(node)
    if declarator is None:
        return path_value(path, line) if path else None
    if declarator.kind() != "abstract_function_declarator" or not path:
        return None
    listed = declarator.field("parameters")
    inner = [_argument(part, depth + 1) for part in listed.named_children()] if listed is not None else []
    return call(path, type_arguments(written), tuple(value or NOTHING for value in inner), line)


def _prototype(declarator: SgNode, written: SgNode, around: Around) -> None:
    path = path_of(declarator.field("declarator"))
    if len(path) == 1:
        parameters = parameters_of(declarator.field("parameters"), around)
        name = _method_name(path, bool(parameters))
        around.out.append(Function(name, parameters, (), types_in(written), line=line_of(declarator)))
