"""Finds the package and the imports of a .proto text without compiling it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compatcheck.schema.compiling.tokens import after_blank, after_body, start_of, token_at


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file says of itself at its top level.

    `imports` are in the order of the text, each once; a byte that is not UTF-8 is a lone surrogate. `public`
    are those of them whose definitions the file passes on.
    """

    package: str = ""
    imports: tuple[str, ...] = ()
    public: tuple[str, ...] = ()


_IMPORT = re.compile(rb"\bimport(?![A-Za-z0-9_])")
_ESCAPE = re.compile(
    rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
_PLAIN_ESCAPES = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
# No statement that matters here is longer: import, a modifier, a name in a few adjacent literals.
_LONGEST_STATEMENT = 256


def scan(text: bytes) -> Scan:
    """Read package and imports from `text`, whatever it holds; all else is passed over."""
    last_import = -1
    for mention in _IMPORT.finditer(text):
        last_import = mention.start()
    reader = _Reader()
    position = start_of(text)
    statement: list[bytes] = []
    end = len(text)
    while True:
        position = after_blank(text, position)
        if position >= end or (not statement and position > last_import and reader.package):
            break
        found = token_at(text, position)
        if found is None:
            break
        token, position = found
        if token == b";":
            reader.take(statement)
            statement = []
        elif token == b"{":
            position = after_body(text, position)
            if not statement or statement[0] != b"option":
                statement = []
        elif len(statement) < _LONGEST_STATEMENT:
            statement.append(token)
    return Scan(reader.package, tuple(reader.imports), tuple(reader.public))


class _Reader:
    """Collects what whole statements say."""

    def __init__(self) -> None:
        self.package = ""
        self.imports: dict[str, None] = {}
        self.public: dict[str, None] = {}

    def take(self, statement: list[bytes]) -> None:
        match statement:
            case [b"import", b"public", *literals] if _all_text(literals):
                self.imports[_joined(literals)] = self.public[_joined(literals)] = None
            case [b"import", b"weak" | b"option", *literals] if _all_text(literals):
                self.imports[_joined(literals)] = None
            case [b"import", *literals] if _all_text(literals):
                self.imports[_joined(literals)] = None
            case [b"package", *parts] if parts and not self.package:
                self.package = b"".join(parts).decode("utf-8", "replace")


def _all_text(tokens: list[bytes]) -> bool:
    return bool(tokens) and all(token[:1] in (b'"', b"'") for token in tokens)


def _joined(literals: list[bytes]) -> str:
    raw = b"".join(_unquoted(literal) for literal in literals)
    return raw.decode("utf-8", "surrogateescape")


def _unquoted(literal: bytes) -> bytes:
    closed = len(literal) > 1 and literal[-1:] == literal[:1]
    body = literal[1:-1] if closed else literal[1:]
    return _ESCAPE.sub(_unescaped, body) if b"\\" in body else body


def _unescaped(match: re.Match[bytes]) -> bytes:
    octal, hexadecimal, short, long, plain = match.groups()
    if octal:
        return bytes([int(octal, 8) & 0xFF])
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    if short or long:
        code = int(short or long, 16)
        return chr(code).encode("utf-8", "surrogatepass") if code <= 0x10FFFF else b"?"
    return _PLAIN_ESCAPES.get(plain, plain)
