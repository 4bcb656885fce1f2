"""What calls do in Python that are its own, or grpcio's: `getattr`, `partial`, `submit`, `channel.unary_unary`."""

from __future__ import annotations

import re

from compatcheck.discover.code import (
    NOTHING,
    SELF,
    Assign,
    Call,
    Do,
    Function,
    Member,
    Name,
    Return,
    Several,
    Statement,
    Text,
    Value,
)

GENERIC = "unary or stream call by name"
"""Stands, as the name of a module, for channels whose calls name the method as text: `channel.unary_unary`."""
HANDLERS = "generic handlers by name"


_LATER = {
    "submit": 0,
    "to_thread": 0,
    "map": 0,
    "starmap": 0,
    "run_in_executor": 1,
    "run_sync": 0,
    "add_task": 0,
    "call_soon": 0,
    "Depends": 0,
    "partial": 0,
}
"""Functions that call what they are given, which argument that is; the ones after it are its own."""
_BY_NAME = frozenset({"unary_unary", "unary_stream", "stream_unary", "stream_stream"})
_FULL_NAME = re.compile(r"^/?([\w.]+)/(\w+)$")


def known(call: Call, out: list[Statement]) -> Value:
    """A call, as what it does where it is of Python's own functions, or of grpcio's."""
    function, arguments = call.function, call.arguments
    name = (
        function.text if isinstance(function, Name) else function.name if isinstance(function, Member) else ""
    )
    if isinstance(function, Name) and name in {"getattr", "setattr"} and len(arguments) > 1:
        key = arguments[1].value if isinstance(arguments[1], Text) else ""
        member = Member(arguments[0], key, call.line)
        if name == "setattr" and len(arguments) > 2:
            out.append(Assign(member, arguments[2], line=call.line))
        return Several((member, *arguments[2:])) if arguments[2:] else member
    if (
        isinstance(function, Member)
        and name == "<init>"
        and isinstance(function.of, Name | Member)
        and arguments
    ):
        return Call(function.of, arguments[1:], call.keywords, line=call.line)
    if name in _LATER and len(arguments) > _LATER[name]:
        at = _LATER[name]
        later = Call(
            arguments[at], arguments[at + 1 :], call.keywords if name == "partial" else (), line=call.line
        )
        if name == "partial":
            return Function("", body=(Return(later),), line=call.line)
        return Several((call, later))
    if name == "Thread":
        keywords = dict(call.keywords)
        if "target" in keywords:
            given = keywords.get("args", NOTHING)
            parts = given.parts if isinstance(given, Several) else (given,)
            out.append(Do(Call(keywords["target"], parts, line=call.line)))
    if (
        name in _BY_NAME | {"method_handlers_generic_handler"}
        and arguments
        and isinstance(arguments[0], Text)
    ):
        return _by_name(call, name, arguments[0].value)
    return call


def _by_name(call: Call, name: str, text: str) -> Value:
    if name not in _BY_NAME:
        return Several((call, Call(Member(Name(HANDLERS), text), line=call.line)))
    found = _FULL_NAME.match(text)
    if found is None:
        return call
    stub = Call(Member(Name(GENERIC), found[1]), line=call.line)
    return Several((call, Member(stub, found[2], call.line)))


def generated_client(name: str) -> bool:
    """Whether a name in a module of grpcio-tools is the class of static methods of a service."""
    return not name.endswith(("Stub", "Servicer")) and not name.startswith(("add_", "_", "grpc"))


def of_super(name: str, extended: tuple[str, ...], line: int) -> Value:
    """A base's constructor makes a thing of the base, as far as data flow goes."""
    if name != "__init__":
        return Member(Name(SELF), name, line)
    bases: list[Value] = []
    for base in extended:
        first, *rest = base.split(".")
        made: Value = Name(first)
        for part in rest:
            made = Member(made, part, line)
        bases.append(made)
    return bases[0] if len(bases) == 1 else Several(tuple(bases))
