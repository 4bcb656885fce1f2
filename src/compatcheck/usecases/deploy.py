"""Whether a version of a service can be deployed: against everything that it would meet on the way."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.errors import UsageError
from compatcheck.rollout.graph import Edge, Graph
from compatcheck.rollout.live import Live, window
from compatcheck.rollout.pairs import Table, Verdict, overall
from compatcheck.usecases.interfaces import Ground, Library
from compatcheck.usecases.pairs import (
    check_names,
    judged_pair,
    known_service,
    live_in,
    service_graph,
    terms_of,
    unserved_gaps,
    wanted_of,
)
from compatcheck.usecases.rollouts import Deployment, Gap, Pair, WayOut


def can_i_deploy(ground: Ground, target: str, environment: str) -> Deployment:
    """The answer for `target`, written `SERVICE@VERSION`. UsageError: names that nothing has."""
    service, version = _parsed(target)
    graph = service_graph(ground.config)
    known_service(ground.config, service)
    live = live_in(ground.config, environment)
    edges = graph.around(service)
    library = Library(ground, wanted_of(edges, graph))
    notices = []
    if library.adopt(service, version):
        notices.append(f"no tag stands for {service} {version}: `{version}` is read as a revision")
    if version in live.get(service, ()):
        notices.append(f"{service} {version} is live in {environment} already")
    elif not live.get(service):
        notices.append(f"no version of {service} is live in {environment}: this would be the first")
    table = Table(terms_of(ground.config))
    around = window(edges, live, service, version)
    judged = [
        (one.new, judged_pair(one.edge, one.client_version, one.provider_version, library, table))
        for one in around.meetings
    ]
    check_names(library, edges)
    gaps = [Gap(name, f"no version of {name} is live in {environment}") for name in around.absent]
    gaps += unserved_gaps(graph, library, service)
    if not edges and not gaps:
        gaps.append(Gap(service, f"{service} neither calls nor serves another declared service"))
    pairs = tuple(pair for new, pair in judged if new)
    return Deployment(
        service=service,
        version=version,
        environment=environment,
        live=live.get(service, ()),
        pairs=pairs,
        existing=tuple(pair for new, pair in judged if not new),
        gaps=tuple(gaps),
        ways_out=tuple(_ways_out(service, version, pairs, live, graph, library, table)),
        notices=tuple(notices),
    )


def _parsed(target: str) -> tuple[str, str]:
    service, _, version = target.partition("@")
    if not service or not version:
        raise UsageError(f"`{target}` is not a version of a service", "write it as SERVICE@VERSION")
    return service, version


def _ways_out(
    service: str,
    version: str,
    pairs: tuple[Pair, ...],
    live: Live,
    graph: Graph,
    library: Library,
    table: Table,
) -> Iterator[WayOut]:
    """For each neighbour that does not suit: a version that could go first.

    It has to suit the new version and everything that is live now, so that it can be deployed before.
    """
    unfit: dict[str, list[str]] = {}
    for pair in pairs:
        if pair.judgement.verdict is Verdict.MISMATCH:
            for name, one in ((pair.client, pair.client_version), (pair.provider, pair.provider_version)):
                if name != service:
                    unfit.setdefault(name, []).append(one)
    after = {**live, service: tuple(dict.fromkeys((*live.get(service, ()), version)))}
    for neighbour, versions in unfit.items():
        bad = tuple(dict.fromkeys(versions))
        # A version that is live already and suits need not be deployed: the others have to go.
        candidates = [one for one in live.get(neighbour, ()) if one not in bad]
        candidates += _newer(neighbour, live.get(neighbour, ()), library)
        edges = graph.around(neighbour)
        wider = Library(library.ground, wanted_of(edges, graph))
        fits = (one for one in candidates if _fits(edges, after, neighbour, one, wider, table))
        yield WayOut(neighbour, bad, next(fits, None))


def _newer(service: str, live: tuple[str, ...], library: Library) -> list[str]:
    """The tagged versions that came after every live one."""
    tagged = [release.version for release in library.releases(service)]
    last = max((tagged.index(one) for one in live if one in tagged), default=-1)
    return tagged[last + 1 :]


def _fits(
    edges: tuple[Edge, ...], live: Live, service: str, version: str, library: Library, table: Table
) -> bool:
    around = window(edges, live, service, version)
    verdicts = (
        judged_pair(one.edge, one.client_version, one.provider_version, library, table).judgement.verdict
        for one in around.meetings
        if one.new
    )
    return not around.absent and overall(verdicts) is Verdict.SAFE
