"""Which versions of which services a question is about, where it names an environment, globs, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from compatcheck.config.model import Deployed
from compatcheck.errors import UsageError
from compatcheck.rollout.addresses import bare
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.live import Live, Meeting, meetings
from compatcheck.usecases.environments import Configured, live_in, live_there
from compatcheck.usecases.fleet import Fleet

HEAD = "HEAD"
_LATEST = 2
"""So many of the latest tags are shown of discovered services: each tag is a version of all of them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """`versions`: service to those that are shown, in the order of history; none of a service that has none there.

    At the last one the service may be gone: what still calls it there breaks.
    """

    versions: Mapping[str, tuple[str, ...]]
    where: str
    """What the versions are, for a message about a service that has none: `live in production`, `known`."""
    environment: str = ""
    live: Live | None = None
    notices: tuple[str, ...] = ()


def choose(fleet: Fleet, environment: str | None, live: Sequence[str], globs: Sequence[str]) -> Chosen:
    """The versions that are live, or that the globs match; else all of declared services and few of others.

    UsageError: names and globs that nothing has.
    """
    if environment is not None or live:
        return _narrowed(live_versions(fleet, environment, live), globs)
    chosen = Chosen(_matched(fleet, globs), "chosen") if globs else _all(fleet)
    return replace(
        chosen, versions={name: _with_code(fleet, name, found) for name, found in chosen.versions.items()}
    )


def head_only(fleet: Fleet) -> Chosen:
    """What there is now: of each service HEAD, or its latest version where it lives in another repository."""
    found: dict[str, tuple[str, ...]] = {}
    for name in fleet.names((HEAD,)):
        service = fleet.service(name)
        here = fleet.timeline.code(service) == fleet.ground.place
        found[name] = (HEAD,) if here else fleet.versions(name)[-1:]
    return Chosen(found, "known")


def live_versions(fleet: Fleet, environment: str | None, live: Sequence[str]) -> Chosen:
    """What is live in an environment, as configured and as written. UsageError: there is no such service."""
    name, found = live_in(Configured(fleet.ground.config), environment, live)
    names = fleet.names((one.version for versions in found.values() for one in versions), found)
    for service in found:
        fleet.check(service, names)
    found = {
        service: tuple(replace(one, version=fleet.version(service, one.version)) for one in versions)
        for service, versions in found.items()
    }
    shown = {service: _versions(found.get(service, ())) for service in names}
    return Chosen(shown, live_there(name), name, found)


def called(name: str, names: Iterable[str]) -> str:
    """What a service is called here: by another name of its folder, if only one differs by just a `service`."""
    known = dict.fromkeys(names)
    alike = [one for one in known if bare(one) == bare(name)]
    return alike[0] if name not in known and len(alike) == 1 else name


def without_draining(live: Live, targets: Mapping[str, str]) -> Live:
    """What is live without versions that are draining and to be deployed again: so far nobody calls them anew."""
    return {
        service: tuple(one for one in found if one.phase != "draining" or one.version != targets.get(service))
        for service, found in live.items()
    }


def met_in(fleet: Fleet, chosen: Chosen, edge: Edge) -> tuple[Meeting, ...]:
    """Who meets on an edge among the chosen versions: with an environment also who is felt without being there.

    Nobody drains the older versions of an external service, and what older writers have stored is still read.
    """
    clients, providers = chosen.versions[edge.client], chosen.versions[edge.provider]
    if chosen.live is None:
        return tuple(Meeting(edge, client, provider) for client in clients for provider in providers)
    live = {
        name: tuple(one for one in chosen.live.get(name, ()) if one.version in chosen.versions[name])
        for name in (edge.client, edge.provider)
    }
    return meetings(fleet.setting((edge,)), live)


def is_called(fleet: Fleet, chosen: Chosen, edge: Edge) -> bool:
    """Whether any version of the question calls along an edge, or the client has none."""
    felt = () if chosen.live is None else met_in(fleet, chosen, edge)
    here = dict.fromkeys((*chosen.versions[edge.client], *(one.client_version for one in felt)))
    return not here or any(fleet.calls(edge, one) for one in here)


def ordered(fleet: Fleet, service: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Versions in the order of history, each once; those without a place in it come last."""
    some = dict.fromkeys(versions)
    known = [one for one in fleet.versions(service) if one in some]
    return (*known, *(one for one in some if one not in known))


def _narrowed(live: Chosen, globs: Sequence[str]) -> Chosen:
    if not globs:
        return live
    patterns = _patterns(globs)
    versions = {
        service: kept
        for service, known in live.versions.items()
        if (kept := tuple(one for one in known if any(fnmatchcase(one, glob) for glob in patterns)))
    }
    return Chosen(versions, live.where, live.environment, live.live)


def _all(fleet: Fleet) -> Chosen:
    declared = fleet.ground.config.services
    found = {name: fleet.versions(name) for name in declared}
    notices: tuple[str, ...] = ()
    if fleet.discovers:
        tags = fleet.tagged("")
        latest = [*tags[-_LATEST:]]
        place, archive = fleet.ground.place, fleet.timeline.archive
        if not tags or archive.tree_id(place, f"refs/tags/{tags[-1]}") != archive.tree_id(place, HEAD):
            latest.append(HEAD)
        for name in fleet.names(latest):
            found.setdefault(name, tuple(latest))
        if len(tags) > _LATEST:
            notices = (f"only {', '.join(latest)} are shown of {len(tags)} tags: --versions names others",)
    return Chosen(found, "known", notices=notices)


def _matched(fleet: Fleet, globs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    patterns = _patterns(globs)
    tags = fleet.tagged("") if fleet.discovers else ()
    revisions = [one for one in tags if any(fnmatchcase(one, glob) for glob in patterns)]
    revisions += [one for one in patterns if fleet.timeline.archive.is_revision(fleet.ground.place, one)]
    names = fleet.names(revisions)
    for glob in patterns:
        some = False
        for name in names:
            matching = [one for one in fleet.versions(name) if fnmatchcase(one, glob)]
            found.setdefault(name, {}).update(dict.fromkeys(matching))
            some = some or bool(matching)
        if not some:
            with_revision = [
                name for name in names if fleet.timeline.revision(fleet.service(name), glob) is not None
            ]
            if not with_revision:
                raise UsageError(f"`{glob}` is no version of any service, and no revision")
            for name in with_revision:
                found.setdefault(name, {})[glob] = None
    return {name: ordered(fleet, name, versions) for name, versions in found.items() if versions}


def _with_code(fleet: Fleet, service: str, versions: tuple[str, ...]) -> tuple[str, ...]:
    """Without those at which there was no such service yet or any more, but for the first at which it is gone."""
    there = [fleet.uses(service, one).exists for one in versions]
    if not any(there):
        return versions
    end = max(place for place, exists in enumerate(there) if exists) + 1
    return tuple(one for place, one in enumerate(versions) if place == end or there[place])


def _patterns(globs: Sequence[str]) -> list[str]:
    return [one for text in globs for part in text.split(",") if (one := part.strip())]


def _versions(deployed: Sequence[Deployed]) -> tuple[str, ...]:
    return tuple(one.version for one in deployed)
