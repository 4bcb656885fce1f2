"""In which order several services can go to new versions, so that whoever meets on the way can talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compatcheck.errors import UsageError
from compatcheck.rollout import plan as planner
from compatcheck.rollout.live import Live, Strategy
from compatcheck.rollout.moves import Move
from compatcheck.rollout.sources import Sources
from compatcheck.usecases.advice import advisories
from compatcheck.usecases.chosen import called, live_versions, without_draining
from compatcheck.usecases.deploy import parsed
from compatcheck.usecases.fleet import fleet_of
from compatcheck.usecases.gaps import check_names, unread, unserved, unwritten
from compatcheck.usecases.ground import Ground
from compatcheck.usecases.notices import notices
from compatcheck.usecases.rollouts import Gap, PlanAnswer


def plan(
    ground: Ground,
    targets: Sequence[str],
    *,
    environment: str | None = None,
    live: Sequence[str] = (),
    strategy: Strategy = Strategy.ROLLING,
) -> PlanAnswer:
    """The order for `targets`, each written `SERVICE@VERSION`. UsageError: names that nothing has."""
    asked = _wanted(targets)
    fleet = fleet_of(ground)
    now = live_versions(fleet, environment, live)
    names = (*now.versions, *fleet.names(asked.values(), now.live or ()))
    wanted = _wanted([f"{called(service, names)}@{version}" for service, version in asked.items()])
    for service in wanted:
        fleet.check(service, names)
    wanted = {service: fleet.version(service, version) for service, version in wanted.items()}
    found = without_draining(now.live or {}, wanted)
    shown = fleet.around(found)
    fleet.show(shown)
    fleet.show({service: (version,) for service, version in wanted.items()})
    fleet.stand_in([name for name, versions in shown.items() if not versions and name not in wanted])
    edges = tuple(dict.fromkeys(edge for name in wanted for edge in fleet.graph.around(name)))
    check_names(fleet, edges)
    setting = fleet.setting(fleet.graph.edges)
    sources = Sources(
        fleet.interface, fleet.calls, fleet.served, fleet.table, edges=lambda: fleet.graph.edges
    )
    moving = {
        service: version
        for service, version in wanted.items()
        if [one.version for one in found.get(service, ())] != [version]
    }
    answer = planner.plan(setting, found, wanted, strategy, sources)
    neighbours = {name for edge in edges for name in (edge.client, edge.provider)}
    gaps = [
        Gap(name, f"no version of {name} is {now.where}")
        for name in sorted(neighbours - wanted.keys())
        if not found.get(name)
    ]
    moved = {service: (*now.versions.get(service, ()), version) for service, version in wanted.items()}
    gaps += [*unserved(fleet, moved), *unread(fleet, (*wanted, *found), now), *unwritten(fleet, edges)]
    if not edges and not gaps:
        gaps.append(Gap("", "none of these services calls or serves another one"))
    return PlanAnswer(
        environment=now.environment,
        strategy=strategy,
        targets=tuple(_move(service, version, found) for service, version in wanted.items()),
        waves=answer.waves,
        conflicts=answer.conflicts,
        existing=answer.existing,
        no_return=answer.no_return,
        advisories=advisories(fleet, setting, found, moving, strategy),
        gaps=tuple(gaps),
        notices=(
            *(
                f"{service} {version} is {now.where} already"
                for service, version in wanted.items()
                if service not in moving
            ),
            *(
                f"there is no code of {service} at {version}: it would be gone"
                for service, version in wanted.items()
                if not fleet.uses(service, version).exists
            ),
            *notices(fleet, {*wanted, *neighbours}),
        ),
    )


def _wanted(targets: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for target in targets:
        service, version = parsed(target)
        if found.setdefault(service, version) != version:
            raise UsageError(f"{service} cannot go to {found[service]} and to {version} at once")
    return found


def _move(service: str, version: str, live: Live) -> Move:
    return Move(
        service, tuple(one.version for one in live.get(service, ()) if one.version != version), version
    )
