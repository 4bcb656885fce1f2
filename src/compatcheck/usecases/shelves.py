"""Compiles the files of a snapshot that declare certain gRPC services, once for each distinct content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from compatcheck.config import Config
from compatcheck.rollout.pairs import Interface
from compatcheck.schema.build import build
from compatcheck.schema.compiling.imports import scan
from compatcheck.schema.loading.whole import load_one
from compatcheck.schema.model import Method, Schema
from compatcheck.source.snapshot import Snapshot, Unreadable

_SERVICE = re.compile(rb"\bservice(?:\s|//[^\n]*\n|/\*.*?\*/)+([A-Za-z_]\w*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shelved:
    """What came of compiling a folder. `lacks_imports`: some file imports what was not there."""

    interface: Interface
    lacks_imports: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says without being compiled: full names of services that it may declare, and its imports."""

    services: frozenset[str]
    imports: tuple[str, ...]


_UNREAD = Text(frozenset(), ())
Key = tuple[str, tuple[str, ...], frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was compiled and read so far, by content."""

    compiled: dict[Key, Shelved] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    """By the content id of a file; those that cannot be read are not here."""


def narrowed(snapshot: Snapshot, folder: str) -> Snapshot:
    """The part of a snapshot below a folder, with its links; paths stay relative to the snapshot's top."""
    if not folder:
        return snapshot
    prefix = f"{folder}/"
    links = {path: real for path, real in snapshot.links.items() if path.startswith(prefix)}
    kept = set(links.values())
    return replace(
        snapshot,
        files={path: one for path, one in snapshot.files.items() if path.startswith(prefix) or path in kept},
        links=links,
        skipped=tuple(one for one in snapshot.skipped if f"{one.path}/".startswith(prefix)),
    )


def shelve(shelf: Shelf, whole: Snapshot, wanted: frozenset[str], config: Config, folder: str) -> Interface:
    """The interface that a folder of a snapshot holds, as far as the names in `wanted` are concerned.

    `wanted` are full names of services and methods. The folder is compiled by itself; only if it imports what
    is not in it, the rest of the snapshot is looked at, too.
    """
    own = narrowed(whole, folder)
    found = _shelved(shelf, own, own, wanted, config, folder)
    if found.lacks_imports and own is not whole:
        found = _shelved(shelf, own, whole, wanted, config, folder)
    return found.interface


def _shelved(
    shelf: Shelf, own: Snapshot, around: Snapshot, wanted: frozenset[str], config: Config, folder: str
) -> Shelved:
    hidden = _read(shelf, own, own.files)
    services = wanted | {name.rpartition(".")[0] for name in wanted}
    declaring = {
        path: names
        for path, blob in own.files.items()
        if (names := shelf.texts.get(blob, _UNREAD).services & services)
    }
    # Two versions share what was compiled if the files that matter are the same, whatever else is not.
    key = (folder, hidden, _closure(shelf, around, declaring))
    if key not in shelf.compiled:
        shelf.compiled[key] = _compiled(around, declaring, services, hidden, _roots(config, folder))
    return shelf.compiled[key]


def _compiled(
    snapshot: Snapshot,
    declaring: Mapping[str, frozenset[str]],
    services: frozenset[str],
    hidden: tuple[str, ...],
    roots: tuple[str, ...],
) -> Shelved:
    found = frozenset(name for names in declaring.values() for name in names)
    missing = {name: hidden for name in services - found if hidden}
    if not declaring:
        return Shelved(Interface({}, missing))
    loaded = load_one(snapshot, declaring.__contains__, roots=roots)
    for one in loaded.unknown:
        for name in declaring.get(one.path, ()):
            missing[name] = (*missing.get(name, ()), f"what `{one.path}` says: {one.reason}")
    lacks_imports = bool(loaded.lacks) or any(one.cause == "missing-import" for one in loaded.unknown)
    return Shelved(Interface(_methods(build(loaded.side), found), missing), lacks_imports)


def _read(shelf: Shelf, snapshot: Snapshot, paths: Iterable[str]) -> tuple[str, ...]:
    """Put what files say on the shelf. What could not be read, in words."""
    new = [path for path in paths if snapshot.files[path] not in shelf.texts]
    hidden = [f"what is in `{one.path}`: {one.reason}" for one in snapshot.skipped]
    for path, text in snapshot.read(new).items() if new else ():
        if isinstance(text, Unreadable):
            hidden.append(f"what is in `{path}`: {text.reason} ({text.remedy})")
        else:
            shelf.texts[snapshot.files[path]] = _text(text)
    return tuple(hidden)


def _text(text: bytes) -> Text:
    said = scan(text)
    names = {name.decode() for name in _SERVICE.findall(text)} if b"service" in text else ()
    prefix = f"{said.package}." if said.package else ""
    return Text(frozenset(f"{prefix}{name}" for name in names), said.imports)


def _closure(shelf: Shelf, snapshot: Snapshot, start: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Path and content id of some files and of all that they may import, wherever the import roots are."""
    by_name: dict[str, list[str]] = {}
    for path in (*snapshot.files, *snapshot.links):
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    found: set[str] = set()
    pending = set(start)
    while pending:
        found |= pending
        real = {snapshot.links.get(path, path) for path in pending}
        _read(shelf, snapshot, real)
        imports = {name for path in real for name in shelf.texts.get(snapshot.files[path], _UNREAD).imports}
        pending = {
            path
            for name in imports
            for path in by_name.get(name.rpartition("/")[2], ())
            if path == name or path.endswith(f"/{name}")
        } - found
    return frozenset((path, snapshot.files[snapshot.links.get(path, path)]) for path in found)


def _methods(schema: Schema, services: Iterable[str]) -> dict[str, tuple[Method, ...]]:
    names = set(services)
    found: dict[str, tuple[Method, ...]] = {}
    for file in schema.files:
        for service in file.services:
            if service.full_name in names:
                for method in service.methods:
                    found[method.full_name] = (*found.get(method.full_name, ()), method)
    return found


def _roots(config: Config, folder: str) -> tuple[str, ...]:
    """The configured import roots that have to do with `folder`: those in it, and those that it is in."""
    return tuple(root for root in config.roots if _holds(folder or ".", root) or _holds(root, folder))


def _holds(folder: str, path: str) -> bool:
    return folder == "." or f"{path}/".startswith(f"{folder}/")
