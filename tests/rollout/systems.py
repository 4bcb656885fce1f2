"""Small systems with made-up verdicts, and their plans in short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

from compatcheck.config.model import Channel, Deployed, Phase
from compatcheck.reads.effects import Effect, Surface
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.live import Live, Setting, Strategy
from compatcheck.rollout.pairs import Judgement, Missing, Pair, Reason, Verdict
from compatcheck.rollout.plan import Plan, plan
from compatcheck.rollout.sources import Sources

ROLLING, CANARY, BLUE_GREEN = Strategy.ROLLING, Strategy.CANARY, Strategy.BLUE_GREEN
MISMATCH, UNKNOWN = Verdict.MISMATCH, Verdict.UNKNOWN


@dataclass
class System:
    """Services that are all live at version 1, and pairs (`client version`, `provider version`) that are not safe."""

    edges: Iterable[Edge]
    bad: Mapping[tuple[str, str], Judgement | Verdict] = field(default_factory=dict)
    live: Live = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    external: frozenset[str] = frozenset()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    versions: tuple[str, ...] = ("0", "1", "2")
    asked: set[tuple[Edge, str, str]] = field(default_factory=set)

    def judge(self, edge: Edge, client: str, provider: str) -> Judgement:
        self.asked.add((edge, client, provider))
        found = self.bad.get((f"{edge.client} {client}", f"{edge.provider} {provider}"), Verdict.SAFE)
        if isinstance(found, Judgement):
            return found
        missing = (Missing("client", "the schema"),) if found is UNKNOWN else ()
        return Judgement(found, (broken(),) if found is MISMATCH else (), missing)

    def plan(self, strategy: Strategy = ROLLING, **targets: str) -> Plan:
        return self.plan_for(targets, strategy)

    def plan_for(
        self, targets: Mapping[str, str], strategy: Strategy = ROLLING, sources: Sources | None = None
    ) -> Plan:
        names = {name for edge in self.edges for name in (edge.client, edge.provider)}
        live = {name: (Deployed("1"),) for name in names} | dict(self.live)
        setting = Setting(
            tuple(self.edges),
            self.channels,
            self.groups,
            self.external,
            lambda service: self.versions,  # noqa: ARG005
            self.judge,
        )
        return plan(setting, live, targets, strategy, sources)


def broken(effect: Effect = Effect.REJECTED) -> Reason:
    return Reason("shop.Cart.Add", "request", effect, Surface.WIRE, "", ("id",))


def waves(found: Plan) -> list[list[str]]:
    return [[f"{move.service}@{move.new}" for move in wave] for wave in found.waves]


def pairs(found: Iterable[Pair]) -> list[str]:
    return [
        f"{pair.edge.client} {pair.client_version} > {pair.edge.provider} {pair.provider_version}"
        for pair in found
    ]


def ways(found: Plan) -> list[tuple[str, list[list[str]]]]:
    return [
        (way.kind, [[f"{move.service}@{move.new}" for move in step] for step in way.steps])
        for conflict in found.conflicts
        for way in conflict.ways_out
    ]


def deployed(*versions: str, phase: Phase = "stable") -> tuple[Deployed, ...]:
    return tuple(Deployed(version, phase) for version in versions)


WEB = Edge("web", "cart")
CYCLE = {("web 1", "cart 2"): MISMATCH, ("web 2", "cart 1"): MISMATCH}


def large_system(services: int, edges: int) -> System:
    random = Random(4)
    names = [f"s{number}" for number in range(services)]
    found = {Edge(*random.sample(names, 2)) for _ in range(services * edges)}
    ordered = sorted(found, key=lambda edge: (edge.client, edge.provider))
    bad = {
        (f"{edge.client} 20", f"{edge.provider} 1"): MISMATCH
        for edge in ordered
        if random.random() < 0.5 and edge.client < edge.provider
    }
    return System(ordered, bad, versions=tuple(str(number) for number in range(1, 21)))
