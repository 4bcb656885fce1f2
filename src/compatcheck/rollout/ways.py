"""Ways out of conflicts, each taken step by step in mind before it is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compatcheck.rollout.expand import CONTRACTED, EXPANDED, expand
from compatcheck.rollout.live import Strategy
from compatcheck.rollout.moves import Move, WayOut
from compatcheck.rollout.precedence import Cause, Unit, unit
from compatcheck.rollout.search import (
    MOST_UNITS,
    MOST_VERSIONS,
    Goal,
    Search,
    Steps,
    at,
    at_stage,
    versions_near,
)
from compatcheck.rollout.sources import Sources
from compatcheck.rollout.watch import Local, State, Watch


@dataclass(frozen=True, slots=True)
class _Drained:
    """What has to happen to bystanders first, and where that leads."""

    state: State
    steps: Steps = ()
    changes: tuple[str, ...] = ()


def tangles(causes: Sequence[Cause], units: Iterable[Unit]) -> Iterator[tuple[list[Cause], list[Unit]]]:
    """The causes in groups that share a unit, with the units of each group: who leaves one has to leave all."""
    left = [(cause, [one for one in units if set(one.services) & set(cause.services)]) for cause in causes]
    while left:
        group, left = left[:1], left[1:]
        grown = True
        while grown:
            names = {one.name for _, held in group for one in held}
            near = [found for found in left if names & {one.name for one in found[1]}]
            left = [found for found in left if found not in near]
            group += near
            grown = bool(near)
        held = {one.name: one for _, units_ in group for one in units_}
        yield [cause for cause, _ in group], [held[name] for name in sorted(held)]


class Ways:
    """The ways out of the conflicts of one plan. `start`: where its waves have led."""

    def __init__(
        self,
        watch: Watch,
        strategy: Strategy,
        start: State,
        targets: Mapping[str, str],
        sources: Sources | None,
    ) -> None:
        self._watch = watch
        self._strategy = strategy
        self._start = start
        self._targets = targets
        self._sources = sources
        # What is only a step on the way is not left half done.
        self._steady = Strategy.ROLLING if strategy is Strategy.CANARY else strategy

    def out_of(self, causes: Sequence[Cause], units: Sequence[Unit]) -> tuple[WayOut, ...]:
        """The ways out of some causes together; `units` are those of their services that are to move."""
        while True:
            found = tuple(self._found(causes, units))
            edges = self._sources.edges() if self._sources is not None and self._sources.edges else ()
            if set(edges) <= set(self._watch.setting.edges):
                return found
            # A version between calls whom no other one calls.
            self._watch = self._watch.over(edges)

    def _found(self, causes: Sequence[Cause], units: Sequence[Unit]) -> Iterator[WayOut]:
        drained = self._drained(causes, units)
        if drained is None:
            return
        goals = [_goal(one) for one in units]
        if drained.steps:
            steps = _joined(drained.state, [(goals, Search(self._watch, self._strategy))])
            if steps is not None:
                acting = sorted({move.service for step in drained.steps for move in step})
                yield WayOut("drain", tuple(acting), (*drained.steps, *steps), drained.changes)
                return
        for found in (
            self._together(units, drained.state),
            self._intermediate(units, drained.state),
            self._expanded(units, drained.state),
        ):
            if found is not None:
                kind, services, steps, changes = found.kind, found.services, found.steps, found.changes
                yield WayOut(kind, services, (*drained.steps, *steps), (*drained.changes, *changes))

    def _together(self, units: Sequence[Unit], state: State) -> WayOut | None:
        # A router keeps calls apart. What goes through a channel is stored, and meets everybody.
        moving = [
            (move.service, move.new, at(self._watch, state, move.service))
            for one in units
            for move in one.moves
        ]
        moved = unit(moving, self._watch, self._steady)
        edges = self._watch.around(moved.services)
        through = [edge for edge in edges if edge.channel]
        both, new = ({**state, **at_stage(moved, stage)} for stage in (1, 2))
        if any(self._watch.bad_in(through, both)) or any(self._watch.bad_in(edges, new)):
            return None
        moves = tuple(
            move for move, (_, _, here) in zip(moved.moves, moving, strict=True) if not _is_at(here, move)
        )
        return WayOut("switch-together", tuple(sorted(move.service for move in moves)), (moves,))

    def _intermediate(self, units: Sequence[Unit], state: State) -> WayOut | None:
        if len(units) > MOST_UNITS:
            return None
        between = {}
        for one in units:
            known = [self._watch.setting.history(service) for service in one.services]
            shared = tuple(version for version in known[0] if all(version in other for other in known))
            near = versions_near(shared, one.moves[0].old, one.moves[0].new)
            between[_goal(one)] = [tuple((name, version) for name in one.services) for version in near]
        steps = Search(self._watch, self._strategy).way(state, list(between), between)
        if steps is None:
            return None
        goals = {one for goal in between for one in goal}
        acting = {move.service for step in steps for move in step if (move.service, move.new) not in goals}
        return WayOut("intermediate", tuple(sorted(acting)), steps)

    def _expanded(self, units: Sequence[Unit], state: State) -> WayOut | None:
        moves = [move for one in units for move in one.moves]
        names = {move.service for move in moves}
        if self._sources is None or len(units) > MOST_UNITS or names & state.keys():
            return None
        if any(len(move.old) != 1 for move in moves):
            return None
        edges = [edge for edge in self._watch.around(sorted(names)) if {edge.client, edge.provider} <= names]
        expansion = expand(moves, edges, self._sources)
        watch = self._watch.judging(expansion.judge(self._watch.setting, self._sources))
        search = Search(watch, self._strategy)
        expanded = [tuple((name, EXPANDED) for name in one.services) for one in units]
        for version, changes in (("", expansion.changes), (CONTRACTED, expansion.all_changes)):
            last = [tuple((move.service, version or move.new) for move in one.moves) for one in units]
            if expansion.fresh.fields:
                # Who reads only what is new needs writers that have it, whatever a single pair makes of it.
                phases = ((expanded, Search(watch, self._steady)), (last, search))
                steps = _joined(state, phases)
            else:
                between = {goal: [middle] for goal, middle in zip(last, expanded, strict=True)}
                steps = search.way(state, last, between)
            if steps is not None:
                return WayOut("expand-contract", tuple(sorted(names)), steps, changes)
        return None

    def _drained(self, causes: Sequence[Cause], units: Sequence[Unit]) -> _Drained | None:
        """All bystanders at versions that suit what the units go to. None: one of them has to stay."""
        moving = {service for one in units for service in one.services}
        new = {service: stages[2] for one in units for service, stages in one.stages.items()}
        bystanders = sorted({name for cause in causes for name in cause.services} - moving)
        found = _Drained(self._start)
        # Who is where the plan wants it stays there, and nobody drains an external service.
        if set(bystanders) & (self._targets.keys() | self._watch.setting.external):
            return None
        for name in bystanders:
            unfit = dict.fromkeys(version for cause in causes for version in _versions_of(name, cause))
            moved = self._replaced(name, unfit, found, new) or self._gone(name, unfit, found, new)
            if moved is None:
                return None
            found = moved
        return found

    def _replaced(
        self, name: str, unfit: Mapping[str, None], before: _Drained, new: State
    ) -> _Drained | None:
        live = [one.version for one in at(self._watch, before.state, name).live]
        known = versions_near(self._watch.setting.history(name), live, "")
        search = Search(self._watch, self._steady)
        for version in [*(one for one in live if one not in unfit), *known][:MOST_VERSIONS]:
            moved = search.step(before.state, ((name, version),))
            if moved is not None and self._suits(name, {**moved[1], **new}):
                return _Drained(moved[1], (*before.steps, moved[0]), before.changes)
        return None

    def _gone(self, name: str, unfit: Mapping[str, None], before: _Drained, new: State) -> _Drained | None:
        here = at(self._watch, before.state, name)
        state = {**before.state, name: self._watch.left(name, here, ())}
        if any(one.version not in unfit for one in here.live) or not self._suits(name, {**state, **new}):
            return None
        wanted = ", ".join(f"{service} {local.live[-1].version}" for service, local in sorted(new.items()))
        told = f"no known version of {name} suits {wanted} and what is live: one that does has to be made"
        return _Drained(state, (*before.steps, (Move(name, tuple(unfit), ""),)), (*before.changes, told))

    def _suits(self, name: str, state: State) -> bool:
        return not any(self._watch.bad_in(self._watch.around((name,)), state))


def _joined(state: State, phases: Iterable[tuple[Sequence[Goal], Search]]) -> Steps | None:
    """The steps to all goals of one phase, in parallel if that is safe, and then to those of the next one."""
    steps: Steps = ()
    for goals, search in phases:
        found = search.wave(state, goals)
        if found is not None:
            steps, state = (*steps, found[0]), found[1]
            continue
        way = search.way(state, goals, dict.fromkeys(goals, ())) if len(goals) <= MOST_UNITS else None
        if way is None:
            return None
        for moves in way:
            found = search.step(state, tuple((move.service, move.new) for move in moves))
            assert found is not None
            state = found[1]
        steps += way
    return steps


def _goal(one: Unit) -> Goal:
    return tuple((move.service, move.new) for move in one.moves)


def _is_at(here: Local, move: Move) -> bool:
    return [one.version for one in here.live] == [move.new]


def _versions_of(service: str, cause: Cause) -> Iterator[str]:
    """The versions of a service in the pairs of a cause."""
    for pair in cause.pairs:
        if pair.edge.client == service:
            yield pair.client_version
        if pair.edge.provider == service:
            yield pair.provider_version
