"""What names and paths in a configuration look like, and what was meant by one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection

_ELEMENT = re.compile(r"/?((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?:/([A-Za-z_]\w*))?", re.ASCII)


def suggestion(written: str, known: Collection[str]) -> str:
    """One line that says what may have been meant by `written`: a near name, else all of a few."""
    from difflib import get_close_matches

    near = get_close_matches(written, list(known), n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known: {one_of(known)}" if 0 < len(known) <= 12 else ""


def one_of(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def element(written: str) -> str | None:
    """A full name with dots only; `/package.Service/Method` is understood, too. None if it is no name."""
    match = _ELEMENT.fullmatch(written)
    if match is None:
        return None
    return f"{match[1]}.{match[2]}" if match[2] else match[1]


def path_below(folder: str, path: str) -> str | None:
    """`path`, relative to `folder`, as a path from the repository's top; None if it leads out of it."""
    if path.startswith("/") or "\\" in path or "\0" in path:
        return None
    parts: list[str] = []
    for part in (*folder.split("/"), *path.split("/")):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."
