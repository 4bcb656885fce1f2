"""Schemas that are read out of generated Python code, and copies of it that are stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from compatcheck.diff.changes import Change, element_of
from compatcheck.diff.pairing import pair
from compatcheck.diff.schemas import changes
from compatcheck.diff.settings import Settings
from compatcheck.reads.effects import Effect, Surface
from compatcheck.rollout.pairs import Interface
from compatcheck.schema.build import build
from compatcheck.schema.compiling.protoc import Protoc
from compatcheck.schema.generated_python import SUFFIX, descriptors_in
from compatcheck.schema.loaded import LoadedSide, Universe
from compatcheck.schema.loading.whole import load_one
from compatcheck.schema.model import File
from compatcheck.source.content import shown
from compatcheck.source.snapshot import DescriptorSet, Origin, Snapshot
from compatcheck.source.tree import Tree
from compatcheck.usecases.shelves import Shelf, interface_of

_NAMED = 3
"""So many elements are named in which a stale copy differs."""

Holds = Callable[[str], bool]
_Copies = tuple[tuple[str, bytes], ...]
"""Path of a generated module and a descriptor that it holds."""


@dataclass(frozen=True, slots=True)
class GeneratedCode:
    """Reads each generated module once, by content."""

    shelf: Shelf
    _descriptors: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    _interfaces: dict[_Copies, Interface] = field(default_factory=dict)
    _stale: dict[tuple[_Copies, frozenset[tuple[str, str]]], tuple[str, ...]] = field(default_factory=dict)

    def services(self, files: Tree) -> dict[str, frozenset[str]]:
        """Every gRPC service that the generated modules of a tree declare -> the simple names of its methods."""
        found: dict[str, frozenset[str]] = {}
        for _, descriptor in self._copies(files, lambda _: True):
            for name, methods in _services(descriptor).items():
                found[name] = found.get(name, frozenset()) | methods
        return found

    def interface(self, files: Tree, holds: Holds, wanted: frozenset[str]) -> Interface | None:
        """What the generated modules of a part of a tree say; None if they do not declare what is wanted."""
        copies = self._copies(files, holds)
        declared = {name for _, one in copies for name in (*_services(one), *_messages(one))}
        if not any(name in declared or name.rpartition(".")[0] in declared for name in wanted):
            return None
        if copies not in self._interfaces:
            self._interfaces[copies] = self._load(copies)
        return self._interfaces[copies]

    def stale(self, files: Tree, holds: Holds, snapshot: Snapshot, roots: Sequence[str]) -> tuple[str, ...]:
        """A sentence for each module of a part of a tree that differs from the .proto file of its name there.

        Only what changes bytes or calls counts. With several such files, the module may be any one's.
        """
        found: list[str] = []
        for path, descriptor in self._copies(files, holds):
            name = FileDescriptorProto.FromString(descriptor).name
            protos = [one for one in snapshot.files if one == name or one.endswith(f"/{name}")]
            if protos:
                key = (((path, descriptor),), frozenset((one, snapshot.files[one]) for one in protos))
                if key not in self._stale:
                    self._stale[key] = tuple(
                        _difference(path, descriptor, protos, snapshot, roots, self.shelf.protoc)
                    )
                found += self._stale[key]
        return tuple(found)

    def _copies(self, files: Tree, holds: Holds) -> _Copies:
        paths = sorted(path for path in files.files if path.endswith(SUFFIX) and holds(path))
        new = [path for path in paths if files.files[path] not in self._descriptors]
        for path, text in files.read(new).items() if new else ():
            read = descriptors_in(text) if isinstance(text, bytes) else ()
            self._descriptors[files.files[path]] = read
        return tuple((path, one) for path in paths for one in self._descriptors[files.files[path]])

    def _load(self, copies: _Copies) -> Interface:
        universes: list[Universe] = []
        missing: dict[str, tuple[str, ...]] = {}
        for group in _groups(copies):
            made, problems = _universe(group, self.shelf.protoc)
            universes += made
            for name, reason in problems.items():
                path, descriptor = group[name]
                for declared in (*_services(descriptor), *_messages(descriptor)):
                    missing[declared] = (f"what `{path}` says: {reason}",)
        return interface_of(self.shelf, LoadedSide(tuple(universes)), missing)


def _groups(copies: _Copies) -> list[dict[str, tuple[str, bytes]]]:
    """Import name to the module and descriptor, in as many universes as there are different copies of one name."""
    groups: list[dict[str, tuple[str, bytes]]] = []
    for path, descriptor in copies:
        name = FileDescriptorProto.FromString(descriptor).name
        for group in groups:
            if name not in group or group[name][1] == descriptor:
                group.setdefault(name, (path, descriptor))
                break
        else:
            groups.append({name: (path, descriptor)})
    return groups


def _universe(
    group: Mapping[str, tuple[str, bytes]], protoc: Protoc
) -> tuple[tuple[Universe, ...], dict[str, str]]:
    files = (FileDescriptorProto.FromString(one) for _, one in group.values())
    data = FileDescriptorSet(file=files).SerializeToString()
    loaded = load_one(DescriptorSet(Origin("descriptor-set", "generated code"), data), protoc=protoc)
    paths = {name: path for name, (path, _) in group.items()}
    universes = tuple(replace(one, paths=paths) for one in loaded.side.universes)
    return universes, {one.path: one.reason for one in loaded.unknown if one.path in group}


def _difference(
    path: str,
    descriptor: bytes,
    protos: Sequence[str],
    snapshot: Snapshot,
    roots: Sequence[str],
    protoc: Protoc,
) -> Iterator[str]:
    name = FileDescriptorProto.FromString(descriptor).name
    copy, _ = _universe({name: (path, descriptor)}, protoc)
    if not copy:
        return
    told: list[tuple[str, list[str]]] = []
    for proto in protos:
        loaded = load_one(snapshot, {proto}.__contains__, roots=tuple(roots), protoc=protoc)
        own = next((one for one in loaded.side.universes if proto in one.paths.values()), None)
        if own is None:
            continue
        differing = _differing(_plain(copy[0], name), _plain(own, _name_of(own, proto)))
        if not differing:
            return
        told.append((proto, differing))
    for proto, differing in told[:1]:
        rest = len(differing) - _NAMED
        more = f" and {rest} more" if rest > 0 else ""
        yield (
            f"`{shown(path)}` was not generated from `{shown(proto)}` as it is there: "
            f"{', '.join(differing[:_NAMED])}{more} differ"
        )


def _name_of(universe: Universe, path: str) -> str:
    return next(name for name, where in universe.paths.items() if where == path)


def _plain(universe: Universe, name: str) -> LoadedSide:
    """A universe in which only one file counts, and is called by its import name."""
    only = frozenset((name,))
    return LoadedSide((replace(universe, key="", root="", paths={}, owned=only, compare=only),))


def _differing(copy: LoadedSide, proto: LoadedSide) -> list[str]:
    """The elements in which a generated copy and its source differ, as far as bytes or calls do."""
    old, new = build(copy), build(proto)
    found = changes(old, new, pair(old, new, {}), Settings())
    return list(dict.fromkeys(_element(one) for one in found if _counts(one)))


def _element(change: Change) -> str:
    element = element_of(change)
    return element.name if isinstance(element, File) else element.full_name


def _counts(change: Change) -> bool:
    return any(
        one.effect > Effect.SAFE and one.surface in (Surface.WIRE, Surface.GRPC) for one in change.effects
    )


def _services(descriptor: bytes) -> dict[str, frozenset[str]]:
    file = FileDescriptorProto.FromString(descriptor)
    prefix = f"{file.package}." if file.package else ""
    return {f"{prefix}{one.name}": frozenset(method.name for method in one.method) for one in file.service}


def _messages(descriptor: bytes) -> list[str]:
    file = FileDescriptorProto.FromString(descriptor)
    prefix = f"{file.package}." if file.package else ""
    return [f"{prefix}{one.name}" for one in file.message_type]
