"""The code of service versions: in which folders it is, and what it serves and calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from compatcheck.config import Service
from compatcheck.discover.files import FileCache
from compatcheck.discover.manifests import Manifests
from compatcheck.discover.uses import Called, Provided, Uses
from compatcheck.rollout.addresses import bare
from compatcheck.source.git.place import Place
from compatcheck.source.tree import Tree
from compatcheck.usecases import shelves
from compatcheck.usecases.generated import GeneratedCode
from compatcheck.usecases.shelves import Shelf, narrowed
from compatcheck.usecases.timeline import Timeline

if TYPE_CHECKING:
    from compatcheck.discover.boundaries import Boundary


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a repository: folders relative to its top, none for all of it, without the excluded ones."""

    folders: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    is_own: bool = False
    """Whether it is the code of one service."""

    @property
    def is_all(self) -> bool:
        return not self.folders and not self.excluded

    def holds(self, path: str) -> bool:
        if any(below(path, folder) for folder in self.excluded):
            return False
        return not self.folders or any(below(path, folder) for folder in self.folders)


def below(path: str, folder: str) -> bool:
    return folder in ("", ".") or path.startswith(f"{folder}/")


@dataclass(frozen=True, slots=True)
class Codes:
    """Reads the code of any version of a service, and remembers what it read, by content."""

    timeline: Timeline
    shelf: Shelf
    generated: GeneratedCode
    declared: Mapping[str, Service]
    """All services of the configuration."""
    renamed: dict[tuple[str, str], None] = field(default_factory=dict)
    """Names of folders that were taken for services of another name."""
    _boundaries: dict[tuple[str, str], Mapping[str, Boundary]] = field(default_factory=dict)
    _known: dict[tuple[str, str], Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    _uses: dict[tuple[str, str], Uses] = field(default_factory=dict)
    _manifests: Manifests = field(default_factory=dict)
    _files: FileCache = field(default_factory=FileCache)
    _elsewhere: dict[tuple[str, str], Mapping[str, frozenset[str]]] = field(default_factory=dict)

    def boundaries(self, place: Place, revision: str) -> Mapping[str, Boundary]:
        """The services that are discovered at a revision, by name."""
        from compatcheck.discover.boundaries import services_in

        tree = self.timeline.archive.tree_id(place, revision)
        if tree is None:
            return {}
        key = (place.git_dir, tree)
        if key not in self._boundaries:
            files = self.timeline.archive.files(place, revision)
            self._boundaries[key] = {one.name: one for one in services_in(files)} if files else {}
        return self._boundaries[key]

    def area(self, service: Service, place: Place, revision: str) -> Area | None:
        """Where the code of a service is at a revision; None if it is not there."""
        if service.path:
            files = self.timeline.archive.files(place, revision)
            there = [] if files is None else [one for one in service.path if _has(files, one)]
            return Area(() if "." in there else tuple(there), is_own=True) if there else None
        found = self._boundary(service.name, self.boundaries(place, revision))
        if found is None:
            return None
        return Area((found.folder,) if found.folder not in ("", ".") else (), found.excluded, is_own=True)

    def _boundary(self, name: str, boundaries: Mapping[str, Boundary]) -> Boundary | None:
        """The one of that name, or of one that only says in addition that it is a service: a folder gets renamed."""
        if name in boundaries:
            return boundaries.get(name)
        alike = [one for one in boundaries.values() if bare(one.name) == bare(name)]
        if len(alike) != 1:
            return None
        self.renamed[alike[0].name, name] = None
        return alike[0]

    def areas(self, service: Service, version: str) -> Iterator[Area]:
        """Where a copy of the schema of a version may be, the most fitting first."""
        yield from self.areas_at(
            service, self.timeline.code(service), self.timeline.revision(service, version)
        )

    def areas_at(self, service: Service, place: Place | None, revision: str | None) -> Iterator[Area]:
        """The same as the folders are at a revision."""
        own = None
        if place is not None and revision is not None:
            own = self.area(service, place, revision)
            if own is not None:
                yield own
            others = tuple(self._others(service, own, place, revision))
            if others:
                yield Area(excluded=others)
        if own is None or not own.is_all:
            yield Area()

    def uses(self, service: Service, version: str) -> Uses:
        """What a version serves and calls: what is declared counts, else what its code says."""
        key = (service.name, version)
        if key not in self._uses:
            self._uses[key] = self._load(service, version)
        return self._uses[key]

    def _load(self, service: Service, version: str) -> Uses:
        provides, consumes = service.provides, service.consumes
        said = Uses(
            tuple(Provided(one) for one in provides or ()), tuple(Called(one, "*") for one in consumes or ())
        )
        if not service.path and provides is not None and consumes is not None:
            return said
        place, revision = self.timeline.code(service), self.timeline.revision(service, version)
        is_declared = provides is not None or consumes is not None
        # Of a service without any version, what is declared stands for it.
        if version and revision is None and (provides is None or consumes is None):
            return replace(said, missing=(self.timeline.unknown(service, version),))
        if place is None or revision is None:
            return said if is_declared else replace(said, missing=(self.timeline.unknown(service, version),))
        area = self.area(service, place, revision)
        if area is None:
            # Without a folder that is known, what is declared is all that is known.
            return Uses(exists=False) if service.path or not is_declared else said
        if provides is not None and consumes is not None:
            return said
        found = self._code(area, place, revision)
        return Uses(
            found.provides if provides is None else said.provides,
            found.calls if consumes is None else said.calls,
            found.missing,
        )

    def _code(self, area: Area, place: Place, revision: str) -> Uses:
        from compatcheck.discover.manifests import named_in, variables_in, with_values
        from compatcheck.discover.service import uses_of

        files = self.timeline.archive.files(place, revision)
        if files is None:
            return Uses(missing=(f"the files of `{revision}`: git has no tree for it",))
        uses = uses_of(
            files,
            area.folders or ("",),
            self.known(place, revision),
            excluded=area.excluded,
            cache=self._files,
        )
        return with_values(uses, variables_in(files, named_in(uses), self._manifests))

    def known(self, place: Place, revision: str) -> Mapping[str, tuple[str, ...]]:
        """Every gRPC service of which a schema is at hand at a revision -> the simple names of its methods."""
        archive = self.timeline.archive
        tree, snapshot = archive.tree_id(place, revision), archive.snapshot(place, revision, revision)
        if tree is None or snapshot is None:
            return {}
        key = (place.git_dir, tree)
        if key not in self._known:
            found = dict(shelves.services_in(self.shelf, snapshot))
            files = archive.files(place, revision)
            generated = {} if files is None else self.generated.services(files)
            for name, methods in (*generated.items(), *self._configured(place)):
                found[name] = found.get(name, frozenset()) | methods
            self._known[key] = {name: tuple(sorted(methods)) for name, methods in sorted(found.items())}
        return self._known[key]

    def _configured(self, place: Place) -> Iterator[tuple[str, frozenset[str]]]:
        """What the schemas elsewhere that are configured for services declare, at any of their versions."""
        for service in self.declared.values():
            if service.schema or service.repo:
                key = (service.name, place.git_dir)
                if key not in self._elsewhere:
                    self._elsewhere[key] = self._at_any(service, place)
                yield from self._elsewhere[key].items()

    def _at_any(self, service: Service, place: Place) -> Mapping[str, frozenset[str]]:
        """An old client calls what the latest version does not have any more."""
        home, archive = self.timeline.home(service), self.timeline.archive
        if home.place is None or home.place == place:
            return {}
        area = Area((home.folder,) if home.folder else ())
        trees: dict[str, str] = {}
        for release in self.timeline.releases(service):
            revision = self.timeline.schema_revision(service, release.version)
            tree = None if revision is None else archive.tree_id(home.place, revision)
            if revision is not None and tree is not None:
                trees.setdefault(tree, revision)
        found: dict[str, frozenset[str]] = {}
        for revision in trees.values():
            snapshot = archive.snapshot(home.place, revision, revision)
            own = None if snapshot is None else narrowed(snapshot, area.holds, area.folders)
            for name, methods in () if own is None else shelves.services_in(self.shelf, own).items():
                found[name] = found.get(name, frozenset()) | methods
        return found

    def _others(self, service: Service, own: Area | None, place: Place, revision: str) -> Iterator[str]:
        """The folders of other services that do not hold this one's."""
        found = dict.fromkeys(
            folder
            for other in self.declared.values()
            if other.name != service.name and self.timeline.code(other) == place
            for area in (self.area(other, place, revision),)
            if area is not None
            for folder in area.folders
        )
        if not self.declared or self.timeline.ground.config.discover:
            found |= dict.fromkeys(
                one.folder
                for name, one in self.boundaries(place, revision).items()
                if bare(name) != bare(service.name) and one.folder not in ("", ".")
            )
        mine = () if own is None else own.folders
        for folder in sorted(found):
            if not any(one == folder or below(one, folder) for one in mine):
                yield folder


def _has(files: Tree, folder: str) -> bool:
    return any(below(path, folder) for path in files.files)
