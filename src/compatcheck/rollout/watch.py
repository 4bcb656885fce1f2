"""What is bad in a state of a plan: meetings that are not safe, as far as they do not happen already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace

from compatcheck.config.model import Deployed
from compatcheck.reads.effects import Effect, Surface
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.live import Judge, Live, Meeting, Setting, Strategy, came_before, during, met_on
from compatcheck.rollout.pairs import Judgement, Pair, Reason, Verdict

Calls = Callable[[Edge, str], tuple[Call, ...]]
"""(edge, client version) -> what it calls there."""
_Break = tuple[str, str, Effect, Surface, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Local:
    """Where one service stands."""

    live: tuple[Deployed, ...]
    written: tuple[str, ...] = ()
    """Versions that are not live and whose values may be in channels."""


State = Mapping[str, Local]
"""The services that do not stand where they stood before the plan, and where they stand."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What happens on an edge before the plan."""

    meetings: frozenset[Meeting]
    breaks: Mapping[Meeting, frozenset[_Break]]
    """Of each of them."""
    missing: frozenset[str]

    def broken_for(self, pair: Pair) -> frozenset[_Break]:
        """What is broken already for whoever of a pair is live: the client's calls, else the provider's callers.

        Only what breaks with everybody that it meets counts: one more that it cannot talk to is worse.
        """
        client = [one for one in self.meetings if one.client_version == pair.client_version]
        provider = [one for one in self.meetings if one.provider_version == pair.provider_version]
        found = [self.breaks[one] for one in client or provider or self.meetings]
        return frozenset.intersection(*found) if found else frozenset()


class Watch:
    """Judges what meets in the states of one plan. It remembers what it was asked."""

    def __init__(self, setting: Setting, live: Live, calls: Calls | None = None):
        self.setting = setting
        self.live = live
        self._calls = calls
        self._known: dict[Edge, _Known] = {}
        self._bad: dict[tuple[Edge, Local, Local], tuple[Pair, ...]] = {}
        self._around: dict[str, list[Edge]] = {}
        for edge in setting.edges:
            self._around.setdefault(edge.client, []).append(edge)
            if edge.client != edge.provider:
                self._around.setdefault(edge.provider, []).append(edge)
        self._writers = {edge.client for edge in setting.edges if edge.channel}

    def judging(self, judge: Judge) -> Watch:
        """The same, with another judge, and without what is called."""
        other = copy(self)
        other._calls = None
        other.setting = replace(self.setting, judge=judge)
        other._known, other._bad = {}, {}
        return other

    def over(self, edges: tuple[Edge, ...]) -> Watch:
        """The same, with other edges."""
        return Watch(replace(self.setting, edges=edges), self.live, self._calls)

    def around(self, services: Iterable[str]) -> tuple[Edge, ...]:
        """The edges of some services, each once and sorted."""
        found = dict.fromkeys(edge for service in services for edge in self._around.get(service, ()))
        return tuple(sorted(found, key=lambda edge: (edge.client, edge.provider, edge.channel)))

    def now(self, service: str) -> Local:
        """Where a service stands before the plan."""
        return Local(self.live.get(service, ()))

    def leaving(self, service: str, here: Local, version: str, strategy: Strategy) -> tuple[Local, Local]:
        """Where a service stands while it goes to a version, and afterwards.

        Nobody drains the old versions of an external service, and a canary's stay as well.
        """
        both = during({service: here.live}, {service: version}, strategy)[service]
        if strategy is Strategy.CANARY:
            return Local(both, here.written), Local(both, here.written)
        kept = [Deployed(one.version) for one in both[:-1]] if service in self.setting.external else []
        return Local(both, here.written), self.left(service, here, (*kept, Deployed(version)))

    def left(self, service: str, here: Local, live: tuple[Deployed, ...]) -> Local:
        """Where a service stands when other versions are live: what it has written is still there."""
        if service not in self._writers:
            return Local(live)
        history = self.setting.history(service)
        gone = [one.version for one in here.live]
        stored = dict.fromkeys((*here.written, *came_before(history, gone), *gone))
        return Local(live, tuple(one for one in stored if one not in {now.version for now in live}))

    def bad_in(self, edges: Iterable[Edge], state: State) -> Iterator[Pair]:
        """The pairs of some edges that a state makes and that are bad."""
        for edge in edges:
            ends = [state.get(name) or self.now(name) for name in (edge.client, edge.provider)]
            yield from self.bad(edge, *ends)

    def bad(self, edge: Edge, client: Local, provider: Local) -> tuple[Pair, ...]:
        """The pairs that are bad while the two services of an edge stand somewhere."""
        key = (edge, client, provider)
        if key not in self._bad:
            self._bad[key] = tuple(self._judged(edge, client, provider))
        return self._bad[key]

    def weight(self, pair: Pair) -> Verdict:
        """SAFE also if it happens before the plan, or is a mismatch that brings nothing new to who is live."""
        judgement, known = pair.judgement, self._before(pair.edge)
        if judgement.verdict is Verdict.SAFE or meeting_of(pair) in known.meetings:
            return Verdict.SAFE
        if judgement.verdict is Verdict.UNKNOWN:
            return Verdict.UNKNOWN
        breaks = {_break(reason) for reason in judgement.breaks}
        if not breaks or not breaks <= known.broken_for(pair):
            return Verdict.MISMATCH
        new = {one.datum for one in judgement.missing} - known.missing
        return Verdict.UNKNOWN if new else Verdict.SAFE

    def known(self, edges: Iterable[Edge]) -> frozenset[Meeting]:
        """The meetings that happen before the plan."""
        return frozenset(one for edge in edges for one in self._before(edge).meetings)

    def existing(self, edges: Iterable[Edge]) -> tuple[Pair, ...]:
        """The pairs that happen before the plan and are not safe."""
        pairs = (self._pair(one) for edge in edges for one in _met(edge, self.setting, self.live))
        return tuple(one for one in pairs if one.judgement.verdict is not Verdict.SAFE)

    def _judged(self, edge: Edge, client: Local, provider: Local) -> Iterator[Pair]:
        known = self._before(edge)
        live = {edge.client: client.live, edge.provider: provider.live}
        written = {edge.client: self._stored(edge, client.written)}
        # Who is draining gets no new calls.
        draining = {one.version for one in provider.live if one.phase == "draining" and not edge.channel}
        for one in dict.fromkeys(met_on(edge, self.setting, live, written)):
            if one not in known.meetings and one.provider_version not in draining:
                pair = self._pair(one)
                if self.weight(pair) is not Verdict.SAFE:
                    yield pair

    def _stored(self, edge: Edge, written: tuple[str, ...]) -> tuple[str, ...]:
        """Of the versions that have written, those whose values are kept."""
        if not edge.channel or not written:
            return ()
        since = self.setting.channels[edge.channel].since.get(edge.client, "")
        if since == "live":
            return ()
        history = self.setting.history(edge.client)
        if since not in history:
            return written
        gone = history[: history.index(since)]
        return tuple(one for one in written if one not in gone)

    def _before(self, edge: Edge) -> _Known:
        if edge not in self._known:
            found = frozenset(_met(edge, self.setting, self.live))
            judged = {
                one: self.setting.judge(edge, one.client_version, one.provider_version) for one in found
            }
            self._known[edge] = _Known(
                found,
                {one: _breaks(judgement) for one, judgement in judged.items()},
                frozenset(missing.datum for one in judged.values() for missing in one.missing),
            )
        return self._known[edge]

    def _pair(self, one: Meeting) -> Pair:
        judgement = self.setting.judge(one.edge, one.client_version, one.provider_version)
        calls = self._calls(one.edge, one.client_version) if self._calls is not None else ()
        return Pair(one.edge, one.client_version, one.provider_version, judgement, calls)


def _met(edge: Edge, setting: Setting, live: Live) -> tuple[Meeting, ...]:
    return tuple(dict.fromkeys(met_on(edge, setting, live, {})))


def meeting_of(pair: Pair) -> Meeting:
    return Meeting(pair.edge, pair.client_version, pair.provider_version)


def _break(reason: Reason) -> _Break:
    return (reason.method, reason.side, reason.effect, reason.surface, reason.condition, reason.path)


def _breaks(judgement: Judgement) -> frozenset[_Break]:
    if judgement.verdict is not Verdict.MISMATCH:
        return frozenset()
    return frozenset(_break(reason) for reason in judgement.breaks)
