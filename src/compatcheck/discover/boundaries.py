"""Divides a repository into services: folders with a container file or a build file of their own."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from compatcheck.discover.languages.registry import LANGUAGES
from compatcheck.source.tree import Tree

_CONTAINER = re.compile(
    r"(?:Docker|Container)file(?:\.(?!md$|txt$|dockerignore$)[\w.-]+)?|[\w.-]+\.Dockerfile"
)
_BUILD = re.compile(
    r"go\.mod|package\.json|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]+\.csproj|pyproject\.toml|setup\.py"
    r"|requirements\.txt|Pipfile|Cargo\.toml|mix\.exs|CMakeLists\.txt|Gemfile|composer\.json"
)
_TESTS = re.compile(r"(?i).*[._-]?tests?|e2e|spec|testdata|cypress|.*[._-]tests?[._-].*")
_HELPERS = frozenset(
    {"node_modules", "vendor", "third_party", "genproto", "gen", "generated", "proto", "protos", "pb"}
    | {"docs", "examples", "hack", "scripts", "tools", "benchmark", "benchmarks", ".devcontainer", ".github"}
)
"""Folders whose build files make no service: generated code, tools, examples."""

_PACKAGING = frozenset(
    {"docker", ".docker", "container", "containers", "deploy", "deployment", "build", "packaging"}
)
"""Folders whose container file is that of the folder around them."""

_COMMAND = re.compile(r"(?:.*/)?cmd/[^/]+/main\.go")

_GENERIC = frozenset({"src", "app", "server", "cmd"})
"""Folders whose name says nothing of the service: the name is that of the folder around them."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A service: `folder` without the folders of `excluded`, which are other services."""

    name: str
    folder: str
    """"" is the whole repository."""
    excluded: tuple[str, ...]
    evidence: str
    """Path of the file that makes it a service."""


def services_in(tree: Tree) -> tuple[Boundary, ...]:
    """The services of a revision, by folder; their names are unique.

    A folder with a container file takes in what is below it, up to another such folder. A folder with just a
    build file is a service if it holds code that is in no other, and lies in none with a container file; but the
    whole repository is none beside folders with container files: what is left of it is tools and shared code.
    Programs of one Go module are services of their own.
    """
    containers: dict[str, str] = {}
    builds: dict[str, str] = {}
    for path in sorted(tree.files):
        folder, name = posixpath.split(path)
        if not _is_aside(path):
            if _CONTAINER.fullmatch(name):
                containers.setdefault(_packaged(folder), path)
            elif _BUILD.fullmatch(name):
                builds.setdefault(folder, path)
    found = dict(containers)
    suffixes = tuple(suffix for language in LANGUAGES for suffix in language.suffixes)
    code = [path for path in tree.files if path.endswith(suffixes) and not _is_aside(path)]
    free = {
        folder: path
        for folder, path in builds.items()
        if not (containers if not folder else any(taken in containers for taken in _around(folder) if taken))
    }
    for path in code:
        nearest = next((each for each in _around(path) if each in containers or each in free), None)
        if nearest in free:
            found[nearest] = free[nearest]
    _add_commands(found, tree)
    folders = sorted(found)
    below: dict[str, list[str]] = {}
    for folder in folders:
        for around in _around(folder):
            if around != folder and around in found:
                below.setdefault(around, []).append(folder)
    names = _names(folders)
    return tuple(
        Boundary(names[folder], folder, tuple(below.get(folder, ())), found[folder]) for folder in folders
    )


def _around(path: str) -> Iterator[str]:
    """The path itself and the folders around it, the whole repository last."""
    while path:
        yield path
        path = posixpath.dirname(path)
    yield ""


def _add_commands(found: dict[str, str], tree: Tree) -> None:
    """`cmd/NAME/main.go` of a Go module: programs that share its packages, each a service.

    A single one is the module itself, unless that is in no service. The module is one besides only if it has a
    `main.go` at its top.
    """
    programs: dict[str, dict[str, str]] = {}
    for path in tree.files:
        if _COMMAND.fullmatch(path) and not _is_aside(path):
            folder = posixpath.dirname(path)
            programs.setdefault(posixpath.dirname(posixpath.dirname(folder)), {})[folder] = path
    modules = [posixpath.dirname(path) for path in tree.files if posixpath.basename(path) == "go.mod"]
    for module in modules:
        mains = programs.get(module, {})
        if len(mains) > 1 or module not in found:
            for folder, path in mains.items():
                found.setdefault(folder, path)
            if mains and posixpath.join(module, "main.go") not in tree.files:
                found.pop(module, None)


def _is_aside(path: str) -> bool:
    *parents, name = path.split("/")
    return any(part in _HELPERS or _TESTS.fullmatch(part) for part in parents) or bool(
        name.endswith(".csproj") and _TESTS.fullmatch(name.removesuffix(".csproj"))
    )


def _packaged(folder: str) -> str:
    """The folder that a container file in `folder` packs."""
    while posixpath.basename(folder) in _PACKAGING:
        folder = posixpath.dirname(folder)
    return folder


def _names(folders: list[str]) -> dict[str, str]:
    """As little of each folder's path as tells it from the others."""
    taken = dict.fromkeys(folders, 0)
    while True:
        names = {folder: _candidate(folder, more) for folder, more in taken.items()}
        counts = Counter(names.values())
        again = [folder for folder in folders if counts[names[folder]] > 1 and names[folder] != folder]
        if not again:
            return names
        for folder in again:
            taken[folder] += 1


def _candidate(folder: str, more: int) -> str:
    """The name that says something; and `more` folders around it, those that say nothing included."""
    parts = folder.split("/") if folder else ["root"]
    if more:
        return "/".join(parts[-1 - more :])
    telling = [part for part in parts if part not in _GENERIC]
    return telling[-1] if telling else parts[-1]
