"""Loads comparisons in which a descriptor set takes part: all files of both sides are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from compatcheck.schema.compiling.bundled import is_bundled
from compatcheck.schema.compiling.wire import body, without_positions
from compatcheck.schema.loaded import Loaded, LoadedSide, Side, Universe
from compatcheck.schema.loading.assemble import without_moved
from compatcheck.schema.loading.whole import load_one
from compatcheck.source.snapshot import DescriptorSet, Source


def load_sets(
    old: Source, new: Source, *, roots: Sequence[str], exclude: Callable[[str], bool], timeout: float
) -> Loaded:
    """`load` where at least one side is a descriptor set. Its files get the other side's roots."""
    wholes = [
        load_one(
            source,
            lambda path: not exclude(path),
            roots=roots,
            positions=True,
            side=side,
            # A set has no text, so options that one side left out could be compared with nothing.
            stand_ins=False,
            timeout=timeout,
        )
        for source, side in _sides(old, new)
    ]
    unknown = [one for whole in wholes for one in whole.unknown]
    sides = [whole.side for whole in wholes]
    if isinstance(old, DescriptorSet) and not isinstance(new, DescriptorSet):
        sides[0] = LoadedSide(_spread(sides[0].universes[0], sides[1].universes))
    elif isinstance(new, DescriptorSet) and not isinstance(old, DescriptorSet):
        sides[1] = LoadedSide(_spread(sides[1].universes[0], sides[0].universes))
    hidden = [one.path for one in unknown]

    def excluded(universe: Universe, name: str) -> bool:
        path = universe.path(name)
        return exclude(path) or _is_one_of(path, hidden)

    compared = _compare(sides[0].universes, sides[1].universes, excluded)
    changed = {
        universe.path(name) for universes in compared for universe in universes for name in universe.compare
    }
    return Loaded(
        LoadedSide(compared[0], sides[0].texts),
        LoadedSide(compared[1], sides[1].texts),
        {
            universe.key: universe.key
            for universe in compared[1]
            if universe.key in {one.key for one in compared[0]}
        },
        tuple(sorted(unknown, key=lambda one: (one.path, one.side))),
        tuple(sorted(changed)),
    )


def _sides(old: Source, new: Source) -> tuple[tuple[Source, Side], tuple[Source, Side]]:
    return (old, "old"), (new, "new")


def _spread(universe: Universe, others: Sequence[Universe]) -> tuple[Universe, ...]:
    """One universe for each of the other side's that has files of the same names, all descriptors in each."""
    common = Counter({other.key: len(universe.owned & other.owned) for other in others})
    ranked = sorted(others, key=lambda other: (-common[other.key], other.key))
    places: dict[str, set[str]] = {}
    default = ranked[0].key if ranked else ""
    for name in universe.owned:
        home = next((other.key for other in ranked if name in other.owned), None)
        if home is not None or not is_bundled(name):
            places.setdefault(default if home is None else home, set()).add(name)
    roots = {other.key: other.root for other in others}
    return tuple(
        replace(universe, key=key, root=roots.get(key, ""), owned=frozenset(places[key]))
        for key in sorted(places)
    )


def _compare(
    old: Sequence[Universe], new: Sequence[Universe], excluded: Callable[[Universe, str], bool]
) -> tuple[tuple[Universe, ...], tuple[Universe, ...]]:
    """Both sides with `compare` set: what differs and what one side lacks, without files that only moved."""
    olds = {(universe.key, name): universe for universe in old for name in universe.owned}
    news = {(universe.key, name): universe for universe in new for name in universe.owned}
    shared = {
        place
        for place in olds.keys() & news.keys()
        if without_positions(olds[place].descriptors[place[1]])
        != without_positions(news[place].descriptors[place[1]])
    }
    only_old, only_new = without_moved(
        sorted(olds.keys() - news.keys()),
        lambda place: body(olds[place].descriptors[place[1]]),
        sorted(news.keys() - olds.keys()),
        lambda place: body(news[place].descriptors[place[1]]),
    )

    def compared(universes: Sequence[Universe], places: set[tuple[str, str]]) -> tuple[Universe, ...]:
        return tuple(
            replace(
                universe,
                compare=frozenset(
                    name for key, name in places if key == universe.key and not excluded(universe, name)
                ),
            )
            for universe in universes
        )

    return compared(old, shared | set(only_old)), compared(new, shared | set(only_new))


def _is_one_of(path: str, hidden: Iterable[str]) -> bool:
    """Whether a path or import name may stand for a file that is unknown on one side."""
    return any(path == one or path.endswith("/" + one) or one.endswith("/" + path) for one in hidden)
