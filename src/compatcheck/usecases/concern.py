"""Judges live versions of services against what a source brings, as far as a finding is the cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from compatcheck.reads.effects import Direction, Surface
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.live import Live, Meeting, Strategy, window
from compatcheck.rollout.pairs import Judgement, Served, Verdict
from compatcheck.rules.finding import Break, Finding
from compatcheck.usecases.blame import Blame, channels_of
from compatcheck.usecases.coming import Coming
from compatcheck.usecases.fleet import Fleet
from compatcheck.usecases.results import Role

_NEW = "\0"
"""The version that a service would have with the new source; no other is called that."""

Key = tuple[Role, str, str, Verdict, str]
"""Role, service, version, verdict, datum."""
_Judge = Callable[[Coming], Judgement]
"""Judges a pair whose one side is a source."""


@dataclass(slots=True)
class Search:
    """Judges what meets."""

    fleet: Fleet
    failed: Mapping[tuple[str, str], str]
    """Service and version -> why its code could not be read."""
    formers: Mapping[str, tuple[str, ...]]
    """Method -> what the old source calls it."""
    old: Coming
    new: Coming
    blame: Blame
    _has: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    _values: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    _called: dict[tuple[Edge, str], Call | None] = field(default_factory=dict)

    def meetings(self, live: Live) -> Iterator[Meeting]:
        """What the new version of each service would meet in an environment, besides itself."""
        fleet = self.fleet
        groups = {name: one.group for name, one in fleet.ground.config.services.items()}
        for service in sorted({end for edge in fleet.graph.edges for end in (edge.client, edge.provider)}):
            setting = fleet.setting(fleet.graph.around(service))
            for met in window(setting, live, {service: _NEW}, Strategy.ROLLING):
                edge = met.edge
                group = "" if edge.channel or edge.client == edge.provider else groups.get(edge.client, "")
                together = group and group == groups.get(edge.provider)
                if (met.client_version == _NEW) != (met.provider_version == _NEW) and not together:
                    yield met

    def affected(self, finding: Finding, met: Meeting) -> Iterator[tuple[Key, str]]:
        """The live side of a meeting, with the method or channel, for each on which the finding breaks it."""
        if met.edge.channel:
            yield from self._of_channel(finding, met)
        elif met.provider_version == _NEW:
            for called, method in self._broken(finding):
                for call in self.fleet.graph.calls(met.edge, met.client_version):
                    if _covers(call.name, called):
                        one = Call(called, call.doubt)
                        yield from self._old_client(finding, method, one, met.edge, met.client_version)
        else:
            for method in _methods(finding, Break.NEW_CLIENT_OLD_SERVER):
                made = self._new_call(met.edge, method)
                if made is not None:
                    yield from self._old_server(finding, made, met)

    def unserved(self, finding: Finding, live: Live) -> Iterator[tuple[Key, str]]:
        """Live versions that call what breaks, of a provider that is not configured."""
        for one in self.fleet.graph.unserved:
            service, versions = self.fleet.service(one.client), live.get(one.client, ())
            if not any(service.external or there.version == one.version for there in versions):
                continue
            for called, method in self._broken(finding):
                if _covers(one.call, called):
                    is_certain = one.call == called or service.consumes is not None
                    call = Call(called, "" if is_certain else f"whether {one.client} calls {called}")
                    yield from self._old_client(finding, method, call, Edge(one.client, ""), one.version)

    def goes_through_channel(self, finding: Finding) -> bool:
        """Whether a channel's message holds what changed, as any of its writers or readers has it."""
        # All of them are asked, for each may hold it in other fields.
        found = [
            self._is_value(finding, service, channel.message)
            for channel in channels_of(finding, self.fleet.ground.config)
            for service in (*channel.writers, *channel.readers)
        ]
        return any(found)

    def _of_channel(self, finding: Finding, met: Meeting) -> Iterator[tuple[Key, str]]:
        edge = met.edge
        channel = next(
            (one for one in channels_of(finding, self.fleet.ground.config) if one.name == edge.channel), None
        )
        reads = met.provider_version == _NEW
        changed = edge.provider if reads else edge.client
        if channel is None or not self._is_value(finding, changed, channel.message):
            return
        surface = Surface.JSON if channel.format == "json" else Surface.WIRE
        direction = Direction.BACKWARD if reads else Direction.FORWARD
        if not _breaks(finding, {surface}, direction):
            return
        table, fleet = self.fleet.table, self.fleet

        def judge(source: Coming) -> Judgement:
            coming = source.interface(changed)
            if reads:
                writer = fleet.interface(edge.client, met.client_version)
                return table.judge_values(writer, coming, channel.message, channel.format)
            reader = fleet.interface(edge.provider, met.provider_version)
            return table.judge_values(coming, reader, channel.message, channel.format)

        answer = self._answer(finding, channel.message, judge, "")
        if answer and reads:
            yield ("writer", edge.client, met.client_version, *answer), edge.channel
        elif answer:
            yield ("reader", edge.provider, met.provider_version, *answer), edge.channel

    def _broken(self, finding: Finding) -> Iterator[tuple[str, str]]:
        """The methods on which old clients break, by what these and by what the new source calls them."""
        for method in _methods(finding, Break.OLD_CLIENT_NEW_SERVER):
            for former in self.formers.get(method) or (method,):
                yield former, method

    def _new_call(self, edge: Edge, method: str) -> Call | None:
        """The call of a method by a new client: versions at hand make it, or one beside it if it is new."""
        if (edge, method) not in self._called:
            formers = self.formers.get(method, ())
            names = formers or (method.rpartition(".")[0],)
            doubts = [
                call.doubt
                for version in self.fleet.shown(edge.client)
                for call in self.fleet.graph.calls(edge, version)
                if any(
                    _covers(call.name, name) or (not formers and _covers(name, call.name)) for name in names
                )
            ]
            # What one of them does for certain needs no doubt.
            self._called[edge, method] = Call(method, min(doubts)) if doubts else None
        return self._called[edge, method]

    def _is_at(self, service: str, method: str, path: str) -> bool:
        """Whether a service takes a method, or took it, from the copy of the schema that a file belongs to."""
        key = (service, method, path)
        if key not in self._has:
            has = self.new.has(service, method, path)
            if has is None:
                formers = self.formers.get(method) or (method,)
                has = any(self.old.has(service, one, path) for one in formers)
            self._has[key] = has
        return self._has[key]

    def _is_value(self, finding: Finding, service: str, message: str) -> bool:
        key = (finding.fingerprint, service, message)
        if key not in self._values:
            tops = (*self.new.messages(service, message), *self.old.messages(service, message))
            is_below = self.blame.is_below(finding, tops)
            self._values[key] = is_below and self._is_at(service, message, finding.path)
        return self._values[key]

    def _old_client(
        self, finding: Finding, method: str, call: Call, edge: Edge, version: str
    ) -> Iterator[tuple[Key, str]]:
        """A live client version, if its call of what is `method` in the new source breaks."""
        if not self._is_at(edge.provider, method, finding.path):
            return
        client, served = self.fleet.interface(edge.client, version), Served(frozenset((call.name,)))

        def judge(source: Coming) -> Judgement:
            return self.fleet.table.judge(client, source.interface(edge.provider), (call,), served)

        answer = self._answer(finding, method, judge, _unjudged(finding, method, Direction.BACKWARD))
        if answer:
            yield ("client", edge.client, version, *answer), call.name

    def _old_server(self, finding: Finding, call: Call, met: Meeting) -> Iterator[tuple[Key, str]]:
        """A live provider version, if the call of a new client breaks there."""
        edge, version = met.edge, met.provider_version
        if not self._is_at(edge.client, call.name, finding.path):
            return
        why = self.failed.get((edge.provider, version))
        served = self.fleet.graph.served(edge.provider, version)
        if why is not None:
            served = Served(frozenset(), (why,))
        provider = self.fleet.interface(edge.provider, version)

        def judge(source: Coming) -> Judgement:
            return self.fleet.table.judge(source.interface(edge.client), provider, (call,), served)

        answer = self._answer(finding, call.name, judge, _unjudged(finding, call.name, Direction.FORWARD))
        if answer:
            yield ("provider", edge.provider, version, *answer), call.name

    def _answer(
        self, finding: Finding, name: str, judge: _Judge, unjudged: str
    ) -> tuple[Verdict, str] | None:
        """The verdict on a pair as far as a finding causes it, and what is missing; None if it is safe.

        `unjudged`: what the verdict of a pair does not see of the finding.
        """
        found = judge(self.new)
        if found.not_called:
            return None
        is_other = found.breaks and not self.blame.causes(finding, name, found, lambda: judge(self.old))
        if found.verdict is Verdict.SAFE or is_other:
            return (Verdict.UNKNOWN, unjudged) if unjudged else None
        return found.verdict, "; ".join(dict.fromkeys(one.datum for one in found.missing))


def _unjudged(finding: Finding, method: str, direction: Direction) -> str:
    """What makes a finding break a method that the verdict of a pair of versions does not see; empty: nothing."""
    if _breaks(finding, {Surface.VALIDATION}, direction):
        return "pairs of versions are not judged by validation"
    paths = [step for one in finding.methods if one.method == method for step in one.path]
    if any(step.startswith("[") for step in paths) and _breaks(finding, {Surface.WIRE}):
        return "pairs of versions are not judged by what is packed in Any"
    return ""


def _methods(finding: Finding, who: Break) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.method for one in finding.methods if who in one.breaks))


def _covers(name: str, method: str) -> bool:
    """Whether a name is that of a method or of its service."""
    return name in (method, method.rpartition(".")[0])


def _breaks(finding: Finding, surfaces: Iterable[Surface], direction: Direction | None = None) -> bool:
    counted = frozenset(surfaces)
    return any(
        one.effect.breaks and one.surface in counted and direction in (None, one.direction)
        for one in finding.effects
    )
