"""Reads the configuration of a source, or the file that was named instead."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from compatcheck.config import Config, Names, find, parse
from compatcheck.errors import UndecidedError, UsageError
from compatcheck.source.disk import Folder
from compatcheck.source.git.place import Place
from compatcheck.source.snapshot import Unreadable

Lookup = Callable[[str], bytes | Unreadable | None]
"""Path, relative to the top of a source, to what is there."""


def of_source(lookup: Lookup, folder: str, names: Names) -> Config:
    """The configuration nearest to `folder`, from there upward; the defaults if there is none."""

    def read(path: str) -> bytes | None:
        content = lookup(path)
        if isinstance(content, Unreadable):
            raise UndecidedError(f"{path}: {content.reason}", content.remedy)
        return content

    found = find(read, folder)
    return parse(found.text, found.path, names) if found else Config()


def of_file(path: str, cwd: Path, names: Names) -> Config:
    """The configuration in a file that was named; its paths count from the repository's top."""
    try:
        text = (cwd / path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    return parse(text, path, names, folder="")


def on_disk(top: str) -> Lookup:
    """Looks files up below a folder; what is not a regular file is not there."""
    folder = Folder(top)

    def lookup(path: str) -> bytes | Unreadable | None:
        return None if folder.mode(path) is None else folder.read(path)

    return lookup


def folder_in(place: Place, cwd: Path) -> str:
    """The current folder, relative to the repository's top and `/` separated; empty outside of it."""
    if place.top is None:
        return ""
    relative = os.path.relpath(os.path.realpath(cwd), os.path.realpath(place.top))
    if relative == os.curdir or relative.split(os.sep)[0] == os.pardir:
        return ""
    return relative.replace(os.sep, "/")
