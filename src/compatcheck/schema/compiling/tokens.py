"""The tokens of a .proto text: words and numbers, string literals, single signs; comments are passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator

# In Python before 3.11.5 a possessive group goes wrong if its body fails after it took something (gh-106052).
# No group here can: a backslash may stand alone, and the end of a comment is looked for lazily.
_STRING = rb'"(?:[^"\\\n]|\\[^\n]?)*+"?|\'(?:[^\'\\\n]|\\[^\n]?)*+\'?'
_COMMENT = rb"//[^\n]*+|/\*.*?(?:\*/|\Z)"
_BLANK = re.compile(rb"\s++|%s" % _COMMENT, re.DOTALL)
_TOKEN = re.compile(rb"[A-Za-z0-9_]++|%s|." % _STRING, re.DOTALL)
_BODY = re.compile(rb"%s|%s|[{}]" % (_COMMENT, _STRING), re.DOTALL)
_BOM = b"\xef\xbb\xbf"


def start_of(text: bytes) -> int:
    """Where the first token may stand."""
    return len(_BOM) if text.startswith(_BOM) else 0


def token_at(text: bytes, position: int) -> tuple[bytes, int] | None:
    """The token that starts at `position`, which is no blank, and the position behind it."""
    match = _TOKEN.match(text, position)
    return None if match is None else (match[0], match.end())


def tokens(text: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each token with its start and its end."""
    position = after_blank(text, start_of(text))
    while (found := token_at(text, position)) is not None:
        token, end = found
        yield token, position, end
        position = after_blank(text, end)


def after_blank(text: bytes, position: int) -> int:
    """The position behind the white space and the comments that start at `position`."""
    while (match := _BLANK.match(text, position)) is not None:
        position = match.end()
    return position


def after_body(text: bytes, position: int) -> int:
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
