"""Finds the shortest way of single steps, each of them safe, that leads services to their targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from compatcheck.rollout.live import Strategy
from compatcheck.rollout.moves import Move
from compatcheck.rollout.precedence import Unit, unit
from compatcheck.rollout.watch import Local, State, Watch

MOST_UNITS, MOST_VERSIONS, MOST_TRIED = 4, 8, 1500
"""Units and versions of each that a search combines, and steps that it tries before it gives up."""

Goal = tuple[tuple[str, str], ...]
"""Services that move in one step, each with its version."""
Steps = tuple[tuple[Move, ...], ...]


class Search:
    """Steps from one state of a plan on."""

    def __init__(self, watch: Watch, strategy: Strategy) -> None:
        self._watch = watch
        self._strategy = strategy

    def step(self, state: State, goal: Goal, last: bool = True) -> tuple[tuple[Move, ...], State] | None:
        """The moves to some versions and the state that they lead to; None if they are not safe.

        Only the `last` step of a service is a canary: whoever goes on from a version has it everywhere.
        """
        strategy = self._strategy
        if strategy is Strategy.CANARY and not last:
            strategy = Strategy.ROLLING
        here = [(service, version, at(self._watch, state, service)) for service, version in goal]
        made = unit(here, self._watch, strategy)
        for stage in (1, 2):
            edges = self._watch.around(made.services)
            if any(self._watch.bad_in(edges, {**state, **at_stage(made, stage)})):
                return None
        return made.moves, {**state, **at_stage(made, 2)}

    def wave(self, state: State, goals: Sequence[Goal]) -> tuple[tuple[Move, ...], State] | None:
        """The same for steps in parallel."""
        return self.step(state, tuple(chain.from_iterable(goals)))

    def way(
        self, start: State, goals: Sequence[Goal], between: Mapping[Goal, Sequence[Goal]]
    ) -> Steps | None:
        """The shortest steps to all goals, over versions that each may have `between`. None: none was found.

        Of equally short ways it is the first by the order of the goals and of what is between.
        """
        first = _frozen(start, goals)
        ways: dict[tuple[object, ...], Steps] = {first: ()}
        pending: list[State] = [start]
        tried = 0
        for state in pending:
            taken = ways[_frozen(state, goals)]
            for goal in goals:
                if self._is_reached(state, goal):
                    continue
                for step in (goal, *between[goal]):
                    if self._is_reached(state, step):
                        continue
                    tried += 1
                    found = self.step(state, step, last=step == goal)
                    if found is None or _frozen(found[1], goals) in ways:
                        continue
                    moves, reached = found
                    ways[_frozen(reached, goals)] = (*taken, moves)
                    if all(self._is_reached(reached, one) for one in goals):
                        return (*taken, moves)
                    pending.append(reached)
            if tried > MOST_TRIED:
                return None
        return None

    def _is_reached(self, state: State, goal: Goal) -> bool:
        places = [(at(self._watch, state, service).live, version) for service, version in goal]
        return all(live and live[-1].version == version for live, version in places)


def at(watch: Watch, state: State, service: str) -> Local:
    return state.get(service) or watch.now(service)


def at_stage(moved: Unit, stage: int) -> State:
    return {service: stages[stage] for service, stages in moved.stages.items()}


def versions_near(history: Sequence[str], old: Sequence[str], new: str) -> tuple[str, ...]:
    """Versions other than those, from between them outwards; the newer first where they are equally near."""
    known = [history.index(one) for one in (*old, new) if one in history]
    if not known:
        return tuple(reversed(history))[:MOST_VERSIONS]
    low, high = min(known), max(known)
    places = [place for place, one in enumerate(history) if one not in (*old, new)]
    places.sort(key=lambda place: (max(low - place, place - high, 0), -place))
    return tuple(history[place] for place in places[:MOST_VERSIONS])


def _frozen(state: State, goals: Sequence[Goal]) -> tuple[object, ...]:
    return tuple(state.get(service) for service, _ in chain.from_iterable(goals))
