"""Small random systems of services with made-up verdicts, and every state that a step in them goes through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from random import Random

from compatcheck.config.model import Channel, Deployed, Phase
from compatcheck.reads.effects import Effect, Surface
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.live import Live, Meeting, Setting, Strategy, after, during, meetings
from compatcheck.rollout.moves import Move
from compatcheck.rollout.pairs import Judgement, Missing, Reason, Verdict

VERSIONS = ("1", "2", "3")
_EFFECTS = (Effect.REJECTED, Effect.MISREAD, Effect.UNROUTABLE)
_PHASES: tuple[Phase, ...] = ("stable", "stable", "stable", "canary", "draining")

Written = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class World:
    setting: Setting
    live: Live
    targets: Mapping[str, str]
    strategy: Strategy


@dataclass(frozen=True)
class State:
    """What is live, and whose values are stored without being live."""

    live: Live
    written: Written


def random_world(random: Random) -> World:
    services = [f"s{number}" for number in range(random.randrange(2, 6))]
    edges = {Edge(*random.choices(services, k=2)) for _ in range(random.randrange(1, 7))}
    channels = {}
    if random.random() < 0.4:
        writer, reader = random.choices(services, k=2)
        since = random.choice(({}, {writer: "live"}, {writer: "2"}))
        channels["topic"] = Channel("topic", "p.M", (writer,), (reader,), since)
        edges.add(Edge(writer, reader, "topic"))
    grouped = random.sample(services, 2) if random.random() < 0.3 else []
    live = {service: _live(random) for service in services}
    moving = random.sample(services, random.randrange(1, len(services) + 1))
    if grouped and random.random() < 0.7:
        # Who is deployed together has as many deployments.
        live[grouped[1]] = live[grouped[0]]
        moving = [*dict.fromkeys((*moving, *grouped))]
    versions = VERSIONS if random.random() < 0.3 else VERSIONS[1:]
    table = _table(random, edges)
    setting = Setting(
        edges=tuple(sorted(edges, key=lambda edge: (edge.client, edge.provider, edge.channel))),
        channels=channels,
        groups=dict.fromkeys(grouped, "pod"),
        external=frozenset(random.sample(services, 1)) if random.random() < 0.2 else frozenset(),
        history=lambda service: VERSIONS,  # noqa: ARG005
        judge=lambda edge, client, provider: table[edge, client, provider],
    )
    targets = {service: random.choice(versions) for service in moving}
    return World(setting, live, targets, random.choice(tuple(Strategy)))


def _live(random: Random) -> tuple[Deployed, ...]:
    if random.random() < 0.05:
        return ()
    if random.random() < 0.8:
        return (Deployed(random.choice(("1", "1", "2", "3"))),)
    return (Deployed("1", random.choice(_PHASES)), Deployed("2"))


def _table(random: Random, edges: Iterable[Edge]) -> dict[tuple[Edge, str, str], Judgement]:
    safe = random.choice((0.6, 0.8, 0.9))
    return {
        (edge, client, provider): _judgement(random, safe)
        for edge in sorted(edges, key=str)
        for client, provider in product(VERSIONS, VERSIONS)
    }


def _judgement(random: Random, safe: float) -> Judgement:
    if random.random() < safe:
        return Judgement(Verdict.SAFE)
    missing = (Missing("client", random.choice("xy")),)
    if random.random() < 0.25:
        return Judgement(Verdict.UNKNOWN, missing=missing)
    reasons = tuple(
        Reason("p.S.Call", "request", effect, Surface.WIRE, "", ())
        for effect in random.sample(_EFFECTS, random.choice((1, 1, 2)))
    )
    return Judgement(Verdict.MISMATCH, reasons, missing if random.random() < 0.1 else ())


# -- what happens, by brute force


def bad(world: World, state: State, unknown_counts: bool = True) -> frozenset[Meeting]:
    """The meetings of a state that are not safe and did not happen before, nor are like one that did."""
    found = set()
    for edge in world.setting.edges:
        setting = replace(world.setting, edges=(edge,))
        before = frozenset(meetings(setting, world.live))
        stored = {edge.client: tuple(_stored(world, edge, state.written.get(edge.client, frozenset())))}
        for one in meetings(setting, state.live, stored):
            draining = Deployed(one.provider_version, "draining")
            if one not in before and (edge.channel or draining not in state.live[edge.provider]):
                verdict = _new_verdict(world.setting, one, before)
                if verdict is Verdict.MISMATCH or (unknown_counts and verdict is Verdict.UNKNOWN):
                    found.add(one)
    return frozenset(found)


def _stored(world: World, edge: Edge, written: frozenset[str]) -> Iterator[str]:
    if edge.channel:
        since = world.setting.channels[edge.channel].since.get(edge.client, "1")
        yield from () if since == "live" else sorted(one for one in written if one >= since)


def _new_verdict(setting: Setting, one: Meeting, before: frozenset[Meeting]) -> Verdict:
    judged = setting.judge(one.edge, one.client_version, one.provider_version)
    known = [setting.judge(old.edge, old.client_version, old.provider_version) for old in before]
    if judged.verdict is not Verdict.MISMATCH:
        return judged.verdict
    # Nobody is worse off only if whoever of the two was live could talk to nobody it met.
    same = [old for old in before if old.client_version == one.client_version]
    same = same or [old for old in before if old.provider_version == one.provider_version] or list(before)
    if not same:
        return Verdict.MISMATCH
    for old in same:
        other = setting.judge(old.edge, old.client_version, old.provider_version)
        if other.verdict is not Verdict.MISMATCH or not set(judged.breaks) <= set(other.breaks):
            return Verdict.MISMATCH
    missing = {one.datum for other in known for one in other.missing}
    return Verdict.SAFE if {one.datum for one in judged.missing} <= missing else Verdict.UNKNOWN


def start(world: World) -> State:
    return State(world.live, {})


def finished(world: World, state: State, moves: Mapping[str, str], strategy: Strategy) -> State:
    """The state when services have moved."""
    live = dict(state.live)
    for service, version in moves.items():
        both = during(state.live, {service: version}, strategy)[service]
        if strategy is Strategy.CANARY:
            live[service] = both
        elif service in world.setting.external:
            live[service] = tuple(Deployed(one.version) for one in both)
        else:
            live[service] = after(state.live, {service: version})[service]
    return left(state, live)


def left(state: State, live: Live) -> State:
    """Other versions are live; whatever was live, or came before what was, may have left values."""
    written = dict(state.written)
    for service, deployed in live.items():
        if deployed != state.live[service]:
            last = max((one.version for one in state.live[service]), default="")
            gone = {one for one in VERSIONS if one < last} | {one.version for one in state.live[service]}
            now = {one.version for one in deployed}
            written[service] = (written.get(service, frozenset()) | gone) - now
    return State(live, written)


def interleavings(
    world: World, state: State, moves: Mapping[str, str], strategy: Strategy
) -> Iterator[State]:
    """Every state while services move: each has not started, is on its way, or is done, by itself or as a group."""
    units: dict[str, list[str]] = {}
    for service in moves:
        units.setdefault(world.setting.groups.get(service, service), []).append(service)
    for stages in product(range(3), repeat=len(units)):
        found = state
        for stage, services in zip(stages, units.values(), strict=True):
            chosen = {service: moves[service] for service in services}
            if stage == 1:
                found = State({**found.live, **during_only(found.live, chosen, strategy)}, found.written)
            elif stage == 2:
                found = finished(world, found, chosen, strategy)
        yield found


def during_only(live: Live, moves: Mapping[str, str], strategy: Strategy) -> Live:
    state = during(live, moves, strategy)
    return {service: state[service] for service in moves}


def by_service(moves: Iterable[Move]) -> dict[str, str]:
    return {move.service: move.new for move in moves}
