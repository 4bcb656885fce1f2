"""Leaves options out of texts whose definitions are missing, so that the rest compiles where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from compatcheck.schema.compiling.outline import Element, Option, Options, Outline, outline

STAND_IN = b'syntax = "proto3";\n'
"""The text that stands for an imported file that is missing."""

# Of an element with several unknown options protoc tells one in a run.
_MOST_ROUNDS = 60
# Who uses more names of missing options makes one file after the other be told by protoc.
_MOST_SHARED = 100
# All but what protoc counts lines and columns by.
_INK = re.compile(rb"[^\n\t\r]")


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the files of one compilation lack, all by import name.

    `visible`: a file -> the missing imports whose definitions it could use, if there are any. `unread`:
    elements of which no foreign option is to be read, even where its definition is at hand.
    """

    visible: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unread: frozenset[Element] = frozenset()


LeftOut = Mapping[Element, tuple[Option, ...]]
"""The options that were left out of a file, by the element that they stand at."""


@dataclass(slots=True)
class Texts:
    """The texts of one compilation, and the names of the options that are left out of each."""

    files: Mapping[str, bytes]
    lacking: Lacking
    names: dict[str, set[str]] = field(default_factory=dict)
    rounds: int = 0
    shared: int = 0
    fresh: set[tuple[str, str]] = field(default_factory=set)
    """What was left out since the last round began: a file and the name of an option."""
    outlines: dict[str, Outline] = field(default_factory=dict)
    written: dict[str, frozenset[str]] = field(default_factory=dict)
    """By file the names of the options in it."""

    def start_round(self) -> None:
        self.rounds += bool(self.fresh)
        self.fresh.clear()

    def leave_out(self, file: str, name: str) -> bool:
        """Leave the option `name`, as protoc calls it, out of `file` and of all that lack the same imports.

        False if the file has no such option, or needs nothing that is missing: an error like any other.
        """
        if (file, name) in self.fresh:
            return True
        missing = self.lacking.visible.get(file)
        if not missing or self.rounds >= _MOST_ROUNDS or not self._add(file, name):
            return False
        if self.shared < _MOST_SHARED:
            self.shared += 1
            last = re.split(r"\W+", name.rstrip(")"))[-1].encode()
            for other, visible in self.lacking.visible.items():
                if missing <= visible and last in self.files.get(other, b""):
                    self._add(other, name)
        return True

    def changed(self) -> dict[str, bytes]:
        """The new texts of the files that something was left out of since the round began."""
        return {file: self.text(file) for file in sorted({file for file, _ in self.fresh})}

    def text(self, file: str) -> bytes:
        """The text of a file without the options that are left out of it."""
        text = bytearray(self.files[file])
        for group in self._outline(file).options:
            _blank(text, group, self._is_left_out(file, group.element))
        return bytes(text)

    def left_out(self, file: str) -> LeftOut:
        found: dict[Element, tuple[Option, ...]] = {}
        if file not in self.names and not self.lacking.unread:
            return found
        for group in self._outline(file).options:
            chosen = tuple(filter(self._is_left_out(file, group.element), group.options))
            if chosen:
                found[group.element] = (*found.get(group.element, ()), *chosen)
        return found

    def _add(self, file: str, name: str) -> bool:
        """Whether `name` was not yet left out of `file`, and can be."""
        if name in self.names.get(file, ()) or name not in self._written(file):
            return False
        self.names.setdefault(file, set()).add(name)
        self.fresh.add((file, name))
        return True

    def _written(self, file: str) -> frozenset[str]:
        if file not in self.written:
            groups = self._outline(file).options
            self.written[file] = frozenset(
                name for group in groups for one in group.options for name in _prefixes(one)
            )
        return self.written[file]

    def _outline(self, file: str) -> Outline:
        if file not in self.outlines:
            self.outlines[file] = outline(self.files[file], file)
        return self.outlines[file]

    def _is_left_out(self, file: str, element: Element) -> Callable[[Option], bool]:
        names = self.names.get(file, set())
        if element in self.lacking.unread:
            return lambda option: option.is_foreign
        return lambda option: not names.isdisjoint(_prefixes(option))


def _prefixes(option: Option) -> list[str]:
    """The name up to each of its extensions: "(a.b)" and "(a.b).c.(d)" of "(a.b).c.(d).e"."""
    name = option.name
    return [name[: match.end()] for match in re.finditer(r"\)", name)] if len(name) < 1000 else []


def _blank(text: bytearray, group: Options, is_left_out: Callable[[Option], bool]) -> None:
    """Put blanks over the options that are left out, and over the commas that only they need."""
    kept = [not is_left_out(one) for one in group.options]
    if all(kept):
        return
    if not any(kept):
        _erase(text, group.start, group.end)
        return
    for option, stays in zip(group.options, kept, strict=True):
        if not stays:
            _erase(text, option.start, option.end)
    is_first = not kept[0]
    for stays, comma in zip(kept[1:], group.commas, strict=True):
        if is_first or not stays:
            _erase(text, comma, comma + 1)
        is_first = is_first and not stays


def _erase(text: bytearray, start: int, end: int) -> None:
    text[start:end] = _INK.sub(b" ", bytes(text[start:end]))
