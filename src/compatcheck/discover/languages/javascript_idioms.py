"""Rewrites calls of JavaScript gRPC libraries that name their service in an argument: the path called names it then.

`createClient(CartService, transport)` becomes `CartService.<connected>(..)`: what a call does is told by its path.
"""

from __future__ import annotations

import re

from compatcheck.discover.code import Call, Member, Name, Record, Several, Text, Value

CONNECTED = "<connected>"
"""Ends the path of a call that makes a stub of the service whose definition stands before it."""
CONNECTED_STATICALLY = "<connected statically>"
"""The same, where the definition is named as protoc-gen-grpc names it."""
SERVED = "<served>"
"""Ends the path of a call whose value is the definition before it, given to a registrar."""
SERVED_STATICALLY = "<served statically>"
NEST = "<nest>"
"""Ends the name of a base that a NestJS controller is given for the service that its methods are marked with."""

_SERVERS = {
    "addService": SERVED_STATICALLY,
    "addProtoService": SERVED_STATICALLY,
    "service": SERVED,
    "rpc": SERVED,
    "add": SERVED,
}
REGISTRARS = frozenset({*_SERVERS, "Module"})

_CLIENTS = {
    "createClient": CONNECTED,
    "createPromiseClient": CONNECTED,
    "createCallbackClient": CONNECTED,
    "makeClientConstructor": CONNECTED_STATICALLY,
    "makeGenericClientConstructor": CONNECTED_STATICALLY,
}
_DEFINITIONS = ("Definition", "ServiceService")
"""How the names of definitions end that ts-proto and protoc-gen-grpc generate."""
_METHODS = frozenset({"method", "methods"})
"""Where Connect's definitions hold their methods: `router.rpc(CartService.method.addItem, add)`."""
_HANDED_OVER = frozenset({"then", "map", "flatMap", "forEach"})
"""Methods that give what they are called on, or parts of it, to a function, and return what it returns."""
_RAW = frozenset(
    {"makeUnaryRequest", "makeClientStreamRequest", "makeServerStreamRequest", "makeBidiStreamRequest"}
)
_BY_METHOD = frozenset({"unary", "invoke"})
_PATH = re.compile(r"/(?P<service>[\w.]+)/(?P<method>\w+)")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*_NAME")


def call(made: Call) -> Value:
    """The call, or what it comes to where it is one of the idioms."""
    function, arguments = made.function, made.arguments
    name = _simple(function)
    first = arguments[0] if arguments else Several()
    if name in _SERVERS and isinstance(first, Name | Member) and len(arguments) > 1:
        if name == "add" and not _simple(first).endswith(_DEFINITIONS):
            return made
        definition: Value = first
        if isinstance(first, Member) and isinstance(first.of, Member) and first.of.name in _METHODS:
            definition = first.of.of
        served = Call(Member(definition, _SERVERS[name], made.line), line=made.line)
        return Call(function, (served, *arguments[1:]), made.keywords, made.types, made.line)
    if name in _CLIENTS and isinstance(first, Name | Member):
        return _client(made, first, _CLIENTS[name])
    if name == "create" and isinstance(first, Name | Member) and _simple(first).endswith("Definition"):
        return _client(made, first, CONNECTED)
    if name == "getService" and isinstance(function, Member):
        return _nest_client(made, first)
    if name == "Module" and isinstance(first, Record):
        controllers = dict(first.fields).get("controllers", Several())
        parts = controllers.parts if isinstance(controllers, Several) else (controllers,)
        return Call(function, (*parts, *arguments), line=made.line)
    if name in _RAW and isinstance(first, Text) and (path := _PATH.fullmatch(first.value)):
        stub = Call(Name(f".{path['service']}Client"), line=made.line)
        return Several((Member(stub, path["method"], made.line), made))
    if name in _BY_METHOD and isinstance(first, Member) and isinstance(function, Member):
        stub = Call(Member(first.of, CONNECTED, made.line), arguments[1:], line=made.line)
        return Several((Member(stub, first.name, made.line), made))
    return _callback(made, name)


def service_named(value: Value) -> str:
    """The service that a mark or a lookup names: by its text, or by the constant that ts-proto makes
    for it (`CART_SERVICE_NAME`)."""
    if isinstance(value, Text):
        return value.value
    name = _simple(value)
    if _CONSTANT.fullmatch(name):
        return "".join(part.capitalize() for part in name.removesuffix("_NAME").split("_"))
    return ""


def _client(made: Call, definition: Name | Member, shape: str) -> Value:
    stub = Call(Member(definition, shape, made.line), made.arguments[1:], line=made.line)
    return Several((stub, made)) if shape == CONNECTED else Member(definition, shape, made.line)


def _nest_client(made: Call, named: Value) -> Value:
    service = service_named(named) or (made.types[0].removesuffix("Client") if made.types else "")
    if not service:
        return made
    return Call(Name(f".{service}Client"), made.arguments, line=made.line)


def _callback(made: Call, name: str) -> Value:
    function = made.function
    if not made.arguments:
        return made
    first, rest = made.arguments[0], made.arguments[1:]
    if name in _HANDED_OVER and isinstance(function, Member):
        handed = Call(first, (function.of,), line=made.line)
        return Several((handed, Call(function, rest, line=made.line)))
    return made


def _simple(value: Value) -> str:
    """The last part of a name; empty if it has none."""
    match value:
        case Name(text):
            return text
        case Member(name=name):
            return name
    return ""
