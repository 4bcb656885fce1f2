"""What holds of every plan, by brute force on small random systems."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from random import Random

import pytest

from compatcheck.config.model import Deployed
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.live import Setting, Strategy, meetings
from compatcheck.rollout.moves import WayOut
from compatcheck.rollout.order import StepOrder, step_order
from compatcheck.rollout.pairs import Judgement, Verdict, overall
from compatcheck.rollout.plan import Plan, plan
from rollout.worlds import (
    State,
    World,
    bad,
    by_service,
    during_only,
    finished,
    interleavings,
    left,
    random_world,
    start,
)

CHUNKS, WORLDS = 4, 500


def planned(world: World) -> Plan:
    return plan(world.setting, world.live, world.targets, world.strategy)


def walked(world: World, found: Plan) -> State:
    """The state when all waves are done."""
    state = start(world)
    for wave in found.waves:
        state = finished(world, state, by_service(wave), world.strategy)
    return state


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_state_of_a_plan_has_a_new_bad_meeting(chunk: int) -> None:
    several = 0
    for seed in range(WORLDS):
        world = random_world(Random(f"{chunk}/{seed}"))
        found = planned(world)
        state = start(world)
        for wave in found.waves:
            several += len(wave) > 1
            for one in interleavings(world, state, by_service(wave), world.strategy):
                assert not bad(world, one), (chunk, seed, wave)
            state = finished(world, state, by_service(wave), world.strategy)
    assert several > 20


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_where_the_planner_finds_no_order_there_is_none(chunk: int) -> None:
    counts = dict.fromkeys(Verdict, 0)
    for seed in range(WORLDS):
        world = random_world(Random(f"{chunk}/{seed}"))
        found = planned(world)
        verdict = overall(one.verdict for one in found.conflicts) if found.conflicts else Verdict.SAFE
        counts[verdict] += 1
        assert (verdict is Verdict.SAFE) == has_order(world, True), (chunk, seed)
        assert (verdict is not Verdict.MISMATCH) == has_order(world, False), (chunk, seed)
        moved = {move.service for wave in found.waves for move in wave}
        blocked = {name for one in found.conflicts for name in (*one.services, *one.waiting)}
        left_out = {name for name in world.targets if name not in moved | blocked}
        assert all(is_there(world, name) for name in left_out), (chunk, seed, left_out)
    assert min(counts.values()) > 5


def is_there(world: World, service: str) -> bool:
    """Whether it has nothing to move for: itself, or all of its group but who is blocked."""
    target = [world.targets[service]]
    return [one.version for one in world.live[service]] == target or service in world.setting.groups


def has_order(world: World, unknown_counts: bool) -> bool:
    """Whether any order of single steps leads to all targets."""
    units: dict[str, dict[str, str]] = {}
    for service, version in world.targets.items():
        if [one.version for one in world.live[service]] != [version]:
            units.setdefault(world.setting.groups.get(service, service), {})[service] = version
    pending: list[tuple[State, frozenset[str]]] = [(start(world), frozenset())]
    seen = {frozenset[str]()}
    for state, done in pending:
        if done == units.keys():
            return True
        for name, moves in units.items():
            if name in done or done | {name} in seen:
                continue
            steps = interleavings(world, state, moves, world.strategy)
            if not any(bad(world, one, unknown_counts) for one in steps):
                seen.add(done | {name})
                pending.append((finished(world, state, moves, world.strategy), done | {name}))
    return not units


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_ways_out_are_safe_in_every_state(chunk: int) -> None:
    kinds = {"switch-together": 0, "intermediate": 0, "drain": 0}
    for seed in range(WORLDS):
        world = random_world(Random(f"{chunk}/{seed}"))
        found = planned(world)
        for conflict in found.conflicts:
            for way in conflict.ways_out:
                kinds[way.kind] += 1
                follow(world, walked(world, found), way, (chunk, seed))
    assert min(kinds.values()) > 3, kinds


def follow(world: World, state: State, way: WayOut, seed: object) -> None:
    """Takes the steps of a way out, and finds nothing bad and the targets reached."""
    steady = Strategy.ROLLING if world.strategy is Strategy.CANARY else world.strategy
    together = way.steps[-1] if way.kind == "switch-together" else None
    for number, step in enumerate(way.steps):
        moves = by_service(step)
        if step is together:
            both = State({**state.live, **during_only(state.live, moves, steady)}, state.written)
            assert not {one for one in bad(world, both) if one.edge.channel}, seed
            state = finished(world, state, moves, steady)
            assert not bad(world, state), seed
            continue
        if "" in moves.values():
            (move,) = step
            kept = tuple(one for one in state.live[move.service] if one.version not in move.old)
            state = left(state, {**state.live, move.service: kept})
            continue
        later = {move.service for one in way.steps[number + 1 :] for move in one}
        last = moves.keys() <= world.targets.keys() - later
        strategy = world.strategy if last else steady
        for one in interleavings(world, state, moves, strategy):
            assert not bad(world, one), (seed, way)
        state = finished(world, state, moves, strategy)
    acting = {move.service for step in way.steps for move in step}
    for service in acting & world.targets.keys():
        assert state.live[service][-1].version == world.targets[service], (seed, way)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_after_no_wave_before_the_one_that_is_named_the_way_back_is_closed(chunk: int) -> None:
    closed = 0
    for seed in range(WORLDS):
        world = random_world(Random(f"{chunk}/{seed}"))
        found = planned(world)
        told = {one.service: one for one in found.no_return}
        state = start(world)
        moved: set[str] = set()
        for number, wave in enumerate(found.waves, 1):
            state = finished(world, state, by_service(wave), world.strategy)
            moved |= {move.service for move in wave}
            for service in moved:
                if not world.live[service] or service in world.setting.external:
                    continue
                returned = State({**state.live, service: world.live[service]}, {})
                calls = {one for one in bad(world, returned) if not one.edge.channel}
                open_so_far = service not in told or told[service].wave > number
                if service not in world.setting.groups:
                    assert not (calls and open_so_far), (chunk, seed, service, number)
        closed += len(told)
        for one in found.no_return:
            assert one.pairs and one.service in moved
    assert closed > 5


def test_a_plan_is_the_same_every_time() -> None:
    for seed in range(50):
        world, same = (random_world(Random(seed)) for _ in range(2))
        assert planned(world) == planned(same)
        turned = dict(reversed(list(world.targets.items())))
        assert planned(world) == plan(world.setting, world.live, turned, world.strategy)


WAVES: Mapping[StepOrder, list[list[str]]] = {
    StepOrder.ANY: [["client", "provider"]],
    StepOrder.PROVIDER_FIRST: [["provider"], ["client"]],
    StepOrder.CLIENT_FIRST: [["client"], ["provider"]],
    StepOrder.NONE: [],
}


@pytest.mark.parametrize("judged", list(product(Verdict, repeat=3)))
def test_the_order_of_a_step_is_that_of_the_plan(judged: tuple[Verdict, Verdict, Verdict]) -> None:
    verdicts = dict(zip((("1", "2"), ("2", "1"), ("2", "2")), judged, strict=True))
    verdicts["1", "1"] = Verdict.SAFE
    edge = Edge("client", "provider")
    setting = Setting(
        edges=(edge,),
        channels={},
        groups={},
        external=frozenset(),
        history=lambda service: ("1", "2"),  # noqa: ARG005
        judge=lambda _, client, provider: Judgement(verdicts[client, provider]),
    )
    live = {name: (Deployed("1"),) for name in ("client", "provider")}
    assert len(meetings(setting, live)) == 1
    found = plan(setting, live, {"client": "2", "provider": "2"}, Strategy.ROLLING)
    order = step_order(lambda *pair: verdicts[pair], ("1", "1"), ("2", "2"))
    waves = [[move.service for move in wave] for wave in found.waves]
    if order in WAVES:
        assert waves == WAVES[order]
        assert bool(found.conflicts) == (order is StepOrder.NONE)
    elif sum(map(len, waves)) == 2:
        # There is an order whatever the unknown pair says.
        assert verdicts["2", "2"] is Verdict.SAFE and not found.conflicts
        assert waves in (WAVES[StepOrder.PROVIDER_FIRST], WAVES[StepOrder.CLIENT_FIRST])
    else:
        assert found.conflicts
