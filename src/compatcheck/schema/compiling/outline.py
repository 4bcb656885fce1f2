"""Outlines a .proto text: its elements, and the options that stand at each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compatcheck.schema.compiling.imports import scan
from compatcheck.schema.compiling.tokens import tokens

Element = tuple[str, ...]
"""An element by its scopes and its kind: ("p", "message M", "field 3"), for a file itself ("file p/m.proto",)."""

Stream = Iterator[tuple[bytes, int, int]]

_NAMED = (b"message", b"enum", b"service", b"oneof", b"rpc", b"group")
_BUNDLED = re.compile(r"\(\.?google\.(?:api|longrunning)\.")
# No head of a block that says what the block is, and no field, is longer.
_LONGEST_STATEMENT = 256
# protoc nests messages no deeper than 32, and nothing else goes far.
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `name`: as written, without blanks; `text`: name and value, one blank between tokens."""

    name: str
    text: str
    start: int
    end: int

    @property
    def is_foreign(self) -> bool:
        """Whether its definition may be missing: descriptor.proto has it not, nor has what is bundled."""
        return "(" in self.name and not _BUNDLED.match(self.name)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one element that stand together: a list in brackets with its commas, or one statement."""

    element: Element
    options: tuple[Option, ...]
    commas: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What `outline` found: every element of a text, and all options in the order of the text."""

    elements: frozenset[Element]
    options: tuple[Options, ...]


def outline(text: bytes, file: str) -> Outline:
    """Outline the text of `file`, whatever it holds: what is malformed is left to the compiler to refuse."""
    scopes = [scan(text).package]
    elements: set[Element] = {_file(file)}
    found: list[Options] = []
    statement: list[bytes] = []
    stream = tokens(text)
    for token, start, _ in stream:
        if token == b"option" and not statement:
            options = _statement(stream, start, _holder(scopes, file))
            found += [options] if options is not None else []
        elif token == b"[":
            options = _list(stream, start, _member(scopes, statement))
            found += [options] if options is not None else []
        elif token == b"{":
            if len(scopes) > _DEEPEST:
                break
            scopes.append(_head(statement))
            elements.add(_holder(scopes, file))
            statement = []
        elif token in (b"}", b";"):
            if statement and len(scopes) > 1:
                elements.add(_member(scopes, statement))
            if token == b"}" and len(scopes) > 1:
                scopes.pop()
            statement = []
        elif len(statement) < _LONGEST_STATEMENT:
            statement.append(token)
    return Outline(frozenset(elements).union(group.element for group in found), tuple(found))


def _file(file: str) -> Element:
    return (f"file {file}",)


def _holder(scopes: list[str], file: str) -> Element:
    """The element whose block is open; a oneof is no scope of what stands in it."""
    if len(scopes) == 1:
        return _file(file)
    return (*(scope for scope in scopes[:-1] if not scope.startswith("oneof ")), scopes[-1])


def _member(scopes: list[str], statement: list[bytes]) -> Element:
    """The element that a statement declares: a field by its number, all else by its text."""
    inside = tuple(scope for scope in scopes if not scope.startswith("oneof "))
    if statement[:1] == [b"rpc"]:
        return (*inside, _head(statement))
    number = statement.index(b"=") + 1 if b"=" in statement else 0
    if number and not inside[-1].startswith("enum "):
        return (*inside, f"field {_joined(statement[number:])}")
    return (*inside, _joined(statement))


def _head(statement: list[bytes]) -> str:
    for index, token in enumerate(statement[:2]):
        if token in _NAMED:
            kind = "message" if token == b"group" else token.decode()
            return f"{kind} {_joined(statement[index + 1 : index + 2])}"
    return _joined(statement)


def _statement(stream: Stream, start: int, element: Element) -> Options | None:
    """The option whose `option` was the last token; None if no semicolon ends it."""
    collected: list[tuple[bytes, int, int]] = []
    depth = 0
    for token, begin, end in stream:
        if token == b";" and depth == 0:
            option = _option(collected)
            return None if option is None else Options(element, (option,), (), start, end)
        depth += (token == b"{") - (token == b"}")
        if depth < 0:
            return None
        collected.append((token, begin, end))
    return None


def _list(stream: Stream, start: int, element: Element) -> Options | None:
    """The options of the list whose bracket was the last token; None if they are not what protoc takes."""
    options: list[Option | None] = []
    commas: list[int] = []
    collected: list[tuple[bytes, int, int]] = []
    depth = 0
    for token, begin, end in stream:
        if depth == 0 and token in (b",", b"]"):
            options.append(_option(collected))
            collected = []
            if token == b"]":
                known = tuple(one for one in options if one is not None)
                whole = len(known) == len(options)
                return Options(element, known, tuple(commas), start, end) if whole else None
            commas.append(begin)
            continue
        depth += (token == b"{") - (token == b"}")
        if depth < 0:
            return None
        collected.append((token, begin, end))
    return None


def _option(found: list[tuple[bytes, int, int]]) -> Option | None:
    words = [token for token, _, _ in found]
    if b"=" not in words:
        return None
    name = b"".join(words[: words.index(b"=")]).decode("utf-8", "replace")
    return Option(name, _joined(words), found[0][1], found[-1][2])


def _joined(words: list[bytes]) -> str:
    return b" ".join(words).decode("utf-8", "backslashreplace")
