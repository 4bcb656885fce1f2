"""Where a question about services is asked: the repository, and the configuration as it is there now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from compatcheck.errors import UsageError
from compatcheck.source.git import listing
from compatcheck.source.git.history import commit_of, tree_of
from compatcheck.source.git.place import Place, locate, locate_other
from compatcheck.source.snapshot import Origin
from compatcheck.usecases import configuration
from compatcheck.usecases.gate import NAMES
from compatcheck.usecases.ground import Ground


def ground(repo: str | None, config_file: str | None, env: Mapping[str, str], cwd: Path) -> Ground:
    """The repository that was named, or that of the current folder, with the configuration of its work tree.

    A bare repository has none: there, the configuration is that of HEAD. UsageError: no repository.
    """
    place = locate_other(str(cwd / repo), env, str(cwd)) if repo is not None else locate(str(cwd), env)
    if place is None:
        raise UsageError(f"{cwd} is not in a git repository", "name one with --repo")
    if config_file is not None:
        config = configuration.of_file(config_file, cwd, NAMES)
    else:
        folder = configuration.folder_in(place, cwd) if repo is None else ""
        config = configuration.of_source(_lookup(place), folder, NAMES)
    return Ground(config, place, env, cwd)


def _lookup(place: Place) -> configuration.Lookup:
    if place.top is not None:
        return configuration.on_disk(place.top)
    tree = tree_of(place, "HEAD")
    if tree is None:
        raise UsageError(f"{place.folder} has no commit yet")
    return listing.revision(
        place, tree, Origin("revision", "HEAD", "HEAD", commit_of(place, "HEAD") or "")
    ).lookup
