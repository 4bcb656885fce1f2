"""Compiles the files of a snapshot that declare certain services and messages, once for each distinct content."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from weakref import finalize

from compatcheck.rollout.pairs import Interface
from compatcheck.schema.build import build
from compatcheck.schema.compiling.protoc import Protoc
from compatcheck.schema.loaded import LoadedSide
from compatcheck.schema.loading.whole import load_one
from compatcheck.schema.model import Message, Method
from compatcheck.schema.walk import messages_of, methods_of
from compatcheck.source.snapshot import Snapshot, Unreadable
from compatcheck.usecases.texts import Text, rpcs_of, text_of

Wanted = frozenset[str]
"""Full names of gRPC services and methods that are called, and of messages that go through channels."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """What came of compiling a folder. `lacks_imports`: some file imports what was not there."""

    interface: Interface
    side: LoadedSide
    lacks_imports: bool = False


_UNREAD = Text("", frozenset(), frozenset(), ())
_Files = frozenset[tuple[str, str]]
_Key = tuple[tuple[str, ...], str, _Files]


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Shelf:
    """What was compiled and read so far, by content.

    All of it is compiled by one protoc, which ends with the shelf.

    `messages` are the full names of those that go through channels: no others are looked up, but for those of the
    same simple name, which one of them may have been called once.
    """

    messages: frozenset[str] = frozenset()
    compiled: dict[_Key, Shelved] = field(default_factory=dict)
    """By import roots, file, and all that it may import."""
    joined: dict[frozenset[_Key], Shelved] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    """By the content id of a file; those that cannot be read are not here."""
    rpcs: dict[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """By the content id of a file: full name of a service -> simple names of its methods."""
    indexes: dict[int, tuple[Snapshot, Mapping[str, Sequence[str]]]] = field(default_factory=dict)
    """What the files of a snapshot declare, by its id; it is kept with it, so that the id stays its own."""
    protoc: Protoc = field(default_factory=Protoc)

    def holds_message(self, name: str) -> bool:
        """Whether a message of that full name may be one of those that go through channels."""
        simple = name.rpartition(".")[2]
        return any(simple == one.rpartition(".")[2] for one in self.messages)

    def __post_init__(self) -> None:
        finalize(self, self.protoc.close)


def narrowed(snapshot: Snapshot, holds: Callable[[str], bool], folders: Sequence[str] = ()) -> Snapshot:
    """The part of a snapshot whose paths are held, with its links; paths stay relative to the snapshot's top.

    `folders` may say where all that is held lies, so that nothing else is looked at.
    """
    links = {path: real for path, real in snapshot.links.items() if holds(path)}
    held = dict.fromkeys((*(path for path in _below(snapshot, folders) if holds(path)), *links.values()))
    return replace(
        snapshot,
        files={path: snapshot.files[path] for path in held},
        links=links,
        skipped=tuple(one for one in snapshot.skipped if holds(f"{one.path}/")),
    )


def _below(snapshot: Snapshot, folders: Sequence[str]) -> Iterable[str]:
    if not folders:
        return snapshot.files
    # git lists them in order already, which makes this cheap.
    paths = sorted(snapshot.files)
    return [
        path
        for folder in folders
        for path in paths[bisect_left(paths, f"{folder}/") : bisect_left(paths, f"{folder}0")]
    ]


def declaring(shelf: Shelf, snapshot: Snapshot, wanted: Wanted) -> dict[str, frozenset[str]]:
    """The files of a snapshot that may declare what is wanted, and what each of them may declare."""
    index = _index(shelf, snapshot)
    # A name may be that of a method.
    services = wanted | {name.rpartition(".")[0] for name in wanted}
    messages = frozenset(name for name in wanted if shelf.holds_message(name))
    likely = {path for name in services for path in index.get(name, ())}
    likely |= {path for name in messages for path in index.get(name.rpartition(".")[2], ())}
    return {
        path: names
        for path in snapshot.files
        if path in likely
        and (names := shelf.texts.get(snapshot.files[path], _UNREAD).declares(services, messages))
    }


def _index(shelf: Shelf, snapshot: Snapshot) -> Mapping[str, Sequence[str]]:
    """Full names of services and simple names of messages -> the files of a snapshot that may declare them."""
    known = shelf.indexes.get(id(snapshot))
    if known is None or known[0] is not snapshot:
        read(shelf, snapshot, snapshot.files)
        found: dict[str, list[str]] = {}
        for path, blob in snapshot.files.items():
            text = shelf.texts.get(blob, _UNREAD)
            for name in (*text.services, *(text.messages if shelf.messages else ())):
                found.setdefault(name, []).append(path)
        known = shelf.indexes[id(snapshot)] = (snapshot, found)
    return known[1]


def former_names(shelf: Shelf, snapshot: Snapshot, message: str) -> frozenset[str]:
    """What a message may have been called in other packages, by the same simple name."""
    read(shelf, snapshot, snapshot.files)
    simple = message.rpartition(".")[2]
    texts = (shelf.texts.get(blob, _UNREAD) for blob in snapshot.files.values())
    return frozenset(
        f"{text.package}.{simple}" if text.package else simple for text in texts if simple in text.messages
    )


def shelve(shelf: Shelf, own: Snapshot, whole: Snapshot, wanted: Wanted, roots: tuple[str, ...]) -> Shelved:
    """What `own`, a part of the snapshot `whole`, says of what is wanted.

    It is compiled by itself; only if it imports what is not in it, the rest is looked at, too.
    """
    files = declaring(shelf, own, wanted)
    found = _shelved(shelf, own, files, roots)
    if found.lacks_imports and own is not whole:
        found = _shelved(shelf, whole, files, roots)
    return found


def hidden(shelf: Shelf, snapshot: Snapshot) -> tuple[str, ...]:
    """What may declare more and cannot be read, in words."""
    found = [f"what is in `{one.path}`: {one.reason}" for one in snapshot.skipped]
    for path, why in read(shelf, snapshot, snapshot.files).items():
        found.append(f"what is in `{path}`: {why.reason} ({why.remedy})")
    return tuple(found)


def read(shelf: Shelf, snapshot: Snapshot, paths: Iterable[str]) -> dict[str, Unreadable]:
    """Put what files say on the shelf. Those that cannot be read, and why."""
    new = [path for path in paths if snapshot.files[path] not in shelf.texts]
    broken = {}
    for path, text in snapshot.read(new).items() if new else ():
        if isinstance(text, Unreadable):
            broken[path] = text
        else:
            _put(shelf, snapshot.files[path], path, text)
    return broken


def services_in(shelf: Shelf, snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """Every gRPC service that the files of a snapshot declare -> the simple names of its methods."""
    read(shelf, snapshot, snapshot.files)
    found: dict[str, frozenset[str]] = {}
    for blob in dict.fromkeys(snapshot.files.values()):
        for name, methods in shelf.rpcs.get(blob, {}).items():
            found[name] = found.get(name, frozenset()) | methods
    return found


def _shelved(
    shelf: Shelf, around: Snapshot, files: Mapping[str, frozenset[str]], roots: tuple[str, ...]
) -> Shelved:
    """Each file is compiled with what it imports, so that services share those copies of a file that are equal."""
    by_name = _by_name(around)
    often = Counter(name for names in files.values() for name in names)
    parts: dict[_Key, tuple[str, frozenset[str]]] = {}
    for path, names in files.items():
        closure = _closure(shelf, around, by_name, (path,))
        # Where it stands matters for what is configured of roots, and for messages about copies that differ.
        stands = bool(roots) or any(often[name] > 1 for name in names)
        place = (path, closure) if stands else _moved(path, closure)
        parts.setdefault((roots, *place), (path, names))
    key = frozenset(parts)
    if key not in shelf.joined:
        found = [_compiled(shelf, one, around, path, names) for one, (path, names) in parts.items()]
        shelf.joined[key] = found[0] if len(found) == 1 else _joined(found)
    return shelf.joined[key]


def _moved(start: str, closure: _Files) -> tuple[str, _Files]:
    """The same file and what it may import, wherever they stand together."""
    folder = os.path.commonpath([os.path.dirname(path) for path, _ in closure])
    cut = len(folder) + 1 if folder else 0
    return start[cut:], frozenset((path[cut:], blob) for path, blob in closure)


def _joined(parts: Sequence[Shelved]) -> Shelved:
    methods: dict[str, tuple[Method, ...]] = {}
    messages: dict[str, tuple[Message, ...]] = {}
    missing: dict[str, tuple[str, ...]] = {}
    for one in parts:
        for name, found in one.interface.methods.items():
            methods[name] = (*methods.get(name, ()), *found)
        for name, held in one.interface.messages.items():
            messages[name] = (*messages.get(name, ()), *held)
        for name, data in one.interface.missing.items():
            missing[name] = (*missing.get(name, ()), *data)
    sides = LoadedSide(
        tuple(universe for one in parts for universe in one.side.universes),
        {path: text for one in parts for path, text in one.side.texts.items()},
    )
    return Shelved(Interface(methods, missing, messages), sides, any(one.lacks_imports for one in parts))


def _compiled(shelf: Shelf, key: _Key, snapshot: Snapshot, path: str, names: frozenset[str]) -> Shelved:
    if key not in shelf.compiled:
        roots = key[0]
        loaded = load_one(snapshot, path.__eq__, roots=roots, protoc=shelf.protoc)
        missing: dict[str, tuple[str, ...]] = {}
        for one in loaded.unknown:
            text = shelf.texts.get(snapshot.files[one.path], _UNREAD)
            # Who asks next may want others of the names in it.
            for name in sorted(names | text.services | text.declares(frozenset(), shelf.messages)):
                missing[name] = (*missing.get(name, ()), f"what `{one.path}` says: {one.reason}")
        lacks = bool(loaded.lacks) or any(one.cause == "missing-import" for one in loaded.unknown)
        shelf.compiled[key] = Shelved(interface_of(shelf, loaded.side, missing), loaded.side, lacks)
    return shelf.compiled[key]


def interface_of(shelf: Shelf, side: LoadedSide, missing: Mapping[str, tuple[str, ...]]) -> Interface:
    """All methods, and the messages of channels, of the files that were compiled for their own sake."""
    methods: dict[str, tuple[Method, ...]] = {}
    messages: dict[str, tuple[Message, ...]] = {}
    for file in build(side).files:
        for method in methods_of(file):
            methods[method.full_name] = (*methods.get(method.full_name, ()), method)
        for message in messages_of(file) if shelf.messages else ():
            if shelf.holds_message(message.full_name):
                messages[message.full_name] = (*messages.get(message.full_name, ()), message)
    return Interface(methods, missing, messages)


def _put(shelf: Shelf, blob: str, path: str, text: bytes) -> None:
    said = text_of(text)
    shelf.texts[blob] = said
    if said.services:
        shelf.rpcs[blob] = rpcs_of(text, path)


def _by_name(snapshot: Snapshot) -> Mapping[str, Sequence[str]]:
    """The simple name of a file -> every path with it."""
    found: dict[str, list[str]] = {}
    for path in (*snapshot.files, *snapshot.links):
        found.setdefault(path.rpartition("/")[2], []).append(path)
    return found


def _closure(
    shelf: Shelf, snapshot: Snapshot, by_name: Mapping[str, Sequence[str]], start: Iterable[str]
) -> _Files:
    """Path and content id of some files and of all that they may import, wherever the import roots are."""
    found: set[str] = set()
    pending = set(start)
    while pending:
        found |= pending
        real = {snapshot.links.get(path, path) for path in pending}
        read(shelf, snapshot, real)
        imports = {name for path in real for name in shelf.texts.get(snapshot.files[path], _UNREAD).imports}
        pending = {
            path
            for name in imports
            for path in by_name.get(name.rpartition("/")[2], ())
            if path == name or path.endswith(f"/{name}")
        } - found
    return frozenset((path, snapshot.files[snapshot.links.get(path, path)]) for path in found)
