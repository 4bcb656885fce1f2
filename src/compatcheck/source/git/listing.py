"""Snapshots of a git repository: of a revision, of the index, of the work tree. Nothing is read but links."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from compatcheck.errors import UsageError
from compatcheck.source.content import blob_id, decode, unequal_id
from compatcheck.source.disk import Folder
from compatcheck.source.git.commands import demand, read_objects
from compatcheck.source.git.place import Place
from compatcheck.source.git.stored import Stored
from compatcheck.source.links import resolve
from compatcheck.source.snapshot import Origin, Skipped, Snapshot, Unreadable

_CONFLICT = Unreadable("it has a merge conflict that is not resolved", "resolve it and `git add` the file")
_SUBMODULE = "a submodule; its files are not read"
# git knows the empty tree without its object.
_EMPTY_TREE = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_NESTED = "another git repository; its files are not read"


@dataclass(frozen=True, slots=True)
class _Entries:
    """What a listing holds, by path. `links` has blob ids, `targets` the texts of links read already."""

    protos: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    skipped: list[Skipped] = field(default_factory=list)
    on_disk: set[str] = field(default_factory=set)
    broken: dict[str, Unreadable] = field(default_factory=dict)

    def add(self, mode: str, blob: str, path: str) -> None:
        # A tree made by hand can hold names that lead out of any folder that it is written to.
        if not path or any(part in ("", ".", "..") for part in path.split("/")):
            self.skipped.append(Skipped(path, "not a path that git would check out"))
        elif mode == "160000":
            self.others.add(path)
            self.skipped.append(Skipped(path, _SUBMODULE))
        elif mode == "120000":
            self.links[path] = blob
        elif path.endswith(".proto"):
            self.protos[path] = blob
        else:
            self.others.add(path)

    def forget(self, path: str) -> None:
        self.protos.pop(path, None)
        self.links.pop(path, None)
        self.others.discard(path)


def revision(place: Place, tree: str, origin: Origin) -> Snapshot:
    """What the tree with the id `tree` holds, wherever the current folder is."""
    entries = _Entries()
    for record in demand(place, "ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0")[:-1]:
        words, _, path = record.partition(b"\t")
        mode, _, blob = decode(words).split(" ")
        entries.add(mode, blob, decode(path))
    return _snapshot(place, origin, entries, tree)


def index(place: Place, origin: Origin) -> Snapshot:
    """What `git commit` would record: the index that GIT_INDEX_FILE names, or the repository's own."""
    if place.top is None:
        raise UsageError("a bare repository has no index", "name a revision instead")
    entries = _Entries()
    for stage, mode, blob, path in _staged(demand(place, "ls-files", "--stage", "-z")):
        if stage != "0":
            if path.endswith(".proto"):
                entries.protos[path] = unequal_id(place.git_dir, path)
                entries.broken[path] = _CONFLICT
        else:
            entries.add(mode, blob, path)
    nothing = blob_id(b"", place.algorithm)
    hollow = [path for path, blob in entries.protos.items() if blob == nothing]
    if hollow:
        # `git add -N` leaves an empty entry that a commit does not record; only a diff tells the two apart.
        recorded = _recorded(place)
        for path in hollow:
            if path not in recorded:
                entries.forget(path)
    return _snapshot(place, origin, entries, "")


def _staged(output: bytes) -> list[tuple[str, str, str, str]]:
    """Stage, mode, blob id and path of each line of `ls-files --stage -z`."""
    found = []
    for record in output.split(b"\0")[:-1]:
        words, _, path = record.partition(b"\t")
        mode, blob, stage = decode(words).split(" ")
        found.append((stage, mode, blob, decode(path)))
    return found


def _recorded(place: Place) -> frozenset[str]:
    """The paths that a commit of the index would hold."""
    arguments = ("--cached", "-z", "--name-only", "--no-renames", "--no-relative", "--ita-invisible-in-index")
    output = demand(place, "diff-index", *arguments, _EMPTY_TREE[place.algorithm], "--")
    return frozenset(decode(output).split("\0"))


def work_tree(place: Place, origin: Origin) -> Snapshot:
    """The files on disk that git tracks or does not ignore; ids of changed ones as git would give them."""
    if place.top is None:
        raise UsageError("a bare repository has no work tree", "name a revision instead")
    arguments = (
        "ls-files",
        "-z",
        "-t",
        "--stage",
        "--modified",
        "--deleted",
        "--others",
        "--exclude-standard",
    )
    entries = _Entries()
    touched: dict[str, None] = {}
    for record in demand(place, *arguments).split(b"\0")[:-1]:
        tag, _, rest = decode(record).partition(" ")
        if tag == "?":
            touched[rest] = None
            continue
        words, _, path = rest.partition("\t")
        mode, blob, _ = words.split(" ")
        if tag in ("H", "S"):
            entries.add(mode, blob, path)
        elif mode != "160000":
            touched[path] = None
    folder = Folder(place.top)
    for path in touched:
        entries.forget(path)
        _look(path, folder, place, entries)
    return _snapshot(place, origin, entries, "")


def _look(path: str, folder: Folder, place: Place, entries: _Entries) -> None:
    """Add what is on disk at `path`, if anything."""
    if path.endswith("/"):
        entries.others.add(path.rstrip("/"))
        entries.skipped.append(Skipped(path.rstrip("/"), _NESTED))
        return
    mode = folder.mode(path)
    if mode is None or stat.S_ISDIR(mode):
        return
    if stat.S_ISLNK(mode):
        target = folder.link(path)
        if target is not None:
            entries.targets[path] = target
        return
    if not path.endswith(".proto"):
        entries.others.add(path)
        return
    data = folder.read(path)
    if isinstance(data, Unreadable):
        entries.broken[path] = data
        entries.protos[path] = unequal_id(place.folder, path)
    else:
        entries.on_disk.add(path)
        entries.protos[path] = blob_id(data, place.algorithm)


def _snapshot(place: Place, origin: Origin, entries: _Entries, tree: str) -> Snapshot:
    resolved = resolve(_targets(place, entries), entries.protos.keys(), entries.others)
    files = MappingProxyType(entries.protos)
    return Snapshot(
        origin=origin,
        files=files,
        links=MappingProxyType(resolved.links),
        skipped=(*entries.skipped, *resolved.skipped),
        contents=Stored(
            place, origin.kind, tree, files, frozenset(entries.on_disk), MappingProxyType(entries.broken)
        ),
    )


def _targets(place: Place, entries: _Entries) -> Mapping[str, str]:
    """Where each link leads, as text."""
    texts = read_objects(place, list(entries.links.values())) if entries.links else {}
    targets = dict(entries.targets)
    for path, blob in entries.links.items():
        text = texts[blob]
        if isinstance(text, Unreadable):
            entries.skipped.append(Skipped(path, f"a link that cannot be read: {text.reason}"))
        elif len(text) <= 4096:
            targets[path] = decode(text)
    return targets
