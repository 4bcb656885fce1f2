"""Which client versions and provider versions can talk: all pairs of services that call each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from compatcheck.config import Config
from compatcheck.config.names import suggestion
from compatcheck.errors import UsageError
from compatcheck.reads.effects import Surface
from compatcheck.rollout.graph import Edge, Graph, connect
from compatcheck.rollout.order import step_order
from compatcheck.rollout.pairs import Table, Terms, Verdict
from compatcheck.rules.severity import policy
from compatcheck.usecases.comparing import json_settings
from compatcheck.usecases.interfaces import Ground, Library
from compatcheck.usecases.rollouts import Gap, Matrix, Pair, Pairs, Step


def all_pairs(
    ground: Ground,
    client: str | None = None,
    provider: str | None = None,
    environment: str | None = None,
) -> Pairs:
    """Every version of every client against every version of its providers, or of those that are named.

    With an environment, only the versions that are live there. UsageError: a name that nothing has, or a
    `consumes` that no schema knows.
    """
    graph = service_graph(ground.config)
    for name in (client, provider):
        if name is not None:
            known_service(ground.config, name)
    edges = graph.edges(client, provider)
    library = Library(ground, wanted_of(edges, graph))
    live = None if environment is None else live_in(ground.config, environment)
    versions: dict[str, tuple[str, ...]] = {}
    for service in sorted({name for edge in edges for name in (edge.client, edge.provider)}):
        if live is None:
            versions[service] = _all_versions(library, service)
        else:
            versions[service] = live.get(service, ())
    table = Table(terms_of(ground.config))
    matrices = tuple(_matrix(edge, versions, library, table) for edge in edges)
    check_names(library, edges)
    where = f"is live in {environment}" if environment is not None else "is known"
    gaps = [
        Gap(service, f"no version of {service} {where}") for service, found in versions.items() if not found
    ]
    gaps += unserved_gaps(graph, library, client) if provider is None else []
    if not edges and not gaps:
        gaps.append(Gap("", "no service consumes what another one provides, so that nothing was judged"))
    return Pairs(matrices, tuple(gaps))


def _all_versions(library: Library, service: str) -> tuple[str, ...]:
    """The tagged versions, then live ones that no tag shows."""
    tagged = [release.version for release in library.releases(service)]
    live = [one for names in library.ground.config.environments.values() for one in names.get(service, ())]
    return tuple(dict.fromkeys([*tagged, *live]))


def _matrix(edge: Edge, versions: dict[str, tuple[str, ...]], library: Library, table: Table) -> Matrix:
    rows, columns = versions[edge.client], versions[edge.provider]
    judged = {
        (row, column): judged_pair(edge, row, column, library, table) for row in rows for column in columns
    }

    def verdict(row: str, column: str) -> Verdict:
        return judged[row, column].judgement.verdict

    step = None
    client, provider = _last_two(library, edge.client, rows), _last_two(library, edge.provider, columns)
    if (
        edge.client != edge.provider
        and client
        and provider
        and (client[0], provider[0]) != (client[1], provider[1])
    ):
        order = step_order(verdict, (client[0], provider[0]), (client[1], provider[1]))
        step = Step(client, provider, order)
    return Matrix(edge, rows, columns, tuple(judged.values()), step)


def _last_two(library: Library, service: str, shown: Sequence[str]) -> tuple[str, str] | None:
    """The last version but one and the last (or it twice), of those that have a place in history."""
    tagged = [release.version for release in library.releases(service) if release.version in shown]
    return (tagged[-2:][0], tagged[-1]) if tagged else None


def judged_pair(
    edge: Edge, client_version: str, provider_version: str, library: Library, table: Table
) -> Pair:
    client = library.interface(edge.client, client_version)
    provider = library.interface(edge.provider, provider_version)
    judgement = table.judge(client, provider, edge.calls)
    return Pair(edge.client, client_version, edge.provider, provider_version, judgement)


def service_graph(config: Config) -> Graph:
    """The graph of the declared services. UsageError if there are none."""
    if not config.services:
        where = config.where or "the configuration"
        raise UsageError(
            f"{where} declares no services",
            "add [services.NAME] with `versions`, `provides` and `consumes` to compatcheck.toml",
        )
    return connect(config.services)


def known_service(config: Config, name: str) -> None:
    if name not in config.services:
        raise UsageError(f"there is no service `{name}`", suggestion(name, config.services))


def live_in(config: Config, environment: str) -> dict[str, tuple[str, ...]]:
    """Service to live versions. UsageError if there is no such environment."""
    if environment not in config.environments:
        hint = suggestion(environment, config.environments)
        raise UsageError(f"there is no environment `{environment}`", hint or "add [environments.NAME]")
    return dict(config.environments[environment])


def terms_of(config: Config) -> Terms:
    """What counts in a verdict, by the configuration: a gRPC call always does, whatever the surfaces."""
    gate = policy(config)
    always, with_http = (gate.gates(Surface.JSON, evidenced) for evidenced in (False, True))
    return Terms(always if always == with_http else None, json_settings(config))


def wanted_of(edges: Iterable[Edge], graph: Graph) -> frozenset[str]:
    """The full names that the calls of some edges are about."""
    called = {call for edge in edges for call in edge.calls}
    return frozenset(called | {one.call for one in graph.unserved})


def check_names(library: Library, edges: Sequence[Edge]) -> None:
    """UsageError if a client consumes what is in no version of any schema around it."""
    for edge in edges:
        for call in edge.calls:
            if not any(_knows(library, name, call) for name in (edge.client, edge.provider)):
                raise _unknown_name(library, edge.client, call, edges)


def _knows(library: Library, service: str, call: str) -> bool:
    """Whether any version of a service has what is called, or may have it; those at hand are asked first."""
    for version in dict.fromkeys((*library.loaded(service), *reversed(_all_versions(library, service)))):
        interface = library.interface(service, version)
        if interface.methods_of(call) or interface.missing_of(call):
            return True
    return False


def _unknown_name(library: Library, client: str, call: str, edges: Sequence[Edge]) -> UsageError:
    config = library.ground.config
    known = {one for service in config.services.values() for one in service.provides}
    for edge in edges:
        for service in (edge.client, edge.provider):
            for version in _all_versions(library, service)[-1:]:
                known.update(library.interface(service, version).methods)
    return UsageError(
        f"{config.where}: services.{client}.consumes: no version of any schema has `{call}`",
        suggestion(call, known - {call}),
    )


def unserved_gaps(graph: Graph, library: Library, client: str | None) -> Iterator[Gap]:
    """What is consumed and provided by nobody: its pairs are not known. UsageError if no schema knows it."""
    for one in graph.unserved:
        if client is None or one.client == client:
            if not _knows(library, one.client, one.call):
                raise _unknown_name(library, one.client, one.call, ())
            yield Gap(one.client, f"no declared service provides {one.call}, which {one.client} consumes")
