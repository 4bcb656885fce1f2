"""Reads protoc's messages into errors that name a file, and caps them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

_MOST_PER_FILE = 10
_MOST = 200
_LONGEST = 400
_POSITION = re.compile(r":(\d+):(\d+): ")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_CONFLICT = re.compile(
    r'is already defined (?:\([^()]*\) )?in file "(.*)"\.|has already been used .* defined in (.*)\.$'
)
# A name is resolved to something that is not there if its first part is found and the rest of it is not.
_UNKNOWN_OPTION = re.compile(r'^Option "([^"]*\))" (?:unknown\. |is resolved to )')
_FAILED_IMPORT = re.compile(r'^Import "(.*)" was not found or had errors\.$')


@dataclass(frozen=True, slots=True)
class CompileError:
    """One complaint of the compiler; line and column count from 1 as in protoc, 0 where it gives none."""

    file: str
    line: int
    column: int
    message: str


def parse(stderr: bytes, files: Container[str]) -> Iterator[CompileError]:
    """The errors in what protoc wrote about `files`; warnings and lines that name no file are left out."""
    for line in stderr.decode("utf-8", "replace").split("\n"):
        error = _parsed(line[: 4 * _LONGEST + 4096], files)
        if error is not None:
            yield error


def other_file(error: CompileError) -> str | None:
    """The file that defines the same name already, if that is what the error says."""
    match = _CONFLICT.search(error.message)
    return None if match is None else match[1] or match[2]


def failed_import(error: CompileError) -> str | None:
    """The import that failed, if that is what the error says."""
    match = _FAILED_IMPORT.match(error.message)
    return None if match is None else match[1]


def unknown_option(error: CompileError) -> str | None:
    """The option in parentheses that nothing defines, if that is what the error says."""
    match = _UNKNOWN_OPTION.match(error.message)
    return None if match is None else match[1]


def capped(errors: list[CompileError]) -> tuple[CompileError, ...]:
    """The first errors of each file, with clean and short messages."""
    counts: dict[str, int] = {}
    kept: list[CompileError] = []
    for error in dict.fromkeys(errors):
        counts[error.file] = counts.get(error.file, 0) + 1
        if counts[error.file] <= _MOST_PER_FILE and len(kept) < _MOST:
            kept.append(CompileError(error.file, error.line, error.column, clean(error.message)))
    return tuple(kept)


def clean(message: str) -> str:
    """One line without control characters, not longer than a few terminal lines."""
    text = _CONTROL.sub("?", message.replace("\n", " ").replace("\t", " "))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _parsed(line: str, files: Container[str]) -> CompileError | None:
    for match in _POSITION.finditer(line):
        name = line[: match.start()]
        if name in files:
            message = line[match.end() :]
            return (
                None
                if message.startswith("warning: ")
                else CompileError(name, int(match[1]), int(match[2]), message)
            )
    name, separator, message = line.partition(": ")
    if separator and name in files and not message.startswith("warning: "):
        return CompileError(name, 0, 0, message)
    return None
