"""Finds the files and packages of the code that an import means."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from compatcheck.discover.scopes import BY_FOLDER, Program, package_of
from compatcheck.discover.values import Module, Scope

_TOPS = frozenset({"", "@", "~", "#", "crate", "src", "app", "lib", "self", "super"})
"""First parts of a module's name that stand for a folder of the code, whatever it is called."""


class Imports:
    """What the modules of a program are called by imports."""

    def __init__(self, program: Program) -> None:
        self._packages: dict[str, list[Scope]] = {}
        for (language, name), scope in program.packages.items():
            if language not in BY_FOLDER:
                self._packages.setdefault(name, []).append(scope)
        self._paths: dict[tuple[str, ...], list[Scope]] = {}
        for module in program.modules:
            scope = package_of(module)
            for parts in _called(module):
                scopes = self._paths.setdefault(parts, [])
                if scope not in scopes:
                    scopes.append(scope)

    def package(self, path: tuple[str, ...]) -> list[Scope]:
        """The packages that call themselves so."""
        return self._packages.get(".".join(path), [])

    def packages(self, module: Module, name: str) -> list[Scope]:
        """The packages that `name` means in an import of a file; none if it is not of the code."""
        dotted = name.replace("::", ".").replace("/", ".")
        if dotted in self._packages:
            return self._packages[dotted]
        folder = posixpath.dirname(module.path)
        if name.startswith("."):
            return self._paths.get(("", *_relative(folder, name)), [])
        parts = name.split("/") if "/" in name else dotted.split(".")
        while parts and parts[0] in _TOPS:
            if tuple(parts) in self._paths:
                return self._paths[tuple(parts)]
            parts = parts[1:]
        if parts:
            parts[-1] = _stem(parts[-1])
        shortest = 1 if module.language.name in BY_FOLDER else min(2, len(parts))
        for start in range(len(parts) - shortest + 1):
            found = self._paths.get(tuple(parts[start:]))
            if found:
                return found
        return []


def _called(module: Module) -> Iterator[tuple[str, ...]]:
    """Every end of its path, without the suffix; and, led by an empty part, the whole path."""
    parts = tuple(module.path.split("/"))
    if module.language.name in BY_FOLDER:
        whole = [parts[:-1]]
    else:
        stem = parts[-1].rpartition(".")[0]
        whole = [(*parts[:-1], stem), parts]
        if stem in ("index", "__init__", "mod"):
            whole.append(parts[:-1])
    for path in dict.fromkeys(whole):
        for start in range(len(path)):
            yield path[start:]
        yield ("", *path)


def _stem(name: str) -> str:
    stem, suffix = posixpath.splitext(name)
    return stem if suffix in (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".py", ".h", ".hpp") else name


def _relative(folder: str, name: str) -> tuple[str, ...]:
    """A path relative to a file (`../lib/x.js`), or a module as Python writes it (`..lib.x`)."""
    if "/" in name or not name.strip("."):
        up = name if "/" in name or len(name) == 1 else ".."
        path = posixpath.normpath(posixpath.join(folder, up))
    else:
        bare = name.lstrip(".")
        ups = [".."] * (len(name) - len(bare) - 1)
        path = posixpath.normpath(posixpath.join(folder, *ups, *bare.split(".")))
    parts = [part for part in path.split("/") if part != "."]
    return (*parts[:-1], _stem(parts[-1])) if parts else ()
