"""Which of several services that move must be done before others start, and which sets of them block each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import combinations

from compatcheck.rollout.edges import Edge
from compatcheck.rollout.live import Meeting, Strategy
from compatcheck.rollout.moves import Move
from compatcheck.rollout.pairs import Pair, Verdict
from compatcheck.rollout.watch import Local, Watch, meeting_of

Graph = Mapping[tuple[str, str], tuple[Pair, ...]]
"""(unit, other unit) -> the pairs for which the one must be done before the other starts."""
_BEFORE, _DURING, _AFTER = range(3)


@dataclass(frozen=True, slots=True)
class Unit:
    """Services that move in the same step: one, or the members of a group that are among the targets."""

    moves: tuple[Move, ...]
    stages: Mapping[str, tuple[Local, Local, Local]]
    """Service -> where it stands before, during and after its move."""

    @property
    def name(self) -> str:
        return self.moves[0].service

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(self.stages)


@dataclass(frozen=True, slots=True)
class Before:
    """What must be done before what."""

    must: Graph
    needs: frozenset[tuple[str, str]]
    """(unit, other unit): the other one cannot go as long as the one has not moved."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What keeps services from moving, for itself."""

    verdict: Verdict
    services: tuple[str, ...]
    units: tuple[str, ...]
    """Those that cannot move; a unit with some of `services` may be able to."""
    pairs: tuple[Pair, ...]


def units_of(targets: Mapping[str, str], watch: Watch, strategy: Strategy) -> tuple[Unit, ...]:
    """The targets as units, without those that are all that is live already."""
    together: dict[str, list[str]] = {}
    for service in sorted(targets):
        if [one.version for one in watch.now(service).live] != [targets[service]]:
            group = watch.setting.groups.get(service)
            together.setdefault(f"group {group}" if group is not None else f"one {service}", []).append(
                service
            )
    return tuple(
        unit([(service, targets[service], watch.now(service)) for service in services], watch, strategy)
        for services in sorted(together.values())
    )


def unit(moving: Iterable[tuple[str, str, Local]], watch: Watch, strategy: Strategy) -> Unit:
    """Services, each with the version it goes to and where it stands."""
    moves, stages = [], {}
    for service, version, here in moving:
        old = tuple(dict.fromkeys(one.version for one in here.live if one.version != version))
        moves.append(Move(service, old, version))
        stages[service] = (here, *watch.leaving(service, here, version, strategy))
    return Unit(tuple(moves), stages)


def stuck(units: Sequence[Unit], watch: Watch) -> Iterator[Cause]:
    """The units that cannot move at all: a bystander does not suit them, or they do not suit themselves."""
    moving = {service for unit in units for service in unit.services}
    for unit in units:
        found: dict[tuple[str, ...], dict[Meeting, Pair]] = {}
        edges = [
            edge
            for edge in watch.around(unit.services)
            if {edge.client, edge.provider} <= set(unit.services)
            or not {edge.client, edge.provider} <= moving
        ]
        for stage in (_DURING, _AFTER):
            state = {service: stages[stage] for service, stages in unit.stages.items()}
            for pair in watch.bad_in(edges, state):
                ends = tuple(sorted({pair.edge.client, pair.edge.provider}))
                found.setdefault(ends, {})[meeting_of(pair)] = pair
        for services in sorted(found):
            yield _cause(services, (unit.name,), tuple(found[services].values()), watch)


def before(units: Sequence[Unit], watch: Watch) -> Before:
    """The constraints of all pairs of units. Both ways round: there is no order of the two."""
    must = {}
    needs = set()
    edges: dict[frozenset[str], list[Edge]] = {}
    owner = {service: unit.name for unit in units for service in unit.services}
    for edge in watch.around(owner):
        ends = frozenset(owner[one] for one in (edge.client, edge.provider) if one in owner)
        edges.setdefault(ends, []).append(edge)
    by_name = {unit.name: unit for unit in units}
    for one, other in combinations(sorted(by_name), 2):
        shared = edges.get(frozenset((one, other)), ())
        for first, second in ((one, other), (other, one)):
            # Whatever meets before that meets then as well: the one has its new version, the other one both.
            pairs = _bad_at(by_name[first], _AFTER, by_name[second], _DURING, shared, watch)
            if pairs:
                must[second, first] = pairs
                if _bad_at(by_name[first], _AFTER, by_name[second], _BEFORE, shared, watch):
                    needs.add((second, first))
    return Before(must, frozenset(needs))


def _bad_at(
    one: Unit, here: int, other: Unit, there: int, edges: Sequence[Edge], watch: Watch
) -> tuple[Pair, ...]:
    """The bad pairs while two units are at a stage each."""
    state = {service: stages[here] for service, stages in one.stages.items()}
    state |= {service: stages[there] for service, stages in other.stages.items()}
    return tuple(watch.bad_in(edges, state))


def cycles(before: Before, units: Sequence[Unit], watch: Watch) -> Iterator[Cause]:
    """The shortest cycles that share no constraint: those of mismatches first, then those that may be ones."""
    left = dict(before.must)
    certain = {
        key: tuple(pair for pair in pairs if watch.weight(pair) is Verdict.MISMATCH)
        for key, pairs in before.must.items()
    }
    certain = {key: pairs for key, pairs in certain.items() if pairs}
    names = {service: unit.name for unit in units for service in unit.services}
    for graph in (certain, left):
        while (cycle := _shortest_cycle(graph)) is not None:
            steps = list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
            pairs = _sorted({meeting_of(pair): pair for step in steps for pair in graph[step]}.values())
            ends = {name for pair in pairs for name in (pair.edge.client, pair.edge.provider)}
            verdict = Verdict.MISMATCH if graph is certain else Verdict.UNKNOWN
            blocked = [other for one, other in steps if (one, other) in before.needs]
            # Of two that each suit the other's old version, neither is chosen.
            yield Cause(verdict, tuple(sorted(ends & names.keys())), tuple(sorted(blocked or cycle)), pairs)
            for step in steps:
                certain.pop(step, None)
                left.pop(step, None)


def _shortest_cycle(graph: Graph) -> tuple[str, ...] | None:
    two = min((pair for pair in graph if pair[::-1] in graph), default=None)
    if two is not None:
        return two
    follows: dict[str, list[str]] = {}
    for one, other in sorted(graph):
        follows.setdefault(one, []).append(other)
    found = [cycle for start in follows if (cycle := _back_to(start, follows)) is not None]
    return min(found, key=lambda cycle: (len(cycle), cycle), default=None)


def _back_to(start: str, follows: Mapping[str, Sequence[str]]) -> tuple[str, ...] | None:
    """The shortest way from a unit to itself."""
    came_from: dict[str, str] = {}
    pending = [start]
    for name in pending:
        for other in follows.get(name, ()):
            if other == start:
                way = [name]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if other not in came_from:
                came_from[other] = name
                pending.append(other)
    return None


def layers(names: Iterable[str], must: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Names in the earliest layers that the constraints allow, which have no cycle."""
    needs: dict[str, set[str]] = {name: set() for name in names}
    for one, other in must:
        if one in needs and other in needs:
            needs[other].add(one)
    found = []
    while needs:
        ready = tuple(sorted(name for name, first in needs.items() if not first & needs.keys()))
        assert ready, "a cycle is a conflict, and nobody in it is layered"
        found.append(ready)
        for name in ready:
            del needs[name]
    return tuple(found)


def _cause(services: tuple[str, ...], units: tuple[str, ...], pairs: tuple[Pair, ...], watch: Watch) -> Cause:
    certain = tuple(pair for pair in pairs if watch.weight(pair) is Verdict.MISMATCH)
    verdict = Verdict.MISMATCH if certain else Verdict.UNKNOWN
    return Cause(verdict, services, units, _sorted(certain or pairs))


def _sorted(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs, key=lambda one: (astuple(one.edge), one.client_version, one.provider_version)))
