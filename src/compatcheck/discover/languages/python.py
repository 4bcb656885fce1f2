"""Reads Python: statements, and how grpcio-tools, grpclib and betterproto name what they generate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Call,
    Class,
    File,
    Function,
    Import,
    Member,
    Name,
    Parameter,
    Return,
    Several,
    Statement,
)
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.languages.imports import of_python
from compatcheck.discover.languages.python_calls import GENERIC, HANDLERS, generated_client
from compatcheck.discover.languages.python_values import (
    Around,
    bind,
    do,
    parameters_of,
    value_of,
)
from compatcheck.discover.syntax import DEEPEST, broken_lines, dotted_names, line_of, parse

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_REGISTER = re.compile(r"^add_(\w+)Servicer_to_server$")
_STUB = re.compile(r"^(\w+?)(?:Async|Sync)?Stub$")
_SERVED = re.compile(r"^(\w+?)(?:Servicer|(?:Async|Sync)?Base)$")
_PROPERTIES = frozenset({"property", "cached_property"})
_DATA = frozenset({"dataclass", "define", "frozen", "attrs", "s", "NamedTuple", "BaseModel"})
_SKIPPED = frozenset(
    {"comment", "pass_statement", "break_statement", "continue_statement", "type_alias_statement"}
)


def read(text: str) -> File:
    """What a file of Python says."""
    root = parse(text, "python")
    around = Around([])
    _block(root, around, 0)
    return File((*around.top, *around.out), broken=broken_lines(root))


def called(path: tuple[str, ...]) -> Meaning | None:
    """See `Language.called`."""
    name, module = path[-1], path[-2] if len(path) > 1 else ""
    if found := _REGISTER.match(name):
        return Meaning(Role.REGISTER, found[1])
    if found := _STUB.match(name):
        return Meaning(Role.STUB, found[1])
    if module == HANDLERS:
        return Meaning(Role.REGISTER, name)
    if module == GENERIC or (module.endswith("_pb2_grpc") and generated_client(name)):
        return Meaning(Role.STUB, name)
    return None


def typed(path: tuple[str, ...]) -> Meaning | None:
    """See `Language.typed`."""
    if found := _STUB.match(path[-1]):
        return Meaning(Role.STUB, found[1])
    if found := _SERVED.match(path[-1]):
        return Meaning(Role.SERVED, found[1])
    return None


def _block(node: SgNode | None, around: Around, depth: int) -> None:
    if node is None or depth > DEEPEST:
        return
    for child in node.named_children():
        _statement(child, around, depth + 1)


def _statement(node: SgNode, around: Around, depth: int) -> None:
    kind = node.kind()
    if kind in _SKIPPED or depth > DEEPEST:
        return
    match kind:
        case "expression_statement":
            for child in node.named_children():
                _statement(child, around, depth + 1)
        case "assignment" | "augmented_assignment":
            _assignment(node, around, depth)
        case "function_definition":
            around.out.append(_function(node, around, depth, None))
        case "class_definition":
            around.out.append(_class(node, around, depth, ()))
        case "decorated_definition":
            _decorated(node, around, depth, None)
        case "return_statement":
            values = [value_of(child, around, depth + 1) for child in node.named_children()]
            around.out.append(Return(values[0] if len(values) == 1 else Several(tuple(values))))
        case "import_statement" | "import_from_statement":
            _import(node, around)
        case "for_statement":
            left, right = node.field("left"), node.field("right")
            if left is not None and right is not None:
                bind(left, value_of(right, around, depth + 1), around, depth + 1)
            _block(node.field("body"), around, depth + 1)
            _block(node.field("alternative"), around, depth + 1)
        case "with_statement":
            entered = "__aenter__" if node.children()[0].kind() == "async" else "__enter__"
            for clause in node.named_children():
                if clause.kind() == "with_clause":
                    _entered(clause, entered, around, depth + 1)
            _block(node.field("body"), around, depth + 1)
        case "global_statement":
            around.top.extend(Assign(Name(each.text()), line=line_of(each)) for each in node.named_children())
        case "match_statement":
            _matched(node, around, depth + 1)
        case _ if kind.endswith(("_statement", "_clause", "block")) or kind == "ERROR":
            _block(node, around, depth)
        case _:
            do(value_of(node, around, depth + 1), around)


def _assignment(node: SgNode, around: Around, depth: int) -> None:
    left, right, typed_as = node.field("left"), node.field("right"), node.field("type")
    if left is None:
        return
    types = dotted_names(typed_as.text()) if typed_as is not None else ()
    if right is None:
        bind(left, None, around, depth + 1, types)
        return
    if right.kind() == "assignment":
        _assignment(right, around, depth + 1)
        right = right.field("left") or right
    lefts, rights = left.named_children(), right.named_children()
    kinds = {child.kind() for child in (*lefts, *rights)}
    pairs = left.kind() in {"pattern_list", "tuple_pattern"} and right.kind() in {"expression_list", "tuple"}
    if pairs and len(lefts) == len(rights) and not kinds & {"list_splat", "list_splat_pattern"}:
        for one, other in zip(lefts, rights, strict=True):
            bind(one, value_of(other, around, depth + 1), around, depth + 1)
    else:
        bind(left, value_of(right, around, depth + 1), around, depth + 1, types)


def _entered(clause: SgNode, entered: str, around: Around, depth: int) -> None:
    for item in clause.named_children():
        held = item.field("value")
        if held is None:
            continue
        alias = held.field("alias") if held.kind() == "as_pattern" else None
        value = value_of(held.named_children()[0] if alias is not None else held, around, depth + 1)
        if alias is None:
            do(value, around)
        else:
            inside = Call(Member(value, entered), line=line_of(item))
            bind(alias, Several((value, inside)), around, depth + 1)


def _matched(node: SgNode, around: Around, depth: int) -> None:
    subject, body = node.field("subject"), node.field("body")
    value = value_of(subject, around, depth + 1) if subject is not None else NOTHING
    for case in body.named_children() if body is not None else ():
        for child in case.named_children():
            if child.kind() == "case_pattern":
                for name in child.find_all(kind="identifier"):
                    bind(name, value, around, depth + 1)
        _block(case.field("consequence"), around, depth + 1)


def _import(node: SgNode, around: Around) -> None:
    named = node.field("module_name")
    module = re.sub(r"\s", "", named.text()) if named is not None else None
    if any(child.kind() == "wildcard_import" for child in node.named_children()):
        around.out.append(Import("", module or ""))
    for child in node.field_children("name"):
        name, alias = child.field("name") or child, child.field("alias")
        path = re.sub(r"\s", "", name.text())
        here = alias.text() if alias is not None else path
        if path.endswith("_pb2_grpc"):
            around.grpc_modules.add(here.rpartition(".")[2])
        if module is None:
            whole = path if alias is not None else path.partition(".")[0]
            around.out.append(Import(here.partition(".")[0], whole))
        elif module.endswith("_pb2_grpc") and generated_client(path):
            client = Call(Member(Name(module.rpartition(".")[2]), path), line=line_of(child))
            around.out.append(Assign(Name(here), client, line=line_of(child)))
        else:
            around.out.append(Import(here, module, path))


def _decorated(node: SgNode, around: Around, depth: int, owner: str | None) -> None:
    definition = node.field("definition")
    marks: list[str] = []
    for child in node.named_children():
        if child.kind() == "decorator":
            value = value_of(child, around, depth + 1)
            do(value, around)
            marks.append(_mark(value))
    if definition is None:
        return
    if definition.kind() == "class_definition":
        around.out.append(_class(definition, around, depth, tuple(marks)))
        return
    function = _function(definition, around, depth, "" if "staticmethod" in marks else owner)
    if owner and _PROPERTIES & set(marks):
        getter = Function(
            "", (), function.body, function.returns, receiver=function.receiver, line=function.line
        )
        around.out.append(Assign(Name(function.name), Call(getter, line=function.line), function.returns))
    elif owner and "classmethod" in marks:
        of_class = Assign(Name(function.receiver), Name(owner))
        body = (of_class, *function.body)
        around.out.append(
            Function(function.name, function.parameters, body, function.returns, line=function.line)
        )
    else:
        around.out.append(function)


def _mark(value: object) -> str:
    while isinstance(value, Call):
        value = value.function
    return value.text if isinstance(value, Name) else value.name if isinstance(value, Member) else ""


def _function(node: SgNode, around: Around, depth: int, owner: str | None) -> Function:
    named, returned = node.field("name"), node.field("return_type")
    name = named.text() if named is not None else ""
    parameters = parameters_of(node.field("parameters"), around, depth + 1)
    receiver = ""
    if owner and parameters:
        receiver, parameters = parameters[0].name, parameters[1:]
    body: list[Statement] = []
    _block(node.field("body"), around.within(body), depth + 1)
    return Function(
        "<init>" if owner and name == "__init__" else name,
        parameters,
        tuple(body),
        dotted_names(returned.text()) if returned is not None else (),
        receiver=receiver,
        line=line_of(node),
    )


def _class(node: SgNode, around: Around, depth: int, marks: tuple[str, ...]) -> Class:
    named, supers, body = node.field("name"), node.field("superclasses"), node.field("body")
    name = named.text() if named is not None else ""
    bases = [
        dotted_names(base.text())[:1]
        for base in (supers.named_children() if supers is not None else ())
        if base.kind() in {"identifier", "attribute", "subscript"}
    ]
    flat = tuple(base for found in bases for base in found)
    within = around.within([], flat)
    for child in body.named_children() if body is not None and depth <= DEEPEST else ():
        if child.kind() == "function_definition":
            within.out.append(_function(child, within, depth + 1, name))
        elif child.kind() == "decorated_definition":
            _decorated(child, within, depth + 1, name)
        else:
            _statement(child, within, depth + 1)
    if _DATA & {*marks, *(base.rpartition(".")[2] for base in flat)}:
        within.out.append(_constructor(within.out, line_of(node)))
    return Class(name, flat, tuple(within.out), marks, line_of(node))


def _constructor(body: list[Statement], line: int) -> Function:
    """What a dataclass writes itself: a parameter for each field."""
    fields = [
        (each.target.text, each)
        for each in body
        if isinstance(each, Assign) and isinstance(each.target, Name) and not isinstance(each.value, Call)
    ]
    return Function(
        "<init>",
        tuple(Parameter(name, each.types) for name, each in fields),
        tuple(Assign(Member(Name(SELF), name), Name(name)) for name, _ in fields),
        line=line,
    )


PYTHON = Language(
    "Python",
    (".py",),
    read,
    called,
    typed,
    registrars=frozenset({"Server"}),
    generated=("*_pb2.py", "*_pb2_grpc.py"),
    tests=("test/**", "tests/**", "**/test/**", "**/tests/**", "test_*.py", "*_test.py", "conftest.py"),
    imports=of_python,
)
