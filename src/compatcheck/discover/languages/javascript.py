"""JavaScript and TypeScript: which files are code, and how their gRPC libraries name clients and servers."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from operator import itemgetter

from compatcheck.discover.code import File
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.languages import javascript_lowering as lowering
from compatcheck.discover.languages.imports import of_javascript
from compatcheck.discover.languages.javascript_idioms import (
    CONNECTED,
    CONNECTED_STATICALLY,
    NEST,
    REGISTRARS,
    SERVED,
    SERVED_STATICALLY,
)
from compatcheck.discover.syntax import broken_lines, parse

_AMPERSAND = re.compile(r"(?<!&)&(?![&=#]|\w+;)")
"""One that the grammars do not understand in JSX (`Fish & chips`), nor miss elsewhere if it is a `|`."""

_CLIENT = re.compile(r"(?P<service>.+?)(?:Promise|Grpc)?Client(?:Impl)?")
_INTERFACE = re.compile(r"^I(?=[A-Z][a-z])")
"""What the interface of a client is called: `ICartClient`."""
_LOADERS = frozenset({"loadPackageDefinition", "loadObject"})
_SHAPES = frozenset({CONNECTED, CONNECTED_STATICALLY, SERVED, SERVED_STATICALLY})


def _read(grammars: tuple[str, ...], text: str) -> File:
    """What a file says, by the first grammar that understands all of it, or else by the one that comes furthest."""
    trees = []
    for written in dict.fromkeys((text, _AMPERSAND.sub("|", text))):
        for grammar in grammars:
            root = parse(written, grammar)
            broken = broken_lines(root)
            if not broken:
                return lowering.file(root, ())
            trees.append((broken, root))
    broken, root = max(trees, key=itemgetter(0))
    return lowering.file(root, broken)


def _called(path: tuple[str, ...]) -> Meaning | None:
    last = path[-1] if path else ""
    if last in _SHAPES:
        role = Role.STUB if last in (CONNECTED, CONNECTED_STATICALLY) else Role.SERVED
        name = _defined(path[:-1], static=last in (CONNECTED_STATICALLY, SERVED_STATICALLY))
        return Meaning(role, name) if name else None
    loaded = _loaded(path)
    if loaded:
        return Meaning(Role.STUB, loaded)
    found = _CLIENT.fullmatch(last)
    return Meaning(Role.STUB, found["service"].lstrip(".")) if found else None


def _defined(path: tuple[str, ...], *, static: bool) -> str:
    """The service that a definition is of, by the definition's name: `CartService` of protoc-gen-grpc defines Cart
    (`static`), `CartService` of Connect defines CartService, `CartDefinition` of ts-proto defines Cart."""
    if not path:
        return ""
    if path[-1] == "service" and len(path) > 1:
        found = _CLIENT.fullmatch(path[-2])
        return found["service"] if found else _loaded(path[:-1]) or path[-2]
    name = path[-1]
    if static or name.endswith("ServiceService") or any(part.endswith("_grpc_pb") for part in path):
        return name.removesuffix("Service")
    return name.removesuffix("Definition")


def _loaded(path: tuple[str, ...]) -> str:
    """The full name of what a loaded package definition holds: `grpc.loadPackageDefinition(..).shop.v1.Cart`."""
    for at, part in enumerate(path):
        if part in _LOADERS or (part == "load" and "grpc" in path[:at]):
            return ".".join(path[at + 1 :])
    return ""


def _typed(path: tuple[str, ...]) -> Meaning | None:
    last = path[-1] if path else ""
    if last == NEST and len(path) > 1:
        return Meaning(Role.SERVED, path[-2])
    if last == CONNECTED:
        return _called(path)
    found = _CLIENT.fullmatch(_INTERFACE.sub("", last))
    return Meaning(Role.STUB, found["service"]) if found else None


_AFFIXES = (("", "Async"), ("", "Promise"))
_TESTS = (
    "*.test.*",
    "*.spec.*",
    "*.e2e-spec.*",
    "*.cy.*",
    "*.stories.*",
    "__tests__/*",
    "*/__tests__/*",
    "__mocks__/*",
    "*/__mocks__/*",
    "test/*",
    "*/test/*",
    "tests/*",
    "*/tests/*",
    "e2e/*",
    "cypress/*",
)
_WRITTEN = ("*_pb.*", "*_pb_service.*", "*_connect.*", "*_connectweb.*", "*.pb.*", "*.d.ts", "*.min.js")

JAVASCRIPT = Language(
    name="JavaScript",
    suffixes=(".js", ".mjs", ".cjs", ".jsx"),
    read=partial(_read, ("javascript", "tsx")),
    called=_called,
    typed=_typed,
    registrars=REGISTRARS,
    affixes=_AFFIXES,
    generated=_WRITTEN,
    tests=_TESTS,
    imports=of_javascript,
)
TYPESCRIPT = replace(
    JAVASCRIPT,
    name="TypeScript",
    suffixes=(".ts", ".mts", ".cts", ".tsx"),
    read=partial(_read, ("typescript", "tsx")),
)
