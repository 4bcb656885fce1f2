"""Compiles the parts of one or both sides and says of each target what came of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.schema.compiling.compiler import Compiled, compile_files
from compatcheck.schema.compiling.left_out import Lacking, LeftOut
from compatcheck.schema.compiling.outline import Element
from compatcheck.schema.compiling.protoc import Protoc
from compatcheck.schema.loaded import Universe
from compatcheck.schema.loading import plan
from compatcheck.schema.loading.plan import Part, Problem
from compatcheck.schema.loading.workspace import Found, Workspace


@dataclass(slots=True)
class Results:
    """What is known of one side's targets. `where`: path -> (universe's key, import name) if it compiled.

    `lacks`: path -> the import names that are missing and that the file could use; `left_out`: path -> the
    options that were not compiled for that.
    """

    universes: dict[str, Universe] = field(default_factory=dict)
    where: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    lacks: dict[str, frozenset[str]] = field(default_factory=dict)
    left_out: dict[str, LeftOut] = field(default_factory=dict)

    def descriptor(self, path: str) -> bytes:
        key, name = self.where[path]
        return self.universes[key].descriptors[name]

    def forget(self, roots: set[str]) -> None:
        """Drop what is known of these roots, to be compiled again."""
        self.universes = {key: one for key, one in self.universes.items() if one.root not in roots}
        self.where = {path: place for path, place in self.where.items() if place[0] in self.universes}


@dataclass(slots=True)
class Runner:
    """Compiles for one side, with one child process and one deadline."""

    side: Workspace
    protoc: Protoc
    deadline: float
    positions: bool = True
    stand_ins: bool = True
    """Whether empty files may stand in for missing imports, where these are used for options only."""
    unread: frozenset[Element] = frozenset()
    """Elements whose foreign options are left out, even where their definitions are at hand."""
    results: Results = field(default_factory=Results)

    def compile(self, parts: Sequence[Part]) -> None:
        """Compile each part's targets and take note of what came of them."""
        for part in parts:
            failures = part.failures()
            hopeless = part.hopeless() if self.stand_ins else failures.keys()
            good = [name for name in part.targets if name not in hopeless]
            for name in part.targets:
                if name in hopeless:
                    self.results.problems[part.names[name]] = failures[name]
            if good:
                self._compile_part(part, good, failures)

    def _compile_part(self, part: Part, targets: list[str], failures: Mapping[str, Problem]) -> None:
        needed = plan.closure(part, targets)
        visible = part.visible_stand_ins()
        # Of two names that cannot both be files, that of a stand-in gives way.
        ordered = sorted(needed, key=lambda name: (name in part.stand_ins, name))
        compiled = compile_files(
            {name: self.side.text(Found(name, part.names[name])) for name in ordered},
            targets,
            timeout=self.deadline - time.monotonic(),
            positions=self.positions,
            imports={name: part.imports[name] for name in needed},
            protoc=self.protoc,
            lacking=Lacking(
                {name: missing for name, missing in visible.items() if name in needed}, self.unread
            ),
        )
        for index, piece in enumerate(compiled.parts):
            key = part.key if index == 0 else part.names[piece.targets[0]]
            paths = {name: part.names[name] for name in piece.descriptors if part.names[name]}
            self.results.universes[key] = Universe(
                key, part.root, piece.descriptors, paths, frozenset(piece.targets)
            )
            for name in piece.targets:
                path = part.names[name]
                self.results.where[path] = (key, name)
                self.results.problems.pop(path, None)
                self.results.lacks[path] = visible.get(name, frozenset())
                self.results.left_out[path] = compiled.left_out.get(name, {})
        for name in compiled.failed:
            lacking = failures.get(name)
            if lacking is not None:
                # It uses a type of a missing import, or another error cannot be told from that.
                culprit = compiled.culprits[name]
                by_import = culprit != name and culprit in part.problems
                problem = part.passed_on(culprit) if by_import else lacking
            else:
                problem = _problem(name, part, compiled)
            self.results.problems[part.names[name]] = problem


def compile_both(old: Runner, old_parts: Sequence[Part], new: Runner, new_parts: Sequence[Part]) -> None:
    """Compile both sides at the same time, each in its own child."""
    if not old_parts or not new_parts:
        old.compile(old_parts)
        new.compile(new_parts)
        return
    failures: list[BaseException] = []

    def work() -> None:
        try:
            old.compile(old_parts)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    new.compile(new_parts)
    thread.join()
    if failures:
        raise failures[0]


def _problem(name: str, part: Part, compiled: Compiled) -> Problem:
    culprit = part.names.get(compiled.culprits.get(name, name), "")
    if name in compiled.undecided:
        return Problem("not-decided", compiled.failed[name], "check fewer files at once", culprit)
    first = next((error for error in compiled.errors if error.file == name), None)
    place: Mapping[str, int] = {} if first is None else {"line": first.line, "column": first.column}
    return Problem("does-not-compile", compiled.failed[name], "", culprit, **place)
