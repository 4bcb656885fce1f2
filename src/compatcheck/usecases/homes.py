"""Where the interface of a declared service is kept, and which revision or folder a version of it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compatcheck.config import Config, Service
from compatcheck.config.names import path_below
from compatcheck.errors import UsageError
from compatcheck.source.git.place import Place, locate, locate_other

PLACEHOLDER = "{version}"


@dataclass(frozen=True, slots=True)
class Home:
    """A folder of a repository, or (`place` None) a directory outside git with `{version}` in its path."""

    place: Place | None
    folder: str
    """In a repository: relative to its top, `/` separated, empty for all of it. Else: an absolute path."""
    name: str
    """For people, as it is configured."""

    @property
    def shown(self) -> str:
        return f"`{self.name}`" if self.folder else self.name


def home_of(service: Service, config: Config, place: Place, env: Mapping[str, str], cwd: Path) -> Home:
    """Where the schema of a service is. UsageError if that is nowhere."""
    written = service.schema
    if not written:
        return Home(place, "", "the repository")
    where, hash_sign, inside = written.partition("#")
    at = f"{config.where}: services.{service.name}.schema"
    path = os.path.join(place.folder, config.folder, where)
    if hash_sign:
        folder = path_below("", inside)
        if folder is None:
            raise UsageError(f"{at}: `{inside}` is not a folder inside the repository")
        return Home(_repository(path, at, env, cwd), "" if folder == "." else folder, written)
    below = path_below(config.folder, where)
    if below is not None and (below == "." or not _is_repository(path)):
        return Home(place, "" if below == "." else below, written)
    if _is_repository(path):
        return Home(_repository(path, at, env, cwd), "", written)
    return _outside(path, at, written, env)


def _outside(path: str, at: str, written: str, env: Mapping[str, str]) -> Home:
    """A folder somewhere else: of another repository, or of none."""
    full = os.path.realpath(path)
    if PLACEHOLDER not in written:
        # A folder of another repository may be gone by now, and still be there in older revisions.
        own = {name: value for name, value in env.items() if not name.startswith("GIT_")}
        other = locate(_existing(full), own)
        if other is not None and other.top is not None:
            folder = os.path.relpath(full, os.path.realpath(other.top)).replace(os.sep, "/")
            return Home(other, "" if folder == "." else folder, written)
    parent = os.path.dirname(full.partition(PLACEHOLDER)[0]) if PLACEHOLDER in full else full
    if not os.path.isdir(parent):
        raise UsageError(f"{at}: there is no folder `{written}`")
    return Home(None, full, written)


def _existing(path: str) -> str:
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _is_repository(path: str) -> bool:
    """Whether the top of a repository is at `path`, with a work tree or bare."""
    if os.path.lexists(os.path.join(path, ".git")):
        return True
    return all(os.path.lexists(os.path.join(path, name)) for name in ("HEAD", "objects", "refs"))


def _repository(path: str, at: str, env: Mapping[str, str], cwd: Path) -> Place:
    if not os.path.isdir(path):
        raise UsageError(f"{at}: there is no repository at `{path}`")
    return locate_other(path, env, str(cwd))


def folders(home: Home) -> dict[str, str]:
    """Version to folder, of a home outside git."""
    before, placeholder, after = home.folder.partition(PLACEHOLDER)
    parent, prefix = os.path.split(before)
    if not placeholder or not os.path.isdir(parent):
        return {}
    suffix, _, rest = after.partition("/")
    found = {}
    for name in sorted(os.listdir(parent)):
        version = name[len(prefix) : len(name) - len(suffix)]
        full = os.path.join(parent, name, rest)
        if version and name == f"{prefix}{version}{suffix}" and os.path.isdir(full):
            found[version] = full
    return found
