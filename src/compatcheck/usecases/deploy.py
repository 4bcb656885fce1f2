"""Whether a version of a service can be deployed: against everything that it would meet on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compatcheck.config.model import Deployed
from compatcheck.errors import UsageError
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.live import Live, Meeting, Setting, Strategy, during, meetings, window
from compatcheck.rollout.pairs import Pair, Verdict, overall
from compatcheck.usecases.advice import advisories, later, rollback
from compatcheck.usecases.chosen import called, live_versions, without_draining
from compatcheck.usecases.environments import live_there
from compatcheck.usecases.fleet import Fleet, fleet_of
from compatcheck.usecases.gaps import check_names, unread, unserved, unwritten
from compatcheck.usecases.ground import Ground
from compatcheck.usecases.notices import notices
from compatcheck.usecases.rollouts import Deployment, Gap, Neighbour


def can_i_deploy(
    ground: Ground,
    target: str,
    environment: str | None = None,
    strategy: Strategy = Strategy.ROLLING,
    live: Sequence[str] = (),
) -> Deployment:
    """The answer for `target`, written `SERVICE@VERSION`. UsageError: names that nothing has."""
    service, version = parsed(target)
    fleet = fleet_of(ground)
    now = live_versions(fleet, environment, live)
    names = (*now.versions, *fleet.names((version,), now.live or ()))
    service = called(service, names)
    fleet.check(service, names)
    version = fleet.version(service, version)
    found = without_draining(now.live or {}, {service: version})
    shown = fleet.around(found)
    fleet.show({**shown, service: (*shown.get(service, ()), version)})
    fleet.stand_in([name for name, versions in shown.items() if not versions and name != service])
    edges = fleet.graph.around(service)
    setting = fleet.setting(edges)
    before = meetings(setting, found)
    coming = _coming(setting, found, before, service, version, strategy)
    pairs = tuple(fleet.pair(one) for one in coming)
    check_names(fleet, edges)
    neighbours = sorted({name for edge in edges for name in (edge.client, edge.provider)} - {service})
    gaps = [Gap(name, f"no version of {name} is {now.where}") for name in neighbours if not found.get(name)]
    gaps += [
        *unserved(fleet, {service: (*now.versions.get(service, ()), version)}),
        *unread(fleet, (service, *found), now),
        *unwritten(fleet, edges),
    ]
    if not edges and not gaps:
        gaps.append(Gap(service, f"{service} neither calls nor serves another declared service"))
    return Deployment(
        service=service,
        version=version,
        environment=now.environment,
        strategy=strategy,
        live=found.get(service, ()),
        pairs=pairs,
        existing=tuple(fleet.pair(one) for one in before if one not in coming),
        gaps=tuple(gaps),
        ways_out=tuple(_ways_out(service, version, pairs, found, fleet, strategy)),
        rollback=rollback(fleet, setting, found, service, version, strategy),
        advisories=advisories(fleet, setting, found, {service: version}, strategy),
        notices=(
            *_notices(service, version, found, now.environment, fleet),
            *notices(fleet, (service, *neighbours)),
        ),
    )


def parsed(target: str) -> tuple[str, str]:
    """Service and version. UsageError: it is not written SERVICE@VERSION."""
    service, _, version = target.partition("@")
    if not service or not version:
        raise UsageError(f"`{target}` is not a version of a service", "write it as SERVICE@VERSION")
    return service, version


def _notices(service: str, version: str, live: Live, environment: str, fleet: Fleet) -> Iterator[str]:
    if version in [one.version for one in live.get(service, ())]:
        yield f"{service} {version} is {live_there(environment)} already"
    elif not live.get(service):
        yield f"no version of {service} is {live_there(environment)}: this would be the first"
    if not fleet.uses(service, version).exists:
        yield f"there is no code of {service} at {version}: it would be gone"


def _coming(
    setting: Setting,
    live: Live,
    before: tuple[Meeting, ...],
    service: str,
    version: str,
    strategy: Strategy,
) -> tuple[Meeting, ...]:
    """Who meets because of the deployment; of a version that is live already, whom it meets now."""
    if version in [one.version for one in live.get(service, ())]:
        new = (service, version)
        return tuple(
            one
            for one in before
            if new in ((one.edge.client, one.client_version), (one.edge.provider, one.provider_version))
        )
    return window(setting, live, {service: version}, strategy)


def _ways_out(
    service: str, version: str, pairs: tuple[Pair, ...], live: Live, fleet: Fleet, strategy: Strategy
) -> Iterator[Neighbour]:
    """For each neighbour that does not suit: a version that could go first.

    It has to suit the new version and everything that is live now, so that it can be deployed before.
    """
    unfit: dict[str, list[str]] = {}
    for pair in pairs:
        if pair.judgement.verdict is Verdict.MISMATCH:
            ends = ((pair.edge.client, pair.client_version), (pair.edge.provider, pair.provider_version))
            for name, one in ends:
                if name != service:
                    unfit.setdefault(name, []).append(one)
    for neighbour, versions in unfit.items():
        bad = tuple(dict.fromkeys(versions))
        known = [one.version for one in live.get(neighbour, ())]
        # A version that is live already and suits need not be deployed: the others have to go.
        candidates = [one for one in known if one not in bad]
        candidates += [one for one in later(fleet, neighbour, known) if one not in bad]
        fits = (one for one in candidates if _fits(neighbour, one, service, version, live, fleet, strategy))
        yield Neighbour(neighbour, bad, next(fits, None))


def _fits(
    neighbour: str, one: str, service: str, version: str, live: Live, fleet: Fleet, strategy: Strategy
) -> bool:
    """Whether a neighbour's version suits all that is live while the new version here is on its way."""
    fleet.show({neighbour: (one,)})
    group = fleet.service(service).group
    if group and fleet.service(neighbour).group == group:
        # They are deployed together, so that neither goes first.
        return False
    edges = fleet.graph.around(neighbour)
    there = live.get(neighbour, ())
    added = () if one in [known.version for known in there] else (Deployed(one),)
    state = {**during(live, {service: version}, strategy), neighbour: (*there, *added)}
    # Nobody misses what is nowhere live, unless it is called where it was not called before.
    if any(not state.get(edge.provider) for edge in _added(neighbour, one, there, fleet)):
        return False
    # Its old versions are gone then, and what they have stored may still be there.
    gone = {**live, neighbour: (Deployed(one),)}
    both = tuple(edge for edge in edges if service in (edge.client, edge.provider))
    for met in window(fleet.setting(both), gone, {service: version}, strategy):
        if fleet.judge(met.edge, met.client_version, met.provider_version).verdict is not Verdict.SAFE:
            return False
    new = (neighbour, one)
    found = (
        fleet.judge(met.edge, met.client_version, met.provider_version).verdict
        for met in meetings(fleet.setting(edges), state)
        if new in ((met.edge.client, met.client_version), (met.edge.provider, met.provider_version))
    )
    return overall(found) is Verdict.SAFE


def _added(neighbour: str, one: str, there: Sequence[Deployed], fleet: Fleet) -> Iterator[Edge]:
    """The edges along which a version of a service calls what none of its live versions does."""
    for edge in fleet.graph.around(neighbour):
        if edge.client == neighbour:
            known = {call.name for live in there for call in fleet.calls(edge, live.version)}
            if not {call.name for call in fleet.calls(edge, one)} <= known:
                yield edge
