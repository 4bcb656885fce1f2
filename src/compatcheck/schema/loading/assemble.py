"""Decides which loaded files are to be compared, and which are unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from compatcheck.schema.compiling.wire import body, without_positions
from compatcheck.schema.loaded import Loaded, LoadedSide, Side, Universe, Unknown
from compatcheck.schema.loading.plan import Problem
from compatcheck.schema.loading.run import Results, Runner
from compatcheck.source.snapshot import Snapshot

K = TypeVar("K", str, tuple[str, str])


def same(path: str, old: Results, new: Results) -> bool:
    """Whether a path compiled to the same descriptor on both sides."""
    if path not in old.where or path not in new.where:
        return False
    one, other = old.descriptor(path), new.descriptor(path)
    if old.where[path][1] == new.where[path][1]:
        return without_positions(one) == without_positions(other)
    return body(one) == body(other)


def assemble(
    old: Runner,
    new: Runner,
    kept: Sequence[str],
    reached: Sequence[str],
    root_pairs: Mapping[str, str],
    exclude: Callable[[str], bool],
) -> Loaded:
    """Put together what both sides know of the changed and of the reached paths."""
    unknown = [
        *unknown_of("old", kept, old.results.problems),
        *unknown_of("new", kept, new.results.problems),
    ]
    unknown += _broken(reached, old.results, new.results, {one.path for one in unknown})
    skipped, changed = {one.path for one in unknown}, set(kept)
    both, only_old, only_new = [], [], []
    for path in (*kept, *reached):
        if path in skipped:
            continue
        if path in old.results.where and path in new.results.where:
            both += [path] if not same(path, old.results, new.results) else []
        elif path in changed and path in old.results.where:
            only_old.append(path)
        elif path in changed and path in new.results.where:
            only_new.append(path)
    only_old, only_new = (
        _without_copies(only_old, old.side.snapshot, new.side.snapshot, exclude),
        _without_copies(only_new, new.side.snapshot, old.side.snapshot, exclude),
    )
    only_old, only_new = without_moved(
        only_old,
        lambda path: body(old.results.descriptor(path)),
        only_new,
        lambda path: body(new.results.descriptor(path)),
    )
    return Loaded(
        _side(old, [*both, *only_old]),
        _side(new, [*both, *only_new]),
        universe_pairs(root_pairs, old.results.universes, new.results.universes),
        tuple(sorted(unknown, key=lambda one: (one.path, one.side))),
        tuple(kept),
    )


def unknown_of(side: Side, paths: Iterable[str], problems: Mapping[str, Problem]) -> list[Unknown]:
    return [
        Unknown(path, side, problem.cause, problem.reason, problem.remedy, problem.line, problem.column)
        for path in paths
        if (problem := problems.get(path)) is not None
    ]


def _broken(reached: Iterable[str], old: Results, new: Results, unknown: set[str]) -> list[Unknown]:
    """The unchanged files that the change broke; not those that only need a file which is unknown anyway."""
    broken = []
    failed = {path: problem for path in reached if (problem := new.problems.get(path)) is not None}
    for path, problem in failed.items():
        at_fault = problem.culprit
        if path not in old.where or (at_fault != path and (at_fault in unknown or at_fault in failed)):
            continue
        cause = problem.cause if problem.cause == "not-decided" else "broken-by-change"
        remedy = problem.remedy or "it is unchanged and compiled before: mend what it imports"
        broken.append(Unknown(path, "new", cause, problem.reason, remedy, problem.line, problem.column))
    return broken


def _without_copies(
    paths: Sequence[str], own: Snapshot, other: Snapshot, exclude: Callable[[str], bool]
) -> list[str]:
    """Leave out files of one side whose very text the other side has, too: a copy more or less is no change."""
    wanted = {own.files[path] for path in paths}
    there = {content for path, content in other.files.items() if content in wanted and not exclude(path)}
    return [path for path in paths if own.files[path] not in there]


def without_moved(
    only_old: Sequence[K],
    old_body: Callable[[K], bytes],
    only_new: Sequence[K],
    new_body: Callable[[K], bytes],
) -> tuple[list[K], list[K]]:
    """Leave out files that moved and define the same as before; a body is what a file defines."""
    waiting: dict[bytes, list[K]] = {}
    if only_new:
        for one in only_old:
            waiting.setdefault(old_body(one), []).append(one)
    moved = set()
    added = []
    for one in only_new:
        partners = waiting.get(new_body(one))
        if partners:
            moved.add(partners.pop(0))
        else:
            added.append(one)
    return [one for one in only_old if one not in moved], added


def _side(runner: Runner, compare: Iterable[str]) -> LoadedSide:
    names: dict[str, set[str]] = {}
    for path in compare:
        key, name = runner.results.where[path]
        names.setdefault(key, set()).add(name)
    files, texts = runner.side.snapshot.files, runner.side.known.texts
    return LoadedSide(
        tuple(
            replace(universe, compare=frozenset(names.get(key, ())))
            for key, universe in sorted(runner.results.universes.items())
        ),
        {path: texts[files[path]] for path in sorted(runner.results.where)},
    )


def universe_pairs(
    root_pairs: Mapping[str, str], old: Mapping[str, Universe], new: Mapping[str, Universe]
) -> dict[str, str]:
    """Key of a new universe -> key of the old one. They pair as their roots do; one that was set apart pairs
    with the one of the same first file.
    """
    pairs = {key: root_pairs.get(key, key) for key in sorted(new)}
    return {key: other for key, other in pairs.items() if other in old}
