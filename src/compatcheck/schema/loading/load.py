"""Loads two sources as far as they differ: reads, compiles and compares only what a change can touch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from compatcheck.schema.compiling.compiler import DEFAULT_TIMEOUT
from compatcheck.schema.compiling.protoc import Protoc
from compatcheck.schema.loaded import Loaded, LoadedSide
from compatcheck.schema.loading import plan, roots, users
from compatcheck.schema.loading.assemble import assemble, same, universe_pairs
from compatcheck.schema.loading.plan import Part
from compatcheck.schema.loading.roots import GUESSED, Places, normal
from compatcheck.schema.loading.run import Results, Runner, compile_both
from compatcheck.schema.loading.touched import Names, narrowed, touched
from compatcheck.schema.loading.unjudged import Difference, differences, with_unjudged
from compatcheck.schema.loading.workspace import Known, Workspace
from compatcheck.source.snapshot import DescriptorSet, Source

# From here on the users of changed files are looked for first, so that everything is compiled only once.
_MANY = 100
_CHUNK = 500
"""Files whose texts are looked at together."""


def nothing(_path: str) -> bool:
    """Excludes no path."""
    return False


def load(
    old: Source,
    new: Source,
    *,
    roots: Sequence[str] = (),
    exclude: Callable[[str], bool] = nothing,
    timeout: float = DEFAULT_TIMEOUT,
) -> Loaded:
    """Load what differs between two sources, and the unchanged files that the difference reaches.

    `roots` are configured import roots in order, none to infer them; an excluded path is never compared, and
    imported where needed. `timeout` in seconds for all compiling; what is over it is unknown.
    """
    if isinstance(old, DescriptorSet) or isinstance(new, DescriptorSet):
        from compatcheck.schema.loading.against_sets import load_sets

        return load_sets(old, new, roots=roots, exclude=exclude, timeout=timeout)
    changed = {
        path for path in old.files.keys() | new.files.keys() if old.files.get(path) != new.files.get(path)
    }
    changed_links = {
        link
        for link in old.links.keys() | new.links.keys()
        if old.files.get(old.links.get(link, "")) != new.files.get(new.links.get(link, ""))
    }
    if not changed and not changed_links:
        return Loaded(LoadedSide(), LoadedSide())
    known, configured = Known(), normal(roots)
    deadline = time.monotonic() + timeout
    with Protoc() as old_protoc, Protoc() as new_protoc:
        loading = _Loading(
            Runner(Workspace(old, known, Places(old.files, old.links, configured)), old_protoc, deadline),
            Runner(Workspace(new, known, Places(new.files, new.links, configured)), new_protoc, deadline),
            sorted(path for path in changed if not exclude(path)),
            exclude,
        )
        loading.start()
        return loading.load(changed_links | {path for path in changed if exclude(path)})


@dataclass(slots=True)
class _Loading:
    """The state of one load. `kept`: changed paths to compare; `reached`: unchanged ones they may touch."""

    old: Runner
    new: Runner
    kept: list[str]
    exclude: Callable[[str], bool]
    reached: list[str] = field(default_factory=list)
    old_roots: dict[str, str] = field(default_factory=dict)
    new_roots: dict[str, str] = field(default_factory=dict)
    index: dict[str, list[str]] | None = None

    def start(self) -> None:
        for runner in (self.old, self.new):
            if any(path in runner.side.snapshot.files for path in self.kept):
                runner.protoc.start()

    def load(self, more_seeds: set[str]) -> Loaded:
        self.find_roots(self.kept)
        if len(self.kept) > _MANY:
            self.reached = self.users({*self.kept, *more_seeds})
            self.find_roots(self.reached)
            self.compile(only_reached=False)
        else:
            self.compile(only_reached=False)
            seeds = {
                path for path in self.kept if not same(path, self.old.results, self.new.results)
            } | more_seeds
            self.reached = self.users(seeds) if seeds else []
            if self.reached:
                self.find_roots(self.reached)
                self.compile(only_reached=True)
        found = self.leave_unread()
        loaded = assemble(self.old, self.new, self.kept, self.reached, self.root_pairs(), self.exclude)
        return with_unjudged(loaded, found, self.old, self.new)

    def leave_unread(self) -> list[Difference]:
        """Find what differs in left-out options. What only one side can read is left out of the other, too.

        An option that has a definition on one side only would look as if it came or went.
        """
        found = self.differences()
        unread = frozenset(element for one in found for element in one.unread)
        if not unread:
            return found
        for runner in (self.old, self.new):
            runner.unread, runner.results = unread, Results()
        self.compile(only_reached=False)
        return self.differences()

    def differences(self) -> list[Difference]:
        old, new = self.old.results, self.new.results
        pairs = universe_pairs(self.root_pairs(), old.universes, new.universes)
        reached = (path for path in self.reached if old.left_out.get(path) or new.left_out.get(path))
        return differences(self.old, self.new, pairs, [*self.kept, *reached])

    def mentions(self) -> dict[str, list[str]]:
        if self.index is None:
            source = users.cheaper(self.old.side.snapshot, self.new.side.snapshot)
            self.index = users.by_mention(source.mentions())
        return self.index

    def find_roots(self, paths: Sequence[str]) -> None:
        """Give each path its root on each side that has it."""
        inferred = [
            runner.side.infer([path for path in paths if path in runner.side.snapshot.files])
            for runner in (self.old, self.new)
        ]
        for path in paths:
            one, other = inferred[0].get(path), inferred[1].get(path)
            if all(root is None or root.strength == GUESSED for root in (one, other)):
                mentioned = users.mentioned_root(path, self.mentions())
                one, other = one and mentioned, other and mentioned
            self.old_roots[path], self.new_roots[path] = roots.agreed(one, other)

    def users(self, seeds: Iterable[str]) -> list[str]:
        """The unchanged files that may import one of the seeds."""
        old, new = self.old.side.snapshot, self.new.side.snapshot
        seeds, links = set(seeds), {**old.links, **new.links}
        found = users.users_of(seeds, self.mentions(), links)
        if len(found) > _MANY and self.old.results.where:
            found = narrowed(
                {path: self.touched(path) for path in seeds}, users.direct(self.mentions(), links), self.texts
            )
        return sorted(
            path
            for path in found
            if path in old.files and old.files[path] == new.files.get(path) and not self.exclude(path)
        )

    def touched(self, path: str) -> Names:
        """What others may refer to of a changed file, as far as the change touches it."""
        old, new = self.old.results, self.new.results
        if path not in old.where or path not in new.where:
            return None
        return touched(old.descriptor(path), new.descriptor(path))

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """The texts of files of either side, which are not kept: there may be thousands."""
        snapshot = self.new.side.snapshot
        for chunk in batched(sorted(paths), _CHUNK):
            found = snapshot.read(path for path in chunk if path in snapshot.files)
            for path in chunk:
                text = found.get(path)
                yield path, text if isinstance(text, bytes) else None

    def root_pairs(self) -> dict[str, str]:
        paths = [*self.kept, *self.reached]
        return roots.pair_roots(
            {path: self.old_roots[path] for path in paths if path in self.old.side.snapshot.files},
            {path: self.new_roots[path] for path in paths if path in self.new.side.snapshot.files},
        )

    def compile(self, only_reached: bool) -> None:
        """Compile what differs; with `only_reached` only the roots that hold a reached file, wholly again."""
        old_parts = self.parts(self.old, self.old_roots)
        new_parts = self.parts(self.new, self.new_roots)
        self.drop_same(old_parts, new_parts)
        if only_reached:
            old_parts = self.with_reached(self.old, old_parts)
            new_parts = self.with_reached(self.new, new_parts)
        compile_both(self.old, old_parts, self.new, new_parts)

    def parts(self, runner: Runner, side_roots: dict[str, str]) -> list[Part]:
        """Files of both sides come first, so that a new file that clashes with one is the one set apart."""
        old, new = self.old.side.snapshot.files, self.new.side.snapshot.files
        kept = sorted(self.kept, key=lambda path: (path not in old or path not in new, path))
        targets = {
            path: side_roots[path] for path in (*kept, *self.reached) if path in runner.side.snapshot.files
        }
        runner.side.read_closures(targets)
        return plan.parts(targets, runner.side)

    def drop_same(self, old_parts: Sequence[Part], new_parts: Sequence[Part]) -> None:
        """Take out the targets whose whole closure is the same on both sides."""
        pairs = self.root_pairs()
        by_key = {part.key: part for part in old_parts}
        for new in new_parts:
            old = by_key.get(pairs.get(new.key, new.key))
            if old is None:
                continue
            dirty = plan.dirty(old, self.old.side, new, self.new.side)
            clean = (set(old.targets) & set(new.targets)) - dirty
            for part in (old, new):
                part.targets = [name for name in part.targets if name not in clean]

    def with_reached(self, runner: Runner, parts: Sequence[Part]) -> list[Part]:
        reached = set(self.reached)
        again = {part.root for part in parts if any(part.names[name] in reached for name in part.targets)}
        runner.results.forget(again)
        chosen = [part for part in parts if part.root in again]
        for part in chosen:
            part.targets = [name for name in part.targets if part.names[name] not in runner.results.problems]
        return chosen


def batched(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
