"""What a terminal needs: colours, text made harmless, and how many columns a text takes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from enum import Enum

REPLACEMENT = "\ufffd"
_JOINERS = "\u200c\u200d"
"""Invisible, but part of the spelling of words and emoji, and harmless."""


class Style(Enum):
    """What a piece of text is, as the parameters of the escape sequence that shows it (ECMA-48, SGR)."""

    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;36"
    GOOD = "1;32"
    STRONG = "1"
    FRAME = "34"
    FAINT = "2"


Paint = Callable[[str, Style], str]


def paint(color: bool) -> Paint:
    """A function that puts text into a style, or leaves it alone without colour. Empty text stays empty."""
    if not color:
        return lambda text, _style: text
    return lambda text, style: f"\x1b[{style.value}m{text}\x1b[0m" if text else ""


def clean(text: str) -> str:
    """One line that cannot steer a terminal, of as many code points as `text`, so that columns stay true.

    Tabs and line ends become spaces; other control characters their pictures (U+2400 block); what turns
    the direction of text, is invisible, or is no character at all (a byte that is not UTF-8) becomes U+FFFD.
    What GitHub's runner takes for a command wherever it stands in a line (`##[`) gets another sharp sign.
    """
    text = text.replace("##[", "#\N{MUSIC SHARP SIGN}[")
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_harmless, text))


def _harmless(char: str) -> str:
    if char.isprintable() or char in _JOINERS:
        return char
    if char in "\t\n\r":
        return " "
    if char < " ":
        return chr(0x2400 + ord(char))
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    # Private use and unassigned are kept: a newer Unicode or an icon font may have them.
    return char if category in ("Co", "Cn") else REPLACEMENT


def columns(text: str) -> int:
    """How many columns a terminal takes for `text` (East Asian Width, UAX 11): 0, 1 or 2 a code point."""
    if text.isascii():
        return len(text)
    return sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, limit: int) -> str:
    """`text`, or as much of its beginning as fits into `limit` columns with an ellipsis behind it."""
    # Combining marks take no column: without the second limit a line of them would be endless.
    if len(text) <= 4 * limit and columns(text) <= limit:
        return text
    room, kept = max(limit - 3, 0), ""
    for char in text[: 4 * limit]:
        room -= _columns_of(char)
        if room < 0:
            break
        kept += char
    return kept + "..."
