"""Finds the package and the imports of a .proto text without compiling it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file says of itself at its top level.

    `imports` are in the order of the text, each once; a byte that is not UTF-8 is a lone surrogate.
    """

    package: str = ""
    imports: tuple[str, ...] = ()


# In Python before 3.11.5 a possessive group goes wrong if its body fails after it took something (gh-106052).
# No group here can: a backslash may stand alone, and the end of a comment is looked for lazily.
_STRING = rb'"(?:[^"\\\n]|\\[^\n]?)*+"?|\'(?:[^\'\\\n]|\\[^\n]?)*+\'?'
_COMMENT = rb"//[^\n]*+|/\*.*?(?:\*/|\Z)"
_BLANK = re.compile(rb"\s++|%s" % _COMMENT, re.DOTALL)
_TOKEN = re.compile(rb"(?P<word>[A-Za-z_][A-Za-z0-9_]*+)|(?P<text>%s)|." % _STRING, re.DOTALL)
_BODY = re.compile(rb"%s|%s|[{}]" % (_COMMENT, _STRING), re.DOTALL)
_IMPORT = re.compile(rb"\bimport(?![A-Za-z0-9_])")
_ESCAPE = re.compile(
    rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
_PLAIN_ESCAPES = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_BOM = b"\xef\xbb\xbf"
# No statement that matters here is longer: import, a modifier, a name in a few adjacent literals.
_LONGEST_STATEMENT = 256


def scan(text: bytes) -> Scan:
    """Read package and imports from `text`, whatever it holds; all else is passed over."""
    last_import = -1
    for found in _IMPORT.finditer(text):
        last_import = found.start()
    reader = _Reader()
    position = len(_BOM) if text.startswith(_BOM) else 0
    statement: list[bytes] = []
    end = len(text)
    while True:
        position = _after_blank(text, position)
        if position >= end or (not statement and position > last_import and reader.package):
            break
        match = _TOKEN.match(text, position)
        if match is None:
            break
        position = match.end()
        token = match[0]
        if token == b";":
            reader.take(statement)
            statement = []
        elif token == b"{":
            position = _after_body(text, position)
            if not statement or statement[0] != b"option":
                statement = []
        elif len(statement) < _LONGEST_STATEMENT:
            statement.append(token)
    return Scan(reader.package, tuple(reader.imports))


class _Reader:
    """Collects what whole statements say."""

    def __init__(self) -> None:
        self.package = ""
        self.imports: dict[str, None] = {}

    def take(self, statement: list[bytes]) -> None:
        match statement:
            case [b"import", b"public" | b"weak" | b"option", *literals] if _all_text(literals):
                self.imports[_joined(literals)] = None
            case [b"import", *literals] if _all_text(literals):
                self.imports[_joined(literals)] = None
            case [b"package", *parts] if parts and not self.package:
                self.package = b"".join(parts).decode("utf-8", "replace")


def _after_blank(text: bytes, position: int) -> int:
    """The position behind the white space and the comments that start at `position`."""
    while (match := _BLANK.match(text, position)) is not None:
        position = match.end()
    return position


def _after_body(text: bytes, position: int) -> int:
    """The position behind the brace that closes the one before `position`; the end if none does."""
    depth = 1
    for match in _BODY.finditer(text, position):
        token = match[0]
        if token == b"{":
            depth += 1
        elif token == b"}":
            depth -= 1
            if depth == 0:
                return match.end()
    return len(text)


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
