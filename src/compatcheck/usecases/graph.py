"""Which services there are, who calls whom, and whether the versions at hand can talk."""

from __future__ import annotations

from collections.abc import Sequence

from compatcheck.config.model import Deployed
from compatcheck.discover.uses import Evidence, Provided
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.pairs import Pair, Verdict, overall
from compatcheck.usecases.chosen import Chosen, called, choose, head_only, is_called, met_in
from compatcheck.usecases.fleet import Fleet, fleet_of
from compatcheck.usecases.gaps import check_names, nothing, unread, unserved, unwritten
from compatcheck.usecases.ground import Ground
from compatcheck.usecases.notices import notices
from compatcheck.usecases.rollouts import Gap, GraphAnswer, Link, Node

_DEPTH = 1


def graph(
    ground: Ground,
    services: Sequence[str] = (),
    *,
    environment: str | None = None,
    live: Sequence[str] = (),
    depth: int | None = None,
    versions: Sequence[str] = (),
) -> GraphAnswer:
    """The graph at HEAD, of what is live, or of some versions; with `services` only what is near them.

    UsageError: a name that nothing has.
    """
    fleet = fleet_of(ground)
    named = environment is not None or live or versions
    chosen = choose(fleet, environment, live, versions) if named else head_only(fleet)
    services = [called(one, chosen.versions) for one in services]
    for name in services:
        fleet.check(name, chosen.versions)
    fleet.show(chosen.versions)
    if chosen.live is not None:
        fleet.show(fleet.around(chosen.live))
    absent = [name for name, found in chosen.versions.items() if not found]
    fleet.stand_in(absent)
    shown = set(chosen.versions)
    if services:
        shown &= fleet.graph.near(services, _DEPTH if depth is None else depth)
    edges = [edge for edge in fleet.graph.edges if {edge.client, edge.provider} <= shown]
    edges = [edge for edge in edges if is_called(fleet, chosen, edge)]
    check_names(fleet, edges)
    ends = {name for edge in edges for name in (edge.client, edge.provider)}
    gaps = [Gap(one, f"no version of {one} is {chosen.where}") for one in sorted(absent) if one in ends]
    gaps += [*unserved(fleet, {name: chosen.versions[name] for name in shown}), *unread(fleet, shown, chosen)]
    gaps += unwritten(fleet, edges)
    if not edges and not gaps:
        gaps.append(nothing(chosen, "no service calls another one"))
    return GraphAnswer(
        environment=chosen.environment,
        nodes=tuple(_node(name, fleet, chosen) for name in sorted(shown)),
        links=tuple(_link(edge, fleet, chosen) for edge in edges),
        gaps=tuple(gaps),
        notices=(*chosen.notices, *notices(fleet, shown)),
    )


def _node(name: str, fleet: Fleet, chosen: Chosen) -> Node:
    service, versions = fleet.service(name), chosen.versions[name]
    live = (chosen.live or {}).get(name, ())
    provides: dict[str, tuple[Evidence, ...]] = {}
    for version in versions:
        for one in fleet.uses(name, version).provides:
            known = provides.get(one.service, ())
            provides[one.service] = tuple(dict.fromkeys((*known, *one.evidence)))
    return Node(
        name=name,
        path=", ".join(service.path or _folders(name, fleet, versions)),
        repo=service.repo,
        versions=tuple(one for one in live if one.version in versions) or tuple(map(Deployed, versions)),
        provides=tuple(Provided(one, provides[one]) for one in sorted(provides)),
        external=service.external,
        group=service.group,
    )


def _folders(name: str, fleet: Fleet, versions: Sequence[str]) -> tuple[str, ...]:
    """Where the code is at the latest of some versions that has any."""
    service = fleet.service(name)
    place = fleet.timeline.code(service)
    for version in reversed(versions):
        revision = fleet.timeline.revision(service, version)
        if place is not None and revision is not None:
            area = fleet.codes.area(service, place, revision)
            if area is not None:
                return area.folders
    return ()


def _link(edge: Edge, fleet: Fleet, chosen: Chosen) -> Link:
    pairs = [fleet.pair(one) for one in met_in(fleet, chosen, edge)]
    callers = dict.fromkeys((*chosen.versions[edge.client], *(one.client_version for one in pairs)))
    return Link(
        edge=edge,
        calls=_calls(edge, fleet, tuple(callers)),
        verdict=overall(pair.judgement.verdict for pair in pairs),
        mismatched=tuple(_unsafe(pairs)),
    )


def _unsafe(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.judgement.verdict is not Verdict.SAFE]


def _calls(edge: Edge, fleet: Fleet, versions: Sequence[str]) -> tuple[Call, ...]:
    """What any version calls; a doubt that one version leaves stays."""
    found: dict[str, Call] = {}
    for version in versions:
        for call in fleet.calls(edge, version):
            known = found.get(call.name, call)
            evidence = tuple(dict.fromkeys((*known.evidence, *call.evidence)))
            found[call.name] = Call(call.name, known.doubt or call.doubt, evidence)
    return tuple(found[name] for name in sorted(found))
