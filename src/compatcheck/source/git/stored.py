"""The contents of a git snapshot: blobs from the object store, changed files from the work tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compatcheck.source.content import decode, mentioned
from compatcheck.source.directory import mentions_of
from compatcheck.source.disk import Folder, own_text
from compatcheck.source.git.commands import ask, demand, read_objects
from compatcheck.source.git.place import Place
from compatcheck.source.snapshot import Kind, Unreadable

_GREP = ("grep", "-z", "-a", "-E", "--full-name", "--no-color", "--no-line-number", "--no-column")
_HIT = re.compile(rb"([^\0]+)\0([^\n]*)\n")


@dataclass(frozen=True, slots=True)
class Stored:
    """Contents that lie in the object store as `files` says, but for the paths of `on_disk` and `broken`.

    `tree` is the id of the tree of a revision, empty for the index and the work tree.
    """

    place: Place
    kind: Kind
    tree: str
    files: Mapping[str, str]
    on_disk: frozenset[str]
    broken: Mapping[str, Unreadable]

    def read(self, paths: Iterable[str]) -> dict[str, bytes | Unreadable]:
        """The content of each path, through one cat-file."""
        wanted = sorted(paths)
        folder = Folder(self.place.folder)
        stored = [path for path in wanted if path not in self.broken and path not in self.on_disk]
        blobs = read_objects(self.place, [self.files[path] for path in stored]) if stored else {}
        found: dict[str, bytes | Unreadable] = {}
        for path in wanted:
            if path in self.broken:
                found[path] = self.broken[path]
            elif path in self.on_disk:
                found[path] = own_text(folder.read(path))
            else:
                found[path] = blobs[self.files[path]]
                if self.kind == "work-tree" and isinstance(found[path], Unreadable):
                    # git has a pointer, or nothing; the file that is checked out may still be the real one.
                    data = own_text(folder.read(path))
                    found[path] = data if isinstance(data, bytes) else found[path]
        return found

    def mentions(self) -> dict[str, tuple[str, ...]]:
        """What the files mention, through one `git grep`."""
        where = self.tree or "--cached"
        answer = ask(self.place, *_GREP, "-e", "\\.proto[\"']", where, "--", ":(top,glob)**/*.proto")
        if answer.status not in (0, 1):
            # It stops at the first missing object of a partial clone (elsewhere it complains and goes on).
            return mentions_of(self.read(self.files))
        prefix = f"{self.tree}:".encode("ascii") if self.tree else b""
        stored = {
            path: names
            for path, names in _grepped(answer.output, prefix).items()
            if path in self.files and path not in self.on_disk and path not in self.broken
        }
        return {**stored, **mentions_of(self.read(self.on_disk))}

    def lookup(self, path: str) -> bytes | Unreadable | None:
        """The content of any regular file of the source."""
        if self.kind == "work-tree":
            return Folder(self.place.folder).lookup(path)
        if self.tree:
            output = demand(self.place, "ls-tree", "-z", "--full-tree", self.tree, "--", path)
        else:
            output = demand(self.place, "ls-files", "--stage", "-z", "--", f":(top,literal){path}")
        for record in output.split(b"\0")[:-1]:
            words, _, name = record.partition(b"\t")
            mode, *rest = decode(words).split(" ")
            if decode(name) == path and mode.startswith("100"):
                blob = rest[1] if self.tree else rest[0]
                return read_objects(self.place, [blob])[blob]
        return None


def _grepped(output: bytes, prefix: bytes) -> dict[str, tuple[str, ...]]:
    """Hits of `git grep -z` (name, NUL, line) -> the quoted names by path."""
    lines: dict[bytes, list[bytes]] = {}
    for name, text in _HIT.findall(output):
        lines.setdefault(name, []).append(text)
    found = {name: mentioned(b"\n".join(texts)) for name, texts in lines.items()}
    return {decode(name.removeprefix(prefix)): names for name, names in found.items() if names}
