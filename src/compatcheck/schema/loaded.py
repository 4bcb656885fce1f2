"""What loading yields: compiled universes of both sides, what to compare, and what could not be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["old", "new"]

Cause = Literal[
    "unreadable", "missing-import", "does-not-compile", "not-decided", "broken-by-change", "unjudged-options"
]
"""Why a file is unknown. `broken-by-change`: its text is the same and it compiles on the old side only;
`unjudged-options`: all of it is compared but options that differ and that a missing import defines.
"""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A file of which at least a part could not be compared, and why.

    Line and column count from 1 as in protoc, 0: not known.
    """

    path: str
    side: Side
    cause: Cause
    reason: str
    remedy: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Universe:
    """Files that share one space of names.

    `key` tells it from the others of its side: its root, or the path of a file of its own where one root
    holds files that define the same names. `descriptors`: import name -> serialised FileDescriptorProto,
    whole closures, imports before importers. `paths`: import name -> path in the snapshot; not of bundled
    files.
    `owned`: the import names of the files whose canonical universe this is; a path is owned once per side.
    `compare`: those of them whose descriptors differ between the sides, or exist on one side only.
    """

    key: str
    root: str
    descriptors: Mapping[str, bytes]
    paths: Mapping[str, str]
    owned: frozenset[str]
    compare: frozenset[str] = frozenset()

    def path(self, name: str) -> str:
        """Where a file lies, or its import name if it comes from no snapshot."""
        return self.paths.get(name, name)


@dataclass(frozen=True, slots=True)
class LoadedSide:
    """One side. `texts`: path -> bytes of the files that are owned; none of a descriptor set."""

    universes: tuple[Universe, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Both sides of a comparison.

    `pairs`: key of a new universe -> key of the old one that it is compared with. `changed`: paths whose text
    differs, is new or is gone, without the excluded ones, sorted. `as_text`: import name of a file that is
    missing -> how many of the compared files have options that only it may define, and that are equal as text.
    """

    old: LoadedSide
    new: LoadedSide
    pairs: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()
    changed: tuple[str, ...] = ()
    as_text: Mapping[str, int] = field(default_factory=dict)
