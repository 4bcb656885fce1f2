"""Which versions a service has, in the order of history, and which revision or folder each of them is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from compatcheck.config import Service
from compatcheck.errors import UsageError
from compatcheck.rollout.versions import Release, find_release, releases, templates
from compatcheck.source.git.place import Place, locate_other
from compatcheck.usecases.archive import Archive
from compatcheck.usecases.ground import Ground
from compatcheck.usecases.homes import Home, folders, home_of

_KNOWN_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Timeline:
    """Answers for each service and version are remembered."""

    ground: Ground
    archive: Archive = field(default_factory=Archive)
    _homes: dict[str, Home] = field(default_factory=dict)
    _code: dict[str, Place | None] = field(default_factory=dict)
    _releases: dict[str, tuple[Release, ...]] = field(default_factory=dict)
    _revisions: dict[tuple[str, str, str], str | None] = field(default_factory=dict)
    _untagged: dict[tuple[str, str], None] = field(default_factory=dict)

    def home(self, service: Service) -> Home:
        """Where its schema is. UsageError if that is nowhere."""
        if service.name not in self._homes:
            ground = self.ground
            if service.repo and not service.schema:
                place = self._repository(service)
                home = Home(place, "", f"the repository {service.repo}")
            else:
                home = home_of(service, ground.config, ground.place, ground.env, ground.cwd)
            self._homes[service.name] = home
        return self._homes[service.name]

    def code(self, service: Service) -> Place | None:
        """The repository with its code and its tags; None if its versions are folders outside git."""
        if service.name not in self._code:
            if service.repo:
                self._code[service.name] = self._repository(service)
            elif service.path or not service.schema:
                self._code[service.name] = self.ground.place
            else:
                self._code[service.name] = self.home(service).place
        return self._code[service.name]

    def releases(self, service: Service) -> tuple[Release, ...]:
        """The versions that tags (or folders outside git) show, in the order of history."""
        if service.name not in self._releases:
            place = self.code(service)
            if place is None:
                found = folders(self.home(service))
                known = tuple(Release(service.name, one, folder) for one, folder in found.items())
            else:
                known = releases(service, self.archive.tags(place))
            self._releases[service.name] = known
        return self._releases[service.name]

    def revision(self, service: Service, version: str) -> str | None:
        """The revision of the code of a version, or its folder outside git. None: nothing has that name."""
        return self._revision(service, version, self.code(service))

    def schema_revision(self, service: Service, version: str) -> str | None:
        """The same where its schema is kept, which may be another repository."""
        return self._revision(service, version, self.home(service).place)

    def untagged(self) -> tuple[tuple[str, str], ...]:
        """The services and versions asked for so far that are revisions without a tag of their own."""
        return tuple(self._untagged)

    def unknown(self, service: Service, version: str) -> str:
        """The datum that is missing if nothing has the name of a version."""
        place = self.code(service)
        if place is None:
            where = self.home(service).shown
            return f"the schema of {service.name} {version}: there is no folder of that version in {where}"
        there = ""
        known = [release.version for release in self.releases(service)]
        if self.revision(service, version) is not None:
            # Its code has that version, and the repository with its schema has not.
            home = self.home(service)
            place, there = home.place or place, f" in {home.shown}"
            known = [release.version for release in releases(service, self.archive.tags(place))]
        others = f" (known: {_listed(known[-_KNOWN_SHOWN:])})" if known else ""
        fetch = (
            "; this clone is shallow, `git fetch --tags --unshallow` may bring it" if place.shallow else ""
        )
        patterns = _listed(service.versions)
        return f"the revision of {service.name} {version}: no tag of {patterns}{there} is that version{others}{fetch}"

    def _revision(self, service: Service, version: str, place: Place | None) -> str | None:
        key = (service.name, version, "" if place is None else place.git_dir)
        if key not in self._revisions:
            self._revisions[key] = self._find(service, version, place)
        return self._revisions[key]

    def _find(self, service: Service, version: str, place: Place | None) -> str | None:
        if place is None:
            known = find_release(self.releases(service), version)
            return None if known is None else known.revision
        plain = self._plain(service, version, place)
        if plain is not None:
            return plain
        own = self.code(service)
        tagged = self.releases(service) if place == own else releases(service, self.archive.tags(place))
        known = find_release(tagged, version)
        if known is not None:
            return known.revision
        for one in templates(service, version):
            if self.archive.commit(place, one) is not None:
                return one
        if not self.archive.is_revision(place, version):
            return None
        self._untagged[service.name, version] = None
        return version

    def _plain(self, service: Service, version: str, place: Place) -> str | None:
        """The tag of a version without a look at all tags, which counts where a repository has thousands."""
        for pattern in service.versions:
            if "{version}" not in pattern and (
                pattern.count("*") != 1 or any(one in pattern for one in "?[")
            ):
                return None
            name = (
                pattern.replace("{version}", version)
                if "{version}" in pattern
                else pattern.replace("*", version)
            )
            if self.archive.has_tag(place, name):
                return f"refs/tags/{name}"
        return None

    def _repository(self, service: Service) -> Place:
        ground = self.ground
        path = os.path.join(ground.place.folder, ground.config.folder, service.repo)
        if not os.path.isdir(path):
            at = f"{ground.config.where}: services.{service.name}.repo"
            raise UsageError(f"{at}: there is no repository at `{path}`")
        return locate_other(path, ground.env, str(ground.cwd))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
