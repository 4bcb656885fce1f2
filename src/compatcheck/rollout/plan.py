"""The order in which several services can go to new versions, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from compatcheck.rollout.back import back
from compatcheck.rollout.live import Live, Setting, Strategy
from compatcheck.rollout.moves import Conflict, Move, NoReturn, WayOut
from compatcheck.rollout.pairs import Pair, Verdict
from compatcheck.rollout.precedence import Before, Cause, Unit, before, cycles, layers, stuck, units_of
from compatcheck.rollout.sources import Sources
from compatcheck.rollout.watch import State, Watch, meeting_of
from compatcheck.rollout.ways import Ways, tangles

__all__ = ["Conflict", "Move", "NoReturn", "Plan", "WayOut", "plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """An order of moves, or what has none."""

    waves: tuple[tuple[Move, ...], ...]
    """What may be deployed in parallel, in order. With conflicts: what can be deployed all the same."""
    conflicts: tuple[Conflict, ...]
    existing: tuple[Pair, ...]
    """The pairs of the services that move, and of their neighbours, that are not safe already."""
    no_return: tuple[NoReturn, ...]


def plan(
    setting: Setting,
    live: Live,
    targets: Mapping[str, str],
    strategy: Strategy,
    sources: Sources | None = None,
) -> Plan:
    """How the targets (service to version) can be reached so that whoever meets can talk, in every state on the way.

    A pair that is bad once two services are at certain places is bad whatever the others do. So each pair of
    services by itself says which of them must be done first, and an order is one of the graph of these
    constraints. `sources`: schemas; without them no expand-contract is looked for.
    """
    watch = Watch(setting, live, sources.calls if sources is not None else None)
    units = units_of(targets, watch, strategy)
    order = before(units, watch)
    causes = (*stuck(units, watch), *cycles(order, units, watch))
    by_name = {unit.name: unit for unit in units}
    blocked = {name for cause in causes for name in cause.units}
    waiting = _held(blocked, order)
    going = [name for name in by_name if name not in blocked | waiting.keys()]
    layered = layers(going, (*order.must, *_providers_first([by_name[name] for name in going], order, watch)))
    waves = [[by_name[name] for name in layer] for layer in layered]
    reached = {service: stages[2] for wave in waves for one in wave for service, stages in one.stages.items()}
    ways = Ways(watch, strategy, reached, targets, sources)
    out = {
        cause: found
        for group, held in tangles(causes, units)
        for found in [ways.out_of(group, held)]
        for cause in group
    }
    conflicts = tuple(
        Conflict(cause.verdict, cause.services, cause.pairs, out[cause], _behind(cause, waiting, by_name))
        for cause in causes
    )
    return Plan(
        waves=tuple(tuple(move for one in wave for move in one.moves) for wave in waves),
        conflicts=conflicts,
        existing=watch.existing(watch.around(targets)),
        no_return=tuple(_no_return(waves, watch, strategy)),
    )


def _behind(cause: Cause, waiting: Mapping[str, set[str]], units: Mapping[str, Unit]) -> tuple[str, ...]:
    """The services that wait for one of a cause's."""
    names = [name for name, behind in waiting.items() if behind & set(cause.units)]
    return tuple(sorted(service for name in names for service in units[name].services))


def _held(blocked: set[str], order: Before) -> dict[str, set[str]]:
    """The units that are not blocked themselves and must come after one that is, with which ones these are."""
    held: dict[str, set[str]] = {name: {name} for name in blocked}
    changed = True
    while changed:
        changed = False
        for one, other in sorted(order.needs):
            behind = held.get(one, set()) - held.get(other, set())
            if behind and other not in blocked:
                held.setdefault(other, set()).update(behind)
                changed = True
    return {name: behind for name, behind in held.items() if name not in blocked}


def _providers_first(units: Sequence[Unit], before: Before, watch: Watch) -> Iterator[tuple[str, str]]:
    """Who is nowhere live goes before those that will call it, where nothing speaks against it."""
    owner = {service: unit.name for unit in units for service in unit.services}
    order = set(before.must)
    for edge in watch.around(owner):
        ends = (owner.get(edge.provider), owner.get(edge.client))
        one, other = ends
        if one is None or other is None or one == other or watch.now(edge.provider).live:
            continue
        if not _leads(other, one, order):
            order.add((one, other))
            yield one, other


def _leads(start: str, end: str, order: set[tuple[str, str]]) -> bool:
    reached = {start}
    pending = [start]
    while pending:
        name = pending.pop()
        new = {other for one, other in order if one == name} - reached
        reached |= new
        pending.extend(new)
    return end in reached


def _no_return(waves: Sequence[Sequence[Unit]], watch: Watch, strategy: Strategy) -> Iterator[NoReturn]:
    """For each service the first wave after which it cannot go back alone to what was live before."""
    state: dict[str, tuple[Move, int]] = {}
    reached: State = {}
    closed: set[str] = set()
    for number, wave in enumerate(waves, 1):
        reached = {**reached, **{name: stages[2] for one in wave for name, stages in one.stages.items()}}
        state |= {move.service: (move, number) for one in wave for move in one.moves}
        live = {**watch.live, **{name: local.live for name, local in reached.items()}}
        for service in sorted(state.keys() - closed):
            old = watch.now(service).live
            edges = watch.around((service,))
            if not old or not edges:
                continue
            setting = replace(watch.setting, edges=edges)
            found = back(setting, live, service, old, watch.known(edges), strategy)
            pairs = tuple(pair for pair in found if watch.weight(pair) is not Verdict.SAFE)
            if pairs:
                closed.add(service)
                unique = {meeting_of(pair): pair for pair in pairs}
                yield NoReturn(number, service, old[-1].version, tuple(unique.values()))
