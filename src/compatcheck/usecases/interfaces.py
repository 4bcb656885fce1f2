"""The interfaces of service versions: which copy of a schema counts, and what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from compatcheck.config import Config, Service
from compatcheck.rollout.pairs import Interface
from compatcheck.schema.generated_python import SUFFIX
from compatcheck.schema.loading.whole import load_one
from compatcheck.source import directory
from compatcheck.source.snapshot import DescriptorSet, Snapshot, Source
from compatcheck.source.tree import Tree
from compatcheck.usecases.codes import Area, Codes
from compatcheck.usecases.generated import GeneratedCode
from compatcheck.usecases.shelves import (
    Shelf,
    Wanted,
    declaring,
    former_names,
    hidden,
    interface_of,
    narrowed,
    shelve,
)

_Part = tuple[Interface, Wanted]
"""What one area says, and the names that no area before it declares."""


@dataclass(frozen=True, slots=True)
class Interfaces:
    """Gets at the interface of any version of a service, and remembers what it got.

    Two versions whose files that matter are the same share one Interface.
    """

    codes: Codes
    shelf: Shelf
    generated: GeneratedCode
    _known: dict[tuple[str, str, Wanted], Interface] = field(default_factory=dict)
    _configured: dict[tuple[str, str | None, str, Wanted], Interface] = field(default_factory=dict)
    """By the tree and folder of a schema that is configured: most versions have the one before."""
    _merged: dict[tuple[tuple[_Part, ...], tuple[tuple[str, tuple[str, ...]], ...]], Interface] = field(
        default_factory=dict
    )
    _parts: dict[tuple[int, Area], tuple[Snapshot, Snapshot]] = field(default_factory=dict)
    """By the id of a snapshot, which is kept here, and an area: the part of it."""

    def interface(self, service: Service, version: str, wanted: Wanted) -> Interface:
        """What a version's schema says of what is wanted; that nothing is known is an Interface, too."""
        key = (service.name, version, wanted)
        if key not in self._known:
            self._known[key] = self._load(service, version, wanted)
        return self._known[key]

    def in_source(self, source: Source, areas: tuple[Area, ...], wanted: Wanted) -> Interface:
        """What a source that is no version says of what is wanted; what it does not have is gone."""
        if isinstance(source, DescriptorSet):
            return interface_of(self.shelf, load_one(source, protoc=self.shelf.protoc).side, {})
        return self._of(source, areas, wanted, "") if whole_has_any(source, areas) else Interface({})

    def asked(self) -> tuple[tuple[str, str], ...]:
        """The services and versions that were asked for so far."""
        return tuple(dict.fromkeys((service, version) for service, version, _ in self._known))

    def _load(self, service: Service, version: str, wanted: Wanted) -> Interface:
        timeline = self.codes.timeline
        home, revision = timeline.home(service), timeline.schema_revision(service, version)
        label = f"{service.name} {version}"
        if revision is None:
            return _nothing(timeline.unknown(service, version))
        if home.place is None:
            whole = directory.snapshot(Path(revision), label)
            return self._of(
                whole, (Area(),), wanted, f"a schema of {label}: no .proto file is in {home.shown}"
            )
        found = timeline.archive.snapshot(home.place, revision, label)
        if found is None:
            return _nothing(f"the files of {label}: git has no tree for `{revision}`")
        lacks = f"a schema of {label}: no .proto file is in {home.shown} at that version"
        if service.schema:
            key = (home.place.git_dir, timeline.archive.tree_id(home.place, revision), home.folder, wanted)
            if key not in self._configured:
                self._configured[key] = self._of(
                    found, (Area((home.folder,) if home.folder else ()),), wanted, lacks
                )
            # What is missing as a whole is said of the version that lacks it.
            one = self._configured[key]
            return _nothing(lacks) if "" in one.missing else one
        return self._of(found, tuple(self.codes.areas(service, version)), wanted, lacks, service, version)

    def _of(
        self,
        whole: Snapshot,
        areas: tuple[Area, ...],
        wanted: Wanted,
        lacks: str,
        service: Service | None = None,
        version: str = "",
    ) -> Interface:
        """The first area that declares a name is the copy of it that counts."""
        parts: list[_Part] = []
        missing: dict[str, tuple[str, ...]] = {}
        pending = wanted
        for area in areas:
            own = self.part(whole, area)
            names = frozenset[str]().union(*declaring(self.shelf, own, pending).values())
            if names:
                roots = _roots(self.codes.timeline.ground.config, area)
                parts.append((shelve(self.shelf, own, whole, pending, roots).interface, pending))
                pending = frozenset(one for one in pending if not _found(one, names))
            if pending and area.is_own and service is not None:
                made = self._generated(service, version, area, pending)
                if made is not None:
                    parts.append((made, pending))
                    pending = frozenset(one for one in pending if not _found(one, _names(made)))
            unread = hidden(self.shelf, own) if pending else ()
            if unread:
                missing |= {
                    above: unread for one in pending for above in (one, one.rpartition(".")[0]) if above
                }
                break
            if not pending:
                break
        for message in sorted(pending & self.shelf.messages):
            former = self._formerly(message, whole, areas)
            if former is not None:
                parts.append((former, frozenset((message,))))
        if not parts and not missing and not whole_has_any(whole, areas):
            return _nothing(lacks)
        if service is not None and service.consumes is None and service.provides is None:
            # Its code says so: the schema must be somewhere.
            for one in sorted(pending - self.shelf.messages):
                missing.setdefault(one, (f"a schema of {service.name} {version} that declares {one}",))
        return self._joined(parts, missing)

    def part(self, whole: Snapshot, area: Area) -> Snapshot:
        """The part of a snapshot that lies in an area, made once."""
        if area.is_all:
            return whole
        key = (id(whole), area)
        known = self._parts.get(key)
        if known is None or known[0] is not whole:
            known = self._parts[key] = (whole, narrowed(whole, area.holds, area.folders))
        return known[1]

    def _formerly(self, message: str, whole: Snapshot, areas: tuple[Area, ...]) -> Interface | None:
        """The message of a channel as it was called before its package was renamed; no name goes through one."""
        for area in areas:
            own = self.part(whole, area)
            names = former_names(self.shelf, own, message)
            if len(names) > 1:
                datum = f"which of {', '.join(sorted(names))} is what {message} was called"
                return Interface({}, {message: (datum,)})
            if names:
                found = shelve(
                    self.shelf, own, whole, names, _roots(self.codes.timeline.ground.config, area)
                ).interface
                (name,) = names
                missing = found.missing_of(name)
                return Interface(
                    {}, {message: missing} if missing else {}, {message: found.messages.get(name, ())}
                )
        return None

    def _generated(self, service: Service, version: str, area: Area, wanted: Wanted) -> Interface | None:
        files = self._files(service, version)
        return None if files is None else self.generated.interface(files, area.holds, wanted)

    def _files(self, service: Service, version: str) -> Tree | None:
        timeline = self.codes.timeline
        place, revision = timeline.code(service), timeline.revision(service, version)
        return None if place is None or revision is None else timeline.archive.files(place, revision)

    def stale(self, service: Service, version: str) -> tuple[str, ...]:
        """A sentence for each generated module of a version that differs from the .proto file of its name there."""
        timeline = self.codes.timeline
        place, revision = timeline.code(service), timeline.revision(service, version)
        if place is None or revision is None or (service.schema and not service.path):
            return ()
        files = timeline.archive.files(place, revision)
        if files is None or not any(path.endswith(SUFFIX) for path in files.files):
            return ()
        area, snapshot = (
            self.codes.area(service, place, revision),
            timeline.archive.snapshot(place, revision, version),
        )
        if area is None or snapshot is None:
            return ()
        return self.generated.stale(files, area.holds, snapshot, timeline.ground.config.roots)

    def _joined(self, parts: list[_Part], missing: Mapping[str, tuple[str, ...]]) -> Interface:
        if len(parts) == 1 and not missing:
            return parts[0][0]
        key = (tuple(parts), tuple(sorted(missing.items())))
        if key not in self._merged:
            some = [_narrowed(part, pending) for part, pending in parts]
            self._merged[key] = Interface(
                {name: found for part in some for name, found in part.methods.items()},
                {
                    name: found
                    for part in (*some, Interface({}, missing))
                    for name, found in part.missing.items()
                },
                {name: found for part in some for name, found in part.messages.items()},
            )
        return self._merged[key]


def whole_has_any(whole: Snapshot, areas: tuple[Area, ...]) -> bool:
    """Whether there is any file, or what may hold one, in any of the areas."""
    paths = (*whole.files, *(f"{one.path}/" for one in whole.skipped))
    return any(area.is_all or area.holds(path) for area in areas for path in paths)


def _narrowed(part: Interface, pending: Wanted) -> Interface:
    """A part without what its files declare beside the names that it is asked for: another copy of that counts."""
    services = pending | {one.rpartition(".")[0] for one in pending}
    return Interface(
        {name: one for name, one in part.methods.items() if name.rpartition(".")[0] in services},
        {name: one for name, one in part.missing.items() if name in services},
        {name: one for name, one in part.messages.items() if name in services},
    )


def _found(wanted: str, names: frozenset[str]) -> bool:
    return wanted in names or wanted.rpartition(".")[0] in names


def _names(interface: Interface) -> frozenset[str]:
    services = {name.rpartition(".")[0] for name in interface.methods}
    return frozenset((*interface.methods, *services, *interface.messages, *interface.missing))


def _nothing(datum: str) -> Interface:
    return Interface({}, {"": (datum,)})


def _roots(config: Config, area: Area) -> tuple[str, ...]:
    """The configured import roots that have to do with an area: those in it, and those that it is in."""
    return tuple(_related(config.roots, area.folders or (".",)))


def _related(roots: tuple[str, ...], folders: tuple[str, ...]) -> Iterator[str]:
    for root in roots:
        if any(_holds(folder, root) or _holds(root, folder) for folder in folders):
            yield root


def _holds(folder: str, path: str) -> bool:
    return folder == "." or f"{path}/".startswith(f"{folder}/")
