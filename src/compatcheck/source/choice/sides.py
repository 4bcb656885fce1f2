"""What a side of a comparison names: a revision, the index, the work tree, a directory, a descriptor set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compatcheck.errors import CompatcheckError, UndecidedError, UsageError
from compatcheck.source import directory
from compatcheck.source.content import shown
from compatcheck.source.git import listing
from compatcheck.source.git.history import commit_of, is_unborn, similar, tree_of
from compatcheck.source.git.place import Place, locate_other
from compatcheck.source.snapshot import DescriptorSet, Kind, Origin, Snapshot, Source, empty

INDEX = ":index"
WORK_TREE = ":worktree"

_LARGEST_SET = 1 << 30  # bytes; all of googleapis is 30 MB


@dataclass(frozen=True, slots=True)
class Ground:
    """Where names are looked up; `mend` says how full history is had here."""

    place: Place | None
    env: Mapping[str, str]
    cwd: Path
    mend: str


@dataclass(frozen=True, slots=True)
class Side:
    """A side that was found, not listed yet. `text` is as asked for, `revision` its name in its repository.

    `commit` is the commit that its history starts from: a revision's own, HEAD for the index and the work
    tree, else empty. `tree` is what is listed of a revision, an id; empty before the first commit.
    """

    kind: Kind
    text: str
    place: Place | None = None
    commit: str = ""
    tree: str = ""
    path: Path = Path()
    revision: str = ""


def side(text: str, ground: Ground, *, old: bool) -> Side:
    """The side that `text` names. A revision wins over a path of its name, unless that is written as a path.

    `./x`, `../x`, `/x` and `x/` are paths; `:index` and `:worktree` are what they say; `REPO#REV` is a
    revision of another local repository. Unknown names are a UsageError; an old revision that a shallow clone
    lacks is an UndecidedError.
    """
    if not text or "\0" in text:
        raise UsageError("a side of the comparison has an empty or unusable name")
    # Path.exists would raise for a name that is too long, or a folder that may not be looked into.
    path = ground.cwd / text
    if _is_path(text) and os.path.exists(path):
        return _on_disk(text, path)
    if text in (INDEX, WORK_TREE):
        place = needed(ground)
        kind: Kind = "index" if text == INDEX else "work-tree"
        return Side(kind, text, place, commit_of(place, "HEAD") or "")
    if ground.place is not None and not _is_path(text):
        found = revision(text, ground.place)
        if found is not None:
            return found
    if os.path.exists(path):
        return _on_disk(text, path)
    other = _elsewhere(text, ground, old)
    if other is None:
        raise unknown(text, ground.place, ground, old)
    return other


def needed(ground: Ground) -> Place:
    """The repository, without which this question makes no sense."""
    if ground.place is None:
        raise UsageError(
            f"{ground.cwd} is not in a git repository",
            "name one with --repo, or compare two folders: compatcheck check ./new --against ./old",
        )
    return ground.place


def revision(text: str, place: Place, known_as: str = "") -> Side | None:
    """The side at a revision, or None if it names none. An unborn HEAD is the empty side."""
    commit = commit_of(place, text)
    tree = commit or tree_of(place, text)
    if tree is not None:
        return Side("revision", known_as or text, place, commit or "", tree, revision=text)
    if text in ("HEAD", "@") and is_unborn(place):
        return Side("empty", "HEAD, which has no commit yet", place)
    return None


def label(chosen: Side) -> str:
    """The name of a side for people."""
    return {"index": "the index", "work-tree": "the work tree"}.get(chosen.kind, chosen.text)


def _is_path(text: str) -> bool:
    return text in (".", "..") or text.startswith(("./", "../", "/")) or text.endswith("/")


def _on_disk(text: str, path: Path) -> Side:
    if os.path.isdir(path):
        if os.path.isfile(path / "HEAD") and all(os.path.isdir(path / name) for name in ("objects", "refs")):
            raise UsageError(
                f"{text} is a git repository without a work tree", f"name a revision: {text}#HEAD"
            )
        return Side("directory", text, path=path)
    if text.endswith(".binpb"):
        return Side("descriptor-set", text, path=path)
    raise UsageError(f"{text} is neither a directory nor a .binpb file")


def _elsewhere(text: str, ground: Ground, old: bool) -> Side | None:
    """The side that REPO#REV names. Both may hold a `#`: the first split with a folder on its left counts."""
    for split in [index for index, letter in enumerate(text) if letter == "#" and index > 0]:
        folder = ground.cwd / text[:split]
        if os.path.isdir(folder):
            place = locate_other(str(folder), ground.env, str(ground.cwd))
            name = text[split + 1 :] or "HEAD"
            found = revision(name, place, text)
            if found is None:
                raise unknown(name, place, ground, old)
            return found
    return None


def unknown(text: str, place: Place | None, ground: Ground, old: bool) -> CompatcheckError:
    """The error that says that `text` names nothing."""
    name = shown(text)
    if place is None:
        return UsageError(
            f"{name} is neither a directory nor a .binpb file, and there is no git repository here",
            "name a repository with --repo, or with REPO#REVISION",
        )
    close = similar(place, text)
    if old and place.shallow and not (close and close.endswith(f"/{text}")):
        return UndecidedError(f"{name} is not in this shallow clone", ground.mend)
    if close is not None:
        return UsageError(f"unknown revision {name}", f"did you mean {shown(close)}?")
    if ".." in text:
        return UsageError(f"{name} is a range, not one revision", "name its two ends: NEW --against OLD")
    return UsageError(f"{name} is neither a revision in {place.folder} nor a directory nor a .binpb file")


def make(chosen: Side, name: str, algorithm: str) -> Source:
    """List what a side holds. `name` is for people, `algorithm` the hash of content ids outside git."""
    place = chosen.place
    origin = Origin(chosen.kind, name)
    if chosen.kind == "descriptor-set":
        return DescriptorSet(origin, _descriptor_set(chosen.path))
    if chosen.kind == "directory":
        return directory.snapshot(chosen.path, name, algorithm)
    if place is None or chosen.kind == "empty":
        return empty(name)
    if chosen.kind == "index":
        return listing.index(place, origin)
    if chosen.kind == "work-tree":
        return listing.work_tree(place, origin)
    return at(place, chosen, name)


def at(place: Place, chosen: Side, name: str) -> Snapshot:
    """The snapshot of a side at a revision."""
    return listing.revision(place, chosen.tree, Origin("revision", name, chosen.text, chosen.commit))


def _descriptor_set(path: Path) -> bytes:
    try:
        if os.path.getsize(path) > _LARGEST_SET:
            raise UsageError(f"{path} is larger than {_LARGEST_SET // 1024 // 1024} MiB")
        with path.open("rb") as file:
            return file.read(_LARGEST_SET)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
