"""What git holds at the revisions that a question is about; each thing is asked for once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from compatcheck.source.git import listing, trees
from compatcheck.source.git.history import commit_of, tree_of
from compatcheck.source.git.place import Place
from compatcheck.source.git.tags import Tag, tags
from compatcheck.source.snapshot import Contents, Origin, Snapshot, Unreadable
from compatcheck.source.tree import Tree

_SHORT_HEX = re.compile(r"[0-9a-f]{1,6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Remembered:
    """Contents that are read once, whatever revisions they are in, and searched for what they mention once."""

    contents: Contents
    files: Mapping[str, str]
    blobs: dict[str, bytes | Unreadable]
    """By content id."""
    searched: list[dict[str, tuple[str, ...]]] = field(default_factory=list)

    def read(self, paths: Iterable[str], /) -> dict[str, bytes | Unreadable]:
        wanted = list(paths)
        new = [path for path in wanted if self.files[path] not in self.blobs]
        for path, text in self.contents.read(new).items() if new else ():
            self.blobs[self.files[path]] = text
        return {path: self.blobs[self.files[path]] for path in wanted}

    def mentions(self) -> dict[str, tuple[str, ...]]:
        if not self.searched:
            self.searched.append(self.contents.mentions())
        return self.searched[0]

    def lookup(self, path: str, /) -> bytes | Unreadable | None:
        return self.contents.lookup(path)


@dataclass(frozen=True, slots=True)
class Archive:
    """Tags, trees and lists of files, by the repository and what they were asked by."""

    _tags: dict[str, tuple[Tag, ...]] = field(default_factory=dict)
    _names: dict[str, frozenset[str]] = field(default_factory=dict)
    _trees: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _commits: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _snapshots: dict[tuple[str, str], Snapshot] = field(default_factory=dict)
    _files: dict[tuple[str, str], Tree] = field(default_factory=dict)
    _blobs: dict[str, bytes | Unreadable] = field(default_factory=dict)

    def tags(self, place: Place) -> tuple[Tag, ...]:
        if place.git_dir not in self._tags:
            self._tags[place.git_dir] = tags(place)
            for tag in self._tags[place.git_dir]:
                self._trees[place.git_dir, f"refs/tags/{tag.name}"] = tag.tree
        return self._tags[place.git_dir]

    def has_tag(self, place: Place, name: str) -> bool:
        if place.git_dir not in self._names:
            self._names[place.git_dir] = frozenset(tag.name for tag in self.tags(place))
        return name in self._names[place.git_dir]

    def tree_id(self, place: Place, revision: str) -> str | None:
        key = (place.git_dir, revision)
        if key not in self._trees:
            self._trees[key] = tree_of(place, revision)
        return self._trees[key]

    def commit(self, place: Place, revision: str) -> str | None:
        key = (place.git_dir, revision)
        if key not in self._commits:
            self._commits[key] = commit_of(place, revision)
        return self._commits[key]

    def is_revision(self, place: Place, written: str) -> bool:
        """Whether somebody who wrote this may have meant a revision; a few digits are no commit's id."""
        return not _SHORT_HEX.fullmatch(written) and self.commit(place, written) is not None

    def snapshot(self, place: Place, revision: str, name: str) -> Snapshot | None:
        """The .proto files of a revision that messages call `name`; None if git has no tree for it."""
        tree = self.tree_id(place, revision)
        if tree is None:
            return None
        key = (place.git_dir, tree)
        if key not in self._snapshots:
            listed = listing.revision(place, tree, Origin("revision", name, revision))
            self._snapshots[key] = replace(
                listed, contents=_Remembered(listed.contents, listed.files, self._blobs)
            )
        return self._snapshots[key]

    def files(self, place: Place, revision: str) -> Tree | None:
        """All files of a revision."""
        tree = self.tree_id(place, revision)
        if tree is None:
            return None
        key = (place.git_dir, tree)
        if key not in self._files:
            self._files[key] = trees.tree(place, tree)
        return self._files[key]
