"""What a `.proto` file says without being compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from compatcheck.schema.compiling.imports import scan
from compatcheck.schema.compiling.outline import outline

_BLANK = rb"(?:\s|//[^\n]*\n|/\*.*?\*/)+"
_SERVICE = re.compile(rb"\bservice" + _BLANK + rb"([A-Za-z_]\w*)", re.DOTALL)
_MESSAGE = re.compile(rb"\bmessage" + _BLANK + rb"([A-Za-z_]\w*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says without being compiled: what it may declare, and its imports."""

    package: str
    services: frozenset[str]
    """Full names."""
    messages: frozenset[str]
    """Simple names, those of nested ones, too."""
    imports: tuple[str, ...]

    def declares(self, services: frozenset[str], messages: frozenset[str]) -> frozenset[str]:
        """The names among `services` and `messages` that the file may declare."""
        found = self.services & services
        if not messages:
            return found
        prefix = f"{self.package}." if self.package else ""
        return found | {
            name for name in messages if name.startswith(prefix) and name.rpartition(".")[2] in self.messages
        }


def text_of(text: bytes) -> Text:
    """A superset of what the file declares: comments and strings may seem to declare more."""
    said = scan(text)
    prefix = f"{said.package}." if said.package else ""
    services = frozenset(f"{prefix}{name.decode()}" for name in _SERVICE.findall(text))
    messages = frozenset(name.decode() for name in _MESSAGE.findall(text))
    return Text(said.package, services, messages, said.imports)


def rpcs_of(text: bytes, path: str) -> Mapping[str, frozenset[str]]:
    """Full name of each service that the file declares -> the simple names of its methods."""
    found: dict[str, set[str]] = {}
    for element in outline(text, path).elements:
        if len(element) > 1 and element[1].startswith("service "):
            name = element[1].removeprefix("service ")
            methods = found.setdefault(f"{element[0]}.{name}" if element[0] else name, set())
            if len(element) > 2 and element[2].startswith("rpc "):
                methods.add(element[2].removeprefix("rpc "))
    return {name: frozenset(methods) for name, methods in found.items()}
