"""What a question about services knows: the versions of each, what they serve and call, and their verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.config import Config, Service
from compatcheck.config.model import Deployed
from compatcheck.config.names import suggestion
from compatcheck.discover.uses import Uses
from compatcheck.errors import UsageError
from compatcheck.reads.effects import Surface
from compatcheck.rollout.addresses import bare
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.graph import Graph, Party
from compatcheck.rollout.live import Live, Meeting, Setting, came_before
from compatcheck.rollout.pairs import Interface, Judgement, Pair, Served
from compatcheck.rollout.table import Table, Terms
from compatcheck.rollout.versions import find_release
from compatcheck.rules.severity import policy
from compatcheck.usecases.codes import Codes
from compatcheck.usecases.comparing import json_settings
from compatcheck.usecases.ends import NOTHING, Client, Provider, between, grid
from compatcheck.usecases.generated import GeneratedCode
from compatcheck.usecases.ground import Ground
from compatcheck.usecases.interfaces import Interfaces
from compatcheck.usecases.shelves import Shelf
from compatcheck.usecases.timeline import Timeline


@dataclass(slots=True)
class Fleet:
    """Nothing is read before it is asked for; `show` says which versions the question is about."""

    ground: Ground
    timeline: Timeline
    codes: Codes
    interfaces: Interfaces
    table: Table
    graph: Graph
    """Who calls whom at the versions of the question."""
    wants_served: bool = False
    """Whether interfaces hold what is served and not called, too."""
    _parties: dict[tuple[str, str], Party] = field(default_factory=dict)
    _shown: dict[str, list[str]] = field(default_factory=dict)
    _wanted: dict[str, frozenset[str]] = field(default_factory=dict)
    _along: dict[Edge, frozenset[str]] = field(default_factory=dict)
    _judged: dict[tuple[Edge, str, str], Judgement] = field(default_factory=dict)

    @property
    def discovers(self) -> bool:
        """Whether services count that are not declared."""
        config = self.ground.config
        return config.discover or not config.services

    def names(self, revisions: Iterable[str] = (), said: Iterable[str] = ()) -> tuple[str, ...]:
        """The declared services, and those that are discovered at some revisions.

        Of a folder that was renamed from `cartservice` to `cart` the name counts that somebody has `said`, else
        that of the last revision.
        """
        declared = self.ground.config.services
        if not self.discovers:
            return tuple(declared)
        found = {bare(name): name for name in declared}
        there = [self.codes.boundaries(self.ground.place, one) for one in dict.fromkeys(revisions)]
        every = {name for boundaries in there for name in boundaries}
        for name in said:
            if (name in every and name not in declared) or (
                bare(name) not in found
                and {_alike(name, boundaries) for boundaries in there} in ({1}, {0, 1})
            ):
                found[bare(name)] = name
        more: set[str] = set()
        for boundaries in reversed(there):
            for name in boundaries:
                claimed = found.setdefault(bare(name), name)
                if claimed != name and claimed in boundaries:
                    more.add(name)
        return tuple(dict.fromkeys((*declared, *sorted({*found.values(), *more}))))

    def service(self, name: str) -> Service:
        return self.ground.config.services.get(name, Service(name))

    def check(self, name: str, names: Iterable[str]) -> None:
        """UsageError if a service that somebody named is none of those that there are."""
        known = tuple(names)
        if name not in known:
            raise UsageError(f"there is no service `{name}`", suggestion(name, known))

    def versions(self, service: str) -> tuple[str, ...]:
        """All versions in the order of history; those of environments that no tag shows come last."""
        tagged = [release.version for release in self.timeline.releases(self.service(service))]
        live = (found.get(service, ()) for found in self.ground.config.environments.values())
        return tuple(dict.fromkeys([*tagged, *(one.version for found in live for one in found)]))

    def tagged(self, service: str) -> tuple[str, ...]:
        return tuple(release.version for release in self.timeline.releases(self.service(service)))

    def latest(self, service: str) -> str | None:
        """The latest version of a service at which there is any of it."""
        one = self.service(service)
        found = (name for name in reversed(self.versions(service)) if self.codes.uses(one, name).exists)
        return next(found, None)

    def version(self, service: str, written: str) -> str:
        """The version that somebody means who wrote it, or the whole name of its tag."""
        known = find_release(self.timeline.releases(self.service(service)), written)
        return written if known is None else known.version

    def uses(self, service: str, version: str) -> Uses:
        found = self.codes.uses(self.service(service), version)
        if not found.exists and service in self.ground.config.services and self.latest(service) is None:
            return Uses(missing=(_no_code(self.service(service)),))
        return found

    def interface(self, service: str, version: str) -> Interface:
        """What its schema says, as far as the calls are concerned that it makes or gets."""
        return self.interfaces.interface(self.service(service), version, self._wanted_of(service))

    def interface_on(self, edge: Edge, service: str, version: str) -> Interface:
        """The same, as far as an edge is concerned: no schema of a neighbour's other neighbours is looked at."""
        if edge not in self._along:
            calls = (call.name for one in self.shown(edge.client) for call in self.graph.calls(edge, one))
            self._along[edge] = frozenset(calls)
        return self.interfaces.interface(self.service(service), version, self._along[edge])

    # -- the versions of the question

    def show(self, shown: Mapping[str, Iterable[str]]) -> None:
        """Take some versions of services into the question."""
        for service, versions in shown.items():
            for version in versions:
                self._add(service, version)

    def stand_in(self, services: Iterable[str]) -> None:
        """Let the latest version of services of which none is shown tell whom they call and serve."""
        for service in services:
            self._add(service, self.latest(service) or "")

    def shown(self, service: str) -> tuple[str, ...]:
        return tuple(self._shown.get(service, ()))

    def calls(self, edge: Edge, version: str) -> tuple[Call, ...]:
        """What a client version calls along an edge; it becomes part of the question."""
        self._add(edge.client, version)
        return self.graph.calls(edge, version)

    def served(self, service: str, version: str) -> Served:
        """What a version serves; it becomes part of the question."""
        self._add(service, version)
        return self.graph.served(service, version)

    def judge(self, edge: Edge, client_version: str, provider_version: str) -> Judgement:
        """The judgement of a pair; its versions become part of the question."""
        key = (edge, client_version, provider_version)
        if key not in self._judged:
            self.show({edge.client: (client_version,)})
            self.show({edge.provider: (provider_version,)})
            self._judged[key] = self._judge(edge, client_version, provider_version)
        return self._judged[key]

    def pair(self, meeting: Meeting) -> Pair:
        edge, client, provider = meeting.edge, meeting.client_version, meeting.provider_version
        return Pair(edge, client, provider, self.judge(edge, client, provider), self.calls(edge, client))

    def setting(self, edges: Iterable[Edge]) -> Setting:
        services = self.ground.config.services
        return Setting(
            edges=tuple(edges),
            channels=self.ground.config.channels,
            groups={name: one.group for name, one in services.items() if one.group},
            external=frozenset(name for name, one in services.items() if one.external),
            history=self.versions,
            judge=self.judge,
        )

    def around(self, live: Live) -> dict[str, tuple[str, ...]]:
        """What counts of each service while something is live: that, and older versions that are still felt.

        Nobody can drain an external service, and what a writer has written to a channel may still be there. Of a
        service that is nowhere live its latest version stands for who calls whom.
        """
        found: dict[str, tuple[str, ...]] = {}
        services = self.ground.config.services
        lasting = {name for name, one in services.items() if one.external}
        lasting |= {writer for one in self.ground.config.channels.values() for writer in one.writers}
        revisions = [version for versions in live.values() for version in _names(versions)]
        for name in dict.fromkeys((*self.names(revisions, live), *live)):
            versions = _names(live.get(name, ()))
            known = self.versions(name) if name in lasting or not versions else ()
            if not versions:
                found[name] = tuple(filter(None, (self.latest(name),)))
            else:
                some = {*came_before(known, versions), *versions}
                found[name] = tuple(dict.fromkeys((*(one for one in known if one in some), *versions)))
        return found

    def _add(self, service: str, version: str) -> None:
        if (service, version) not in self._parties:
            uses = self.uses(service, version)
            self._shown.setdefault(service, []).append(version)
            self._parties[service, version] = Party(service, version, uses, self._revision(service, version))
            self.graph.add(self._parties[service, version])
            self._along.clear()
            self._wanted.clear()
            self._judged.clear()

    def _revision(self, service: str, version: str) -> str:
        one = self.service(service)
        if one.consumes is not None:
            return ""
        place, revision = self.timeline.code(one), self.timeline.revision(one, version)
        if place is None or revision is None:
            return ""
        return f"{place.git_dir} {self.timeline.archive.tree_id(place, revision)}"

    def cells(
        self, edge: Edge, rows: Sequence[str], columns: Sequence[str]
    ) -> tuple[tuple[Judgement, ...], ...]:
        """The judgements of client versions (rows) with provider versions (columns)."""
        self.show({edge.client: rows})
        self.show({edge.provider: columns})
        clients = [self._client(edge, version) for version in rows]
        providers = [self._provider(edge, version) for version in columns]
        return grid(clients, providers, lambda client, provider: self._between(edge, client, provider))

    def _judge(self, edge: Edge, client_version: str, provider_version: str) -> Judgement:
        return self._between(edge, self._client(edge, client_version), self._provider(edge, provider_version))

    def _client(self, edge: Edge, version: str) -> Client:
        calls = self.calls(edge, version)
        return Client(calls, self.interface_on(edge, edge.client, version) if calls else NOTHING)

    def _provider(self, edge: Edge, version: str) -> Provider:
        exists = self.uses(edge.provider, version).exists
        interface = self.interface_on(edge, edge.provider, version) if exists else NOTHING
        return Provider(exists, interface, self.graph.served(edge.provider, version))

    def _between(self, edge: Edge, client: Client, provider: Provider) -> Judgement:
        channel = self.ground.config.channels[edge.channel] if edge.channel else None
        return between(self.table, channel, client, provider)

    def _wanted_of(self, service: str) -> frozenset[str]:
        graph = self.graph
        if service not in self._wanted:
            names = {
                call.name
                for edge in graph.around(service)
                for version in self.shown(edge.client)
                for call in graph.calls(edge, version)
            }
            names |= {one.call for one in graph.unserved if one.client == service}
            if self.wants_served:
                for version in self.shown(service):
                    names |= {one.service for one in self.uses(service, version).provides}
            self._wanted[service] = frozenset(names)
        return self._wanted[service]


def fleet_of(ground: Ground) -> Fleet:
    config = ground.config
    messages = frozenset(channel.message for channel in config.channels.values())
    shelf, timeline = Shelf(messages), Timeline(ground)
    generated = GeneratedCode(shelf)
    codes = Codes(timeline, shelf, generated, config.services)
    interfaces = Interfaces(codes, shelf, generated)
    return Fleet(ground, timeline, codes, interfaces, Table(terms_of(config)), Graph(config.channels))


def terms_of(config: Config) -> Terms:
    """What counts in the verdict of a pair: a gRPC call always does, whatever the surfaces."""
    gate = policy(config)
    always, with_http = (gate.gates(Surface.JSON, evidenced) for evidenced in (False, True))
    return Terms(always if always == with_http else None, json_settings(config))


def _no_code(service: Service) -> str:
    if service.path:
        return f"no version of it has {' or '.join(f'`{one}`' for one in service.path)}"
    return "no version of it has code under its name: say its `path`, or what it `provides` and `consumes`"


def _alike(name: str, boundaries: Iterable[str]) -> int:
    """How many folders may be that service by another name."""
    return sum(bare(one) == bare(name) for one in boundaries)


def _names(deployed: Iterable[Deployed]) -> tuple[str, ...]:
    return tuple(one.version for one in deployed)
