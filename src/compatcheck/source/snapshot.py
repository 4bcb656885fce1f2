"""The values of this layer: a snapshot of `.proto` files, a descriptor set, what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

Kind = Literal["revision", "index", "work-tree", "directory", "descriptor-set", "empty"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a source comes from: `name` for people, `revision` as asked for, `commit` in full if any."""

    kind: Kind
    name: str
    revision: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A path that could hold `.proto` files and is not read, and why.

    `hides`: what lies below it belongs to the source and is not known, so that nothing there counts as gone.
    """

    path: str
    reason: str
    hides: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Content that cannot be had: why, and what mends it."""

    reason: str
    remedy: str


class Contents(Protocol):
    """Gets at the bytes behind a snapshot's paths. Paths are real ones: keys of `Snapshot.files`."""

    def read(self, paths: Iterable[str], /) -> dict[str, bytes | Unreadable]:
        """The content of each path, in one go."""

    def mentions(self) -> dict[str, tuple[str, ...]]:
        """See `Snapshot.mentions`."""

    def lookup(self, path: str, /) -> bytes | Unreadable | None:
        """See `Snapshot.lookup`."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The `.proto` files of one source. Making one lists them; nothing is read before `read`.

    `files`: path (relative to the source's top, `/` separated; bytes that are not UTF-8 as surrogates) ->
    content id, the hex blob id that git gives the content. What is known to be unreadable when it is listed
    has an id that equals no other.
    `links`: a `.proto` path that exists only through a symbolic link -> the path in `files` that it leads to.
    `skipped`: submodules, links that lead out of the source, folders that cannot be listed.
    """

    origin: Origin
    files: Mapping[str, str]
    links: Mapping[str, str]
    skipped: tuple[Skipped, ...]
    contents: Contents = field(repr=False, compare=False)

    def read(self, paths: Iterable[str]) -> dict[str, bytes | Unreadable]:
        """The content of each path of `files` or `links`; a path of neither is a KeyError."""
        real = {path: path if path in self.files else self.links[path] for path in paths}
        found = self.contents.read(set(real.values()))
        return {path: found[target] for path, target in real.items()}

    def mentions(self) -> dict[str, tuple[str, ...]]:
        """Path of `files` -> every quoted string ending in `.proto` in it: a superset of its imports.

        Files without one are left out, and so are files that cannot be read.
        """
        return self.contents.mentions()

    def lookup(self, path: str) -> bytes | Unreadable | None:
        """Another regular file of the same source (a configuration), or None if there is none at `path`."""
        return self.contents.lookup(path)


@dataclass(frozen=True, slots=True)
class DescriptorSet:
    """A compiled `FileDescriptorSet`: no text."""

    origin: Origin
    data: bytes = field(repr=False)


Source = Snapshot | DescriptorSet


class _Nothing:
    def read(self, _paths: Iterable[str], /) -> dict[str, bytes | Unreadable]:
        return {}

    def mentions(self) -> dict[str, tuple[str, ...]]:
        return {}

    def lookup(self, _path: str, /) -> bytes | Unreadable | None:
        return None


def empty(name: str) -> Snapshot:
    """The snapshot without files: what a repository holds before its first commit."""
    return Snapshot(Origin("empty", name), MappingProxyType({}), MappingProxyType({}), (), _Nothing())
