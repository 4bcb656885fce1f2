"""What is live, and what meets while a version is rolled out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product

from compatcheck.config.model import Channel, Deployed, Phase
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.pairs import Judgement

Live = Mapping[str, tuple[Deployed, ...]]
"""Service to the versions of it that are live in one environment."""
_COMING: tuple[Phase, ...] = ("rolling", "canary", "green")
Judge = Callable[[Edge, str, str], Judgement]
"""(edge, client version, provider version) -> the judgement of that pair. Remembers what it was asked."""
History = Callable[[str], tuple[str, ...]]
"""Service -> all its known versions in the order of history."""


class Strategy(Enum):
    """How a version takes the place of another."""

    ROLLING = "rolling"
    """Old and new serve and call at once, until the old ones are gone."""
    CANARY = "canary"
    """The same, for as long as anybody likes (A/B tests, too)."""
    BLUE_GREEN = "blue-green"
    """All traffic moves from the old to the new at one moment: the two never call each other."""

    @property
    def mixes(self) -> bool:
        """Whether the old and the new version of a service serve at the same time."""
        return self is not Strategy.BLUE_GREEN


@dataclass(frozen=True, slots=True)
class Setting:
    """What does not change during a deployment: who talks to whom, what is declared of them, what is known."""

    edges: tuple[Edge, ...]
    channels: Mapping[str, Channel]
    groups: Mapping[str, str]
    """Service to the group that it is deployed with; those in no group are left out."""
    external: frozenset[str]
    """Services that nobody can drain."""
    history: History
    judge: Judge


@dataclass(frozen=True, slots=True)
class Meeting:
    """A client version that calls a provider version, or (on a channel) a reader version that reads what a
    writer version has written."""

    edge: Edge
    client_version: str
    provider_version: str


def meetings(
    setting: Setting, live: Live, written: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Meeting, ...]:
    """Whatever meets while just the versions of `live` are deployed, each once, in the order of the edges.

    `written`: service -> versions that are not live and have written to channels all the same.
    """
    return tuple(
        dict.fromkeys(one for edge in setting.edges for one in met_on(edge, setting, live, written or {}))
    )


def met_on(
    edge: Edge, setting: Setting, live: Live, written: Mapping[str, tuple[str, ...]]
) -> Iterator[Meeting]:
    """The meetings of one edge."""
    readers = _deployed(edge.provider, setting, live)
    if edge.channel:
        stored = _stored(edge, setting, live, written.get(edge.client, ()))
        writers = [*(Deployed(one) for one in stored), *_deployed(edge.client, setting, live)]
    else:
        writers = list(_deployed(edge.client, setting, live))
    together = _are_together(edge, setting)
    pairs = product(enumerate(writers), enumerate(readers))
    for (row, client), (column, provider) in pairs:
        if (
            together
            and edge.client != edge.provider
            and not _deployed_together(writers, row, readers, column)
        ):
            continue
        if edge.client == edge.provider and _apart(edge, client, provider):
            continue
        yield Meeting(edge, client.version, provider.version)


def during(live: Live, moves: Mapping[str, str], strategy: Strategy) -> Live:
    """What is live while services go to new versions: the old ones, too."""
    coming: Phase = "green" if strategy is Strategy.BLUE_GREEN else "rolling"
    if strategy is Strategy.CANARY:
        coming = "canary"
    staying: Phase = "stable" if strategy.mixes else "blue"
    state = dict(live)
    for service, version in moves.items():
        old = [one for one in live.get(service, ()) if one.version != version]
        # Who is draining gets no new calls whatever happens; the others stay as they are or wait as blue.
        kept = [one if one.phase == "draining" else Deployed(one.version, staying) for one in old]
        state[service] = (*kept, Deployed(version, coming))
    return state


def after(live: Live, moves: Mapping[str, str]) -> Live:
    """What is live when services have gone to new versions and the old ones are gone."""
    return {**live, **{service: (Deployed(version),) for service, version in moves.items()}}


def window(setting: Setting, live: Live, moves: Mapping[str, str], strategy: Strategy) -> tuple[Meeting, ...]:
    """Who meets while services go to new versions and does not meet already.

    A version that drains answers what it was asked before, so that no new version calls it.
    """
    before = frozenset(meetings(setting, live))
    state = during(live, moves, strategy)
    draining = {
        (service, one.version) for service, found in state.items() for one in found if one.phase == "draining"
    }
    return tuple(
        one
        for one in meetings(setting, state)
        if one not in before
        and (one.edge.channel or (one.edge.provider, one.provider_version) not in draining)
    )


def _deployed(service: str, setting: Setting, live: Live) -> tuple[Deployed, ...]:
    """The live versions of a service; of one that nobody can drain, all that came before them, too."""
    found = live.get(service, ())
    if service not in setting.external or not found:
        return found
    versions = {one.version for one in found}
    return (*(Deployed(one) for one in came_before(setting.history(service), versions)), *found)


def _stored(edge: Edge, setting: Setting, live: Live, written: tuple[str, ...]) -> tuple[str, ...]:
    """The versions of a writer that are not live and whose values may still be there."""
    versions = {one.version for one in live.get(edge.client, ())}
    since = setting.channels[edge.channel].since.get(edge.client, "")
    if since == "live":
        return tuple(one for one in written if one not in versions)
    history = setting.history(edge.client)
    earlier = came_before(history, versions)
    if since in history:
        earlier = [one for one in earlier if history.index(one) >= history.index(since)]
    return tuple(dict.fromkeys((*earlier, *(one for one in written if one not in versions))))


def came_before(history: tuple[str, ...], versions: Collection[str]) -> list[str]:
    """What came before the last of some versions, without them; a version that history does not know is the last."""
    places = (history.index(one) if one in history else len(history) for one in versions)
    last = max(places, default=0)
    return [one for one in history[:last] if one not in versions]


def _are_together(edge: Edge, setting: Setting) -> bool:
    group = setting.groups.get(edge.client)
    return not edge.channel and group is not None and setting.groups.get(edge.provider) == group


def _deployed_together(
    clients: Sequence[Deployed], row: int, providers: Sequence[Deployed], column: int
) -> bool:
    """Whether two versions of one group are of the same deployment: the new ones with each other, the older ones by
    their places. If only one of the services moves, its new version comes beside what the other one is."""
    if len(clients) == len(providers):
        return row == column
    if clients[-1].phase in _COMING and providers[-1].phase in _COMING:
        return (row == len(clients) - 1) == (column == len(providers) - 1)
    return True


def _apart(edge: Edge, client: Deployed, provider: Deployed) -> bool:
    """Whether two versions of one service never serve together: blue and green. What blue has stored, green reads."""
    phases = (client.phase, provider.phase)
    return phases == ("green", "blue") or (phases == ("blue", "green") and not edge.channel)
