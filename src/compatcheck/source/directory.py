"""A directory outside git as a snapshot."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from compatcheck.errors import UsageError
from compatcheck.source.content import blob_id, decode, encode, mentioned, unequal_id
from compatcheck.source.disk import Folder, own_text
from compatcheck.source.links import resolve
from compatcheck.source.snapshot import Origin, Skipped, Snapshot, Unreadable

_NOT_CONTENT = frozenset({b".git", b".hg", b".svn"})


@dataclass(frozen=True, slots=True)
class _Files:
    folder: Folder
    files: Mapping[str, str]

    def read(self, paths: Iterable[str]) -> dict[str, bytes | Unreadable]:
        return {path: own_text(self.folder.read(path)) for path in sorted(paths)}

    def mentions(self) -> dict[str, tuple[str, ...]]:
        return mentions_of(self.read(self.files))

    def lookup(self, path: str) -> bytes | Unreadable | None:
        return self.folder.lookup(path)


def mentions_of(texts: Mapping[str, bytes | Unreadable]) -> dict[str, tuple[str, ...]]:
    """What each readable text mentions; texts that mention nothing are left out."""
    found = {path: mentioned(text) for path, text in texts.items() if isinstance(text, bytes)}
    return {path: names for path, names in found.items() if names}


def snapshot(path: Path, name: str, algorithm: str = "sha1") -> Snapshot:
    """The `.proto` files below `path`, which `name` names for people.

    Every file is read once for its content id, made with `algorithm` so that it can be compared with a
    repository's. Links are resolved inside the directory and never followed out of it.
    """
    top = os.path.realpath(path)
    found = _walk(top)
    folder = Folder(top)
    files = {}
    for proto in found.protos:
        data = folder.read(proto)
        files[proto] = unequal_id(top, proto) if isinstance(data, Unreadable) else blob_id(data, algorithm)
    links = {link: folder.link(link) for link in found.links}
    resolved = resolve(
        {link: text for link, text in links.items() if text is not None}, files.keys(), found.others
    )
    return Snapshot(
        origin=Origin("directory", name),
        files=MappingProxyType(files),
        links=MappingProxyType(resolved.links),
        skipped=(*found.skipped, *resolved.skipped),
        contents=_Files(folder, files),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    protos: list[str]
    links: list[str]
    others: set[str]
    skipped: list[Skipped]


def _walk(top: str) -> _Found:
    """Everything below `top` by relative path; a folder that cannot be listed hides what it holds."""
    found = _Found([], [], set(), [])
    pending = [b""]
    while pending:
        inside = pending.pop()
        try:
            with os.scandir(os.path.join(encode(top), inside)) as listing:
                # Where a file system does not tell kinds, asking for one can fail as the listing can.
                entries = sorted(
                    (entry.name, entry.is_symlink(), entry.is_dir(follow_symlinks=False)) for entry in listing
                )
        except OSError as error:
            if not inside:
                raise UsageError(f"cannot read the directory {top}: {error.strerror}") from error
            path = decode(inside).replace(os.sep, "/")
            found.skipped.append(Skipped(path, f"the folder cannot be read: {error.strerror}", hides=True))
            continue
        for name, is_link, is_folder in entries:
            relative = os.path.join(inside, name)
            path = decode(relative).replace(os.sep, "/")
            if is_link:
                found.links.append(path)
            elif is_folder:
                if name not in _NOT_CONTENT:
                    pending.append(relative)
            elif name.endswith(b".proto"):
                found.protos.append(path)
            else:
                found.others.add(path)
    found.protos.sort()
    return found
