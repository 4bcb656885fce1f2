"""All regular files of one revision, code included: listed, and read when they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from compatcheck.source.snapshot import Unreadable


@dataclass(frozen=True, slots=True)
class Tree:
    """`files`: path (relative to the repository's top, `/` separated) -> content id. Links are left out.

    `read` gets at the contents of some paths of `files`, in one go.
    """

    files: Mapping[str, str]
    read: Callable[[Iterable[str]], dict[str, bytes | Unreadable]] = field(repr=False, compare=False)
