"""The graph of services: who calls whom at which version. Verdicts never are its edges."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.config.model import Channel
from compatcheck.discover.uses import Called, Evidence, Uses
from compatcheck.rollout.addresses import addressed
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.pairs import Served

_Version = tuple[str, str]
"""A service and its version."""

_NOTHING = Served(frozenset())


@dataclass(frozen=True, slots=True)
class Party:
    """A version of a service and what it serves and calls."""

    service: str
    version: str
    uses: Uses
    revision: str = ""
    """Names what it was built from; versions of the same revision were released together. Empty: not known."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """What a client version calls and no version at hand of any service provides."""

    client: str
    version: str
    call: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True, eq=False)
class Graph:
    """Services and edges from client to provider; a service that calls itself has an edge to itself.

    It grows by `add`. What it says depends on what was added, and never on the order.
    """

    channels: Mapping[str, Channel]
    _parties: dict[_Version, Party] = field(default_factory=dict, repr=False)
    _providers: dict[str, dict[tuple[str, str], None]] = field(default_factory=dict, repr=False)
    """What is provided, and the name above it -> who provides it, and what exactly."""
    _released: dict[str, set[tuple[str, str]]] = field(default_factory=dict, repr=False)
    """Revision to the services that were built from it, each with what it provides."""
    _callers: dict[str, dict[_Version, None]] = field(default_factory=dict, repr=False)
    """A name that is looked up among what is provided -> who does."""
    _calls: dict[_Version, dict[Edge, tuple[Call, ...]]] = field(default_factory=dict, repr=False)
    _unserved: dict[_Version, tuple[Unserved, ...]] = field(default_factory=dict, repr=False)
    _served: dict[_Version, Served] = field(default_factory=dict, repr=False)
    _pending: dict[_Version, None] = field(default_factory=dict, repr=False)
    _edges: dict[str, dict[Edge, set[str]]] = field(default_factory=dict, repr=False)
    """Service -> the edges around it, each with the client versions that call along it."""

    def add(self, party: Party) -> None:
        """Let a version take part."""
        key = (party.service, party.version)
        self._parties[key] = party
        self._served[key] = _served_by(party.uses)
        again = {key: None}
        for provided in party.uses.provides:
            entry = (party.service, provided.service)
            if party.revision:
                together = self._released.setdefault(party.revision, set())
                if entry not in together:
                    together.add(entry)
                    again |= self._looking_for(provided.service)
            for name in _with_parent(provided.service):
                if entry not in self._providers.setdefault(name, {}):
                    self._providers[name][entry] = None
                    again |= self._looking_for(provided.service)
        for called in party.uses.calls:
            for name in _with_parent(_name(called)):
                self._callers.setdefault(name, {})[key] = None
        # What each of them calls is found out when somebody asks: more may come first.
        self._pending |= again

    def calls(self, edge: Edge, client_version: str) -> tuple[Call, ...]:
        """What a client version calls along an edge; nothing, if it does not call there at that version."""
        self._settle()
        return self._calls.get((edge.client, client_version), {}).get(edge, ())

    def served(self, service: str, version: str) -> Served:
        return self._served.get((service, version), _NOTHING)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Sorted; those of channels among them."""
        self._settle()
        return _sorted({edge for edges in self._edges.values() for edge in edges})

    @property
    def unserved(self) -> tuple[Unserved, ...]:
        self._settle()
        return tuple(one for found in self._unserved.values() for one in found)

    def between(self, client: str | None = None, provider: str | None = None) -> tuple[Edge, ...]:
        """The edges of one client and one provider, as far as they are named."""
        end = client if client is not None else provider
        return tuple(
            edge
            for edge in (self.edges if end is None else self.around(end))
            if client in (None, edge.client) and provider in (None, edge.provider)
        )

    def around(self, service: str) -> tuple[Edge, ...]:
        """The edges in which a service is client, provider or both, each once, sorted."""
        self._settle()
        return _sorted(self._edges.get(service, ()))

    def near(self, services: Iterable[str], depth: int) -> frozenset[str]:
        """The services that so many steps lead to, against the direction of the calls, too."""
        from networkx import Graph as Undirected
        from networkx import single_source_shortest_path_length

        network: Undirected[str, dict[str, object], dict[str, object]] = Undirected()
        network.add_nodes_from(service for service, _ in self._parties)
        network.add_edges_from((edge.client, edge.provider) for edge in self.edges)
        return frozenset(
            name
            for service in services
            for name in single_source_shortest_path_length(network, service, cutoff=depth)
        )

    def _settle(self) -> None:
        for one in self._pending:
            self._resolve(self._parties[one])
        self._pending = {}

    def _looking_for(self, provided: str) -> dict[_Version, None]:
        """Who calls what is provided, the whole service, or a method of it."""
        return {one: None for name in _with_parent(provided) for one in self._callers.get(name, ())}

    def _resolve(self, party: Party) -> None:
        """Find out along which edges a version calls."""
        key = (party.service, party.version)
        for edge in self._calls.get(key, ()):
            for end in (edge.client, edge.provider):
                versions = self._edges[end].get(edge)
                if versions is not None:
                    versions.discard(party.version)
                    if not versions:
                        del self._edges[end][edge]
        found: dict[Edge, dict[str, Call]] = {}
        unserved = []
        for called in party.uses.calls:
            served = list(_providers_of(called, self._providers))
            if not served:
                unserved.append(Unserved(party.service, party.version, _name(called), called.evidence))
            for provider, call in _chosen(called, served, party, self._released):
                calls = found.setdefault(Edge(party.service, provider), {})
                calls[call.name] = _merged(calls.get(call.name), call)
        for channel in self.channels.values():
            if party.service in channel.writers and party.uses.exists:
                for reader in channel.readers:
                    edge = Edge(party.service, reader, channel.name)
                    found[edge] = {channel.message: Call(channel.message)}
        self._calls[key] = {
            edge: tuple(calls[name] for name in sorted(calls)) for edge, calls in found.items()
        }
        self._unserved[key] = tuple(unserved)
        for edge in found:
            for end in (edge.client, edge.provider):
                self._edges.setdefault(end, {}).setdefault(edge, set()).add(party.version)


def connect(parties: Iterable[Party], channels: Mapping[str, Channel]) -> Graph:
    """The graph of some versions of services: what each of them calls, at every service that provides it.

    Where several services provide the same and nothing in the client's code tells which of them it calls,
    there is an edge to each of them whose calls are in doubt.
    """
    graph = Graph(channels)
    for party in parties:
        graph.add(party)
    return graph


def _sorted(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    return tuple(sorted(edges, key=lambda edge: (edge.client, edge.provider, edge.channel)))


def _with_parent(name: str) -> tuple[str, str]:
    """A name may be that of a service or of a method, so it is looked for as such and within its parent."""
    return name, name.rpartition(".")[0]


def _served_by(uses: Uses) -> Served:
    return Served(frozenset(one.service for one in uses.provides), uses.missing)


def _name(called: Called) -> str:
    return f"{called.service}.{called.method}" if called.method not in ("", "*") else called.service


def _providers_of(
    called: Called, providers: Mapping[str, Mapping[tuple[str, str], None]]
) -> Iterator[tuple[str, str]]:
    """Who provides what is called, and what is called there: the narrower of the two names.

    A name may be that of a service or of a method, so that one is looked for as such and within its parent.
    """
    wanted = _name(called)
    parent = wanted.rpartition(".")[0]
    yield from providers.get(wanted, ())
    for provider, provided in providers.get(parent, ()):
        if provided == parent:
            yield provider, wanted


def _chosen(
    called: Called,
    served: Sequence[tuple[str, str]],
    party: Party,
    released: Mapping[str, Collection[tuple[str, str]]],
) -> Iterator[tuple[str, Call]]:
    """The edges of one call: to the provider that its address names, or the only one that was released with it.

    If neither tells, to each of them, in doubt.
    """
    names = sorted({provider for provider, _ in served})
    meant = None
    if len(names) > 1:
        meant = addressed(called.addresses, names) or _released_with(called, served, party, released)
    which = ""
    if len(names) > 1 and meant is None:
        which = (
            f"which of {', '.join(names)} {party.service} calls for {_name(called)}: nothing in its code says"
        )
    for provider, name in served:
        if meant is None or provider == meant:
            yield provider, Call(name, which or _doubt(called, party), called.evidence)


def _released_with(
    called: Called,
    served: Sequence[tuple[str, str]],
    party: Party,
    released: Mapping[str, Collection[tuple[str, str]]],
) -> str | None:
    """The one provider that served what is called in the very revision of the client."""
    together = released.get(party.revision, ())
    names = (_name(called), _name(called).rpartition(".")[0])
    found = {
        provider for provider, name in served if any((provider, one) in together for one in (name, *names))
    }
    return found.pop() if len(found) == 1 else None


def _doubt(called: Called, party: Party) -> str:
    if called.method:
        return ""
    where = f" ({called.evidence[0].path}:{called.evidence[0].line})" if called.evidence else ""
    return f"which methods of {called.service} {party.service} calls: its stub{where} cannot be followed"


def _merged(known: Call | None, call: Call) -> Call:
    """Of a call that is made in several places; what is certain in one of them is certain."""
    if known is None:
        return call
    doubt = known.doubt if call.doubt else ""
    return Call(call.name, doubt, tuple(dict.fromkeys((*known.evidence, *call.evidence))))
