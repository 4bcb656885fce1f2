"""The schemas that services would have if a source were deployed, and whose copy of a schema a file belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from compatcheck.rollout.pairs import Interface
from compatcheck.schema.model import Message
from compatcheck.source.snapshot import DescriptorSet, Snapshot, Source
from compatcheck.usecases.codes import Area
from compatcheck.usecases.fleet import Fleet
from compatcheck.usecases.shelves import Shelf, Wanted, declaring, read


@dataclass(frozen=True, slots=True)
class Coming:
    """A source that is no version of any service yet.

    `wanted`: full names of the methods and messages that the question is about. The folders of services are taken
    as they are at the commit of the source, or at HEAD.
    """

    fleet: Fleet
    source: Source
    wanted: Wanted
    _areas: dict[str, tuple[Area, ...]] = field(default_factory=dict)
    _interfaces: dict[str, Interface] = field(default_factory=dict)

    def interface(self, service: str) -> Interface:
        if service not in self._interfaces:
            found = self.fleet.interfaces.in_source(self.source, self.areas(service), self.wanted)
            self._interfaces[service] = found
        return self._interfaces[service]

    def areas(self, service: str) -> tuple[Area, ...]:
        """Where the copy of a service may be, the most fitting first; none if it is in another repository."""
        if service not in self._areas:
            self._areas[service] = self._areas_of(service)
        return self._areas[service]

    def has(self, service: str, name: str, path: str) -> bool | None:
        """Whether a file belongs to the copy of what a service knows of a method or message; None: it has none."""
        if isinstance(self.source, DescriptorSet):
            return bool(self.areas(service))
        shelf = self.fleet.codes.shelf
        for area in self.areas(service):
            own = self.fleet.interfaces.part(self.source, area)
            files = declaring(shelf, own, frozenset((name,)))
            if files:
                return area.holds(path) or path in _imported(shelf, own, self.source, files)
        return None

    def messages(self, service: str, name: str) -> tuple[Message, ...]:
        """The message of a channel as the copy of a service has it."""
        return self.interface(service).messages.get(name, ()) if self.areas(service) else ()

    def _areas_of(self, service: str) -> tuple[Area, ...]:
        fleet, place = self.fleet, self.fleet.ground.place
        declared = fleet.service(service)
        home = fleet.timeline.home(declared)
        if home.place is None or home.place.common_dir != place.common_dir:
            return ()
        if declared.schema:
            found: tuple[Area, ...] = (Area((home.folder,) if home.folder else ()),)
        else:
            revision = self.source.origin.commit or "HEAD"
            found = tuple(fleet.codes.areas_at(declared, fleet.timeline.code(declared), revision))
        if isinstance(self.source, DescriptorSet) or self.source.origin.kind != "directory":
            return found
        # A directory may be any part of a repository, whose folders are not below it then.
        is_whole = any(area.holds(path) for area in found for path in self.source.files)
        return found if is_whole else (Area(),)


def _imported(shelf: Shelf, own: Snapshot, whole: Snapshot, start: Iterable[str]) -> frozenset[str]:
    """Some files of `own`, a part of `whole`, and all that they may import, from the rest only what it lacks."""
    found: set[str] = set()
    pending = set(start)
    while pending:
        found |= pending
        read(shelf, whole, pending)
        texts = [shelf.texts[blob] for path in pending if (blob := whole.files[path]) in shelf.texts]
        names = {name for text in texts for name in text.imports}
        pending = {path for name in names for path in _called(own, name) or _called(whole, name)} - found
    return frozenset(found)


def _called(snapshot: Snapshot, name: str) -> set[str]:
    """The files that an import may mean, wherever the import roots are."""
    paths = (path for path in (*snapshot.files, *snapshot.links) if f"/{path}".endswith(f"/{name}"))
    return {snapshot.links.get(path, path) for path in paths}
