"""The interfaces of service versions: each distinct content of a schema is read and compiled once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from compatcheck.config import Config, Service
from compatcheck.rollout.pairs import Interface
from compatcheck.rollout.versions import Release, find_release, releases, templates
from compatcheck.source import directory
from compatcheck.source.git import listing
from compatcheck.source.git.history import commit_of, tree_of
from compatcheck.source.git.place import Place
from compatcheck.source.git.tags import Tag, tags
from compatcheck.source.snapshot import Origin, Snapshot
from compatcheck.usecases.homes import Home, folders, home_of
from compatcheck.usecases.shelves import Shelf, narrowed, shelve


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a question about services is asked."""

    config: Config
    place: Place
    env: Mapping[str, str]
    cwd: Path


@dataclass(slots=True)
class Library:
    """Gets at the interface of any version of the declared services, and remembers what it got.

    `wanted` are the full names of services and methods that the question is about: only the files that
    declare them, and what those import, are compiled.
    """

    ground: Ground
    wanted: frozenset[str]
    _homes: dict[str, Home] = field(default_factory=dict)
    _tags: dict[str, tuple[Tag, ...]] = field(default_factory=dict)
    _revisions: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _snapshots: dict[tuple[str, str], Snapshot] = field(default_factory=dict)
    _interfaces: dict[tuple[str, str], Interface] = field(default_factory=dict)
    _shelf: Shelf = field(default_factory=Shelf)

    def service(self, name: str) -> Service:
        return self.ground.config.services[name]

    def home(self, service: str) -> Home:
        if service not in self._homes:
            ground = self.ground
            self._homes[service] = home_of(
                self.service(service), ground.config, ground.place, ground.env, ground.cwd
            )
        return self._homes[service]

    def releases(self, service: str) -> tuple[Release, ...]:
        """The versions that tags (or folders outside git) show, in the order of history."""
        home = self.home(service)
        if home.place is None:
            return tuple(Release(service, version, folder) for version, folder in folders(home).items())
        return releases(self.service(service), self._tags_of(home.place))

    def loaded(self, service: str) -> tuple[str, ...]:
        """The versions whose interface is at hand."""
        return tuple(version for name, version in self._interfaces if name == service)

    def adopt(self, service: str, version: str) -> bool:
        """Take `version` for a revision if no tag or template knows it. Whether that was done."""
        home = self.home(service)
        if home.place is None or self._revision(service, version) is not None:
            return False
        self._revisions[service, version] = commit_of(home.place, version)
        return self._revisions[service, version] is not None

    def interface(self, service: str, version: str) -> Interface:
        """What is known of the schema of a version; that nothing is known is an Interface, too."""
        key = (service, version)
        if key not in self._interfaces:
            self._interfaces[key] = self._load(service, version)
        return self._interfaces[key]

    def _load(self, service: str, version: str) -> Interface:
        home, revision = self.home(service), self._revision(service, version)
        if revision is None:
            return _nothing(self._unknown_version(service, version))
        if home.place is None:
            folder, snapshot = "", directory.snapshot(Path(revision), f"{service} {version}")
        else:
            folder, found = home.folder, self._snapshot(home.place, revision, f"{service} {version}")
            if found is None:
                return _nothing(f"the files of {service} {version}: git has no tree for `{revision}`")
            snapshot = found
        own = narrowed(snapshot, folder)
        if not own.files and not own.skipped:
            datum = f"no .proto file is in {_where(home)} at that version"
            return _nothing(f"a schema of {service} {version}: {datum}")
        return shelve(self._shelf, snapshot, self.wanted, self.ground.config, folder)

    def _snapshot(self, place: Place, revision: str, name: str) -> Snapshot | None:
        tree = tree_of(place, revision)
        if tree is None:
            return None
        key = (place.git_dir, tree)
        if key not in self._snapshots:
            origin = Origin("revision", name, revision, commit_of(place, revision) or "")
            self._snapshots[key] = listing.revision(place, tree, origin)
        return self._snapshots[key]

    def _revision(self, service: str, version: str) -> str | None:
        key = (service, version)
        if key not in self._revisions:
            self._revisions[key] = self._find_revision(service, version)
        return self._revisions[key]

    def _find_revision(self, service: str, version: str) -> str | None:
        known = find_release(self.releases(service), version)
        if known is not None:
            return known.revision
        place = self.home(service).place
        if place is None:
            return None
        found = (one for one in templates(self.service(service), version) if commit_of(place, one))
        return next(found, None)

    def _unknown_version(self, service: str, version: str) -> str:
        home = self.home(service)
        if home.place is None:
            return f"the schema of {service} {version}: there is no folder of that version in {_where(home)}"
        patterns = _listed(self.service(service).versions)
        known = [release.version for release in self.releases(service)]
        others = f" (known: {_listed(known[-3:])})" if known else ""
        fetch = (
            "; this clone is shallow, `git fetch --tags --unshallow` may bring it"
            if home.place.shallow
            else ""
        )
        return f"the revision of {service} {version}: no tag of {patterns} is that version{others}{fetch}"

    def _tags_of(self, place: Place) -> tuple[Tag, ...]:
        if place.git_dir not in self._tags:
            self._tags[place.git_dir] = tags(place)
        return self._tags[place.git_dir]


def _nothing(datum: str) -> Interface:
    return Interface({}, {"": (datum,)})


def _where(home: Home) -> str:
    return f"`{home.name}`" if home.folder else home.name


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
