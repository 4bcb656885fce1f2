"""Orders version tags: 1.10 after 1.9, a pre-release before its release."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_BEFORE_RELEASE = frozenset(
    re.findall(
        r"\w+", "a alpha b beta c canary dev ea m milestone nightly pre prerelease preview rc snapshot"
    )
)

# Where a part of a version stands against the end of a shorter one: 1.0-rc1 < 1.0 < 1.0-hotfix < 1.0.1
_PRE, _END, _WORD, _NUMBER = range(4)

Key = tuple[tuple[int, int, str], ...]


def version_key(tag: str) -> Key:
    """Sorts tags as versions; numbers of any length, words regardless of case."""
    parts = []
    for token in _TOKEN.findall(tag):
        if token.isascii() and token.isdigit():
            digits = token.lstrip("0")
            parts.append((_NUMBER, len(digits), digits))
        elif parts and any(kind == _NUMBER for kind, _, _ in parts) and token.lower() in _BEFORE_RELEASE:
            parts.append((_PRE, 0, token.lower()))
        else:
            parts.append((_WORD, 0, token.lower()))
    return (*parts, (_END, 0, ""))


def is_prerelease(tag: str) -> bool:
    """Whether a word such as `rc` or `beta` follows the version's first number."""
    return any(kind == _PRE for kind, _, _ in version_key(tag))


def latest(tags: Sequence[str]) -> str | None:
    """The latest release; the latest pre-release only if there is nothing else. None if there are no tags."""
    releases = [tag for tag in tags if not is_prerelease(tag)]
    return max(releases or tags, key=lambda tag: (version_key(tag), tag), default=None)
