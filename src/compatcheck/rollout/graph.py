"""The graph of services: who calls whom. Services are its nodes; verdicts never are its edges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compatcheck.config.model import Service

if TYPE_CHECKING:
    from networkx import DiGraph

    Network = DiGraph[str, dict[str, object], dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Edge:
    """A client and a provider, and the services and methods (full names) that the one calls at the other."""

    client: str
    provider: str
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unserved:
    """What a client consumes and no declared service provides."""

    client: str
    call: str


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Services and edges from client to provider; a service that calls itself has an edge to itself."""

    services: Network
    unserved: tuple[Unserved, ...]

    def edges(self, client: str | None = None, provider: str | None = None) -> tuple[Edge, ...]:
        """The edges, sorted; only those of one client and one provider, if they are named."""
        return tuple(sorted(self._edges(client, provider), key=lambda edge: (edge.client, edge.provider)))

    def around(self, service: str) -> tuple[Edge, ...]:
        """The edges in which a service is client, provider or both, each once."""
        return tuple(dict.fromkeys((*self.edges(client=service), *self.edges(provider=service))))

    def _edges(self, client: str | None, provider: str | None) -> Iterator[Edge]:
        if client is not None:
            ends = [(client, one) for one in self.services.successors(client)]
        elif provider is not None:
            ends = [(one, provider) for one in self.services.predecessors(provider)]
        else:
            ends = list(self.services.edges)
        for one, other in ends:
            if provider is None or other == provider:
                yield Edge(one, other, self.services.edges[one, other]["calls"])


def connect(services: Mapping[str, Service]) -> Graph:
    """The graph that the services declare. Of several providers of one gRPC service, each gets an edge."""
    from networkx import DiGraph

    graph: Network = DiGraph()
    graph.add_nodes_from(services)
    providers = _providers(services)
    unserved = []
    for client in services.values():
        calls: dict[str, list[str]] = {}
        for wanted in client.consumes:
            served = list(_served(wanted, providers))
            if not served:
                unserved.append(Unserved(client.name, wanted))
            for provider, call in served:
                calls.setdefault(provider, []).append(call)
        for provider, called in calls.items():
            graph.add_edge(client.name, provider, calls=tuple(dict.fromkeys(called)))
    return Graph(graph, tuple(unserved))


def _providers(services: Mapping[str, Service]) -> dict[str, list[tuple[str, str]]]:
    """What is provided, and every name above it -> who provides it, and what exactly."""
    found: dict[str, list[tuple[str, str]]] = {}
    for service in services.values():
        for provided in service.provides:
            parent = provided.rpartition(".")[0]
            for name in (provided, parent):
                found.setdefault(name, []).append((service.name, provided))
    return found


def _served(wanted: str, providers: Mapping[str, list[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    """Who provides what is wanted, and what is called there: the narrower of the two names.

    A name may be that of a service or of a method, so that one is looked for as such and within its parent.
    """
    parent = wanted.rpartition(".")[0]
    for provider, provided in providers.get(wanted, ()):
        yield provider, provided
    for provider, provided in providers.get(parent, ()):
        if provided == parent:
            yield provider, wanted
