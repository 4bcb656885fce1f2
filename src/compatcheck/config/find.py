"""Finds the configuration of a source, from a folder upward to the repository's top."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

DEDICATED = "compatcheck.toml"
SHARED = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Found:
    path: str
    """Relative to the repository's top, `/` separated."""
    text: bytes


def find(read: Callable[[str], bytes | None], folder: str = "") -> Found | None:
    """The nearest `compatcheck.toml`, or `pyproject.toml` with a `[tool.compatcheck]`, from `folder` up.

    `read` gives the content of a path that is relative to the repository's top, or None. In one folder,
    `compatcheck.toml` wins.
    """
    for parent in _upward(folder):
        for name in (DEDICATED, SHARED):
            path = f"{parent}/{name}" if parent else name
            text = read(path)
            if text is not None and (name == DEDICATED or _is_ours(text)):
                return Found(path, text)
    return None


def _upward(folder: str) -> Iterator[str]:
    parts = [part for part in folder.split("/") if part not in ("", ".")]
    for count in range(len(parts), -1, -1):
        yield "/".join(parts[:count])


def _is_ours(text: bytes) -> bool:
    """Whether a `pyproject.toml` configures compatcheck; one that cannot be parsed might."""
    if b"compatcheck" not in text:
        return False
    import tomllib

    try:
        tool = tomllib.loads(text.decode()).get("tool", {})
    except (ValueError, RecursionError):
        return b"tool.compatcheck" in text
    return isinstance(tool, dict) and "compatcheck" in tool
