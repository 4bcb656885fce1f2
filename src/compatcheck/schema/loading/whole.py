"""Loads a whole source: every file that is wanted, compiled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from compatcheck.schema.compiling.compiler import DEFAULT_TIMEOUT
from compatcheck.schema.compiling.protoc import Protoc
from compatcheck.schema.loaded import LoadedSide, Side, Universe, Unknown
from compatcheck.schema.loading import plan, users
from compatcheck.schema.loading.assemble import unknown_of
from compatcheck.schema.loading.roots import GUESSED, Places, normal
from compatcheck.schema.loading.run import Runner
from compatcheck.schema.loading.sets import universe_of_set
from compatcheck.schema.loading.workspace import Found, Known, Workspace
from compatcheck.source.snapshot import DescriptorSet, Snapshot, Source


@dataclass(frozen=True, slots=True)
class Whole:
    """A source on its own: its universes have an empty `compare`; `unknown` are wanted files that failed.

    `lacks`: import names that are missing and that files which compiled may take options from.
    """

    side: LoadedSide
    unknown: tuple[Unknown, ...]
    lacks: frozenset[str] = frozenset()


def load_one(
    source: Source,
    wanted: Callable[[str], bool] | None = None,
    *,
    roots: Sequence[str] = (),
    positions: bool = False,
    side: Side = "new",
    stand_ins: bool = True,
    timeout: float = 2 * DEFAULT_TIMEOUT,
    protoc: Protoc | None = None,
) -> Whole:
    """Compile the files of a source whose path is wanted, all if None, each in the universe of its root.

    Without `positions` the result has no texts and no source info, which halves its size. `side` is what
    `unknown` says. Without `stand_ins` a file is unknown for any missing import, even if only its options need
    it. `timeout` in seconds. A `protoc` that is passed in stays open: starting one takes longer than most files.
    """
    deadline = time.monotonic() + timeout
    with Protoc() if protoc is None else nullcontext(protoc) as protoc:
        if isinstance(source, DescriptorSet):
            universe, unknown = universe_of_set(source, side, protoc)
            return Whole(LoadedSide((universe,)), unknown)
        paths = sorted(path for path in source.files if wanted is None or wanted(path))
        if paths:
            protoc.start()
        places = Places(source.files, source.links, normal(roots))
        runner = Runner(Workspace(source, Known(), places), protoc, deadline, positions, stand_ins)
        targets = _roots(runner.side, source, paths)
        runner.side.read_closures(targets)
        runner.compile(plan.parts(targets, runner.side))
    return Whole(
        LoadedSide(_sorted(runner.results.universes.values()), _texts(runner, paths) if positions else {}),
        tuple(unknown_of(side, paths, runner.results.problems)),
        frozenset().union(*runner.results.lacks.values()),
    )


def _roots(side: Workspace, source: Snapshot, paths: Sequence[str]) -> dict[str, str]:
    """The root of each path. If all files are read, their imports take the place of the source's mentions."""
    inferred = side.infer(paths)
    guessed = [path for path, root in inferred.items() if root.strength == GUESSED]
    if guessed:
        everything = len(paths) == len(source.files)
        mentions = (
            {path: side.scan(Found(path, path)).imports for path in paths}
            if everything
            else source.mentions()
        )
        index = users.by_mention(mentions)
        inferred |= {path: users.mentioned_root(path, index) for path in guessed}
    return {path: root.path for path, root in inferred.items()}


def _texts(runner: Runner, paths: Iterable[str]) -> Mapping[str, bytes]:
    files, texts = runner.side.snapshot.files, runner.side.known.texts
    return {path: texts[files[path]] for path in paths if path in runner.results.where}


def _sorted(universes: Iterable[Universe]) -> tuple[Universe, ...]:
    return tuple(sorted(universes, key=lambda universe: universe.key))
