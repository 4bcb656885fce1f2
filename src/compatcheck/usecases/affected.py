"""Which live versions of which services the findings of a check concern: by judging them against what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from compatcheck.config import Config
from compatcheck.errors import CompatcheckError
from compatcheck.rollout.pairs import Verdict
from compatcheck.rules.finding import Finding
from compatcheck.source.snapshot import Source
from compatcheck.usecases.blame import Blame, channels_of
from compatcheck.usecases.coming import Coming
from compatcheck.usecases.concern import Key, Search
from compatcheck.usecases.fleet import Fleet, fleet_of
from compatcheck.usecases.ground import Ground
from compatcheck.usecases.results import Affected, Check, Liveness, Role

_NOT_ASKED = "which live versions are concerned could not be asked"
_ROLES: tuple[Role, ...] = ("client", "provider", "writer", "reader")


def liveness(check: Check, old: Source, new: Source, config: Config, ground: Ground | None) -> Liveness:
    """What the findings of a check of two sources mean for the environments of the configuration.

    `ground` None: there is no repository whose tags could be versions. What cannot be told is a notice, and never
    stops a check.
    """
    environments = tuple(config.environments)
    findings = [one for one in check.findings if one.breaks or any(channels_of(one, config))]
    if not findings:
        return Liveness(environments, {}, is_complete=True)
    if ground is None:
        why = "this is not in a git repository, whose tags are the versions"
        return Liveness(environments, {}, False, (f"{_NOT_ASKED}: {why}",))
    try:
        return _liveness(check, findings, old, new, ground)
    except CompatcheckError as error:
        return Liveness(environments, {}, False, (f"{_NOT_ASKED}: {_said(error)}",))


def _said(error: CompatcheckError) -> str:
    return f"{error.message} ({error.hint})" if error.hint else error.message


def _liveness(check: Check, findings: list[Finding], old: Source, new: Source, ground: Ground) -> Liveness:
    fleet = fleet_of(ground)
    failed = _show(fleet, ground.config)
    unread = tuple(_unread(fleet, ground.config, failed))
    formers = {one.method: one.formers for one in check.orders}
    names = {reached.method for one in findings for reached in one.methods}
    names |= {former for name in names for former in formers.get(name, ())}
    wanted = frozenset((*names, *(one.message for one in ground.config.channels.values())))
    search = Search(
        fleet, failed, formers, Coming(fleet, old, wanted), Coming(fleet, new, wanted), Blame(check.findings)
    )
    concerned = [one for one in findings if search.goes_through_channel(one) or one.breaks]
    found: dict[str, dict[Key, tuple[dict[str, None], set[str]]]] = {one.fingerprint: {} for one in concerned}
    for environment, live in ground.config.environments.items():
        for met in search.meetings(live):
            for finding in concerned:
                for key, name in search.affected(finding, met):
                    where, methods = found[finding.fingerprint].setdefault(key, ({}, set()))
                    where[environment] = None
                    methods.add(name)
        for finding in concerned:
            for key, name in search.unserved(finding, live):
                where, methods = found[finding.fingerprint].setdefault(key, ({}, set()))
                where[environment] = None
                methods.add(name)
    return Liveness(
        tuple(ground.config.environments),
        {one.fingerprint: _sorted(found[one.fingerprint]) for one in concerned},
        not unread,
        unread,
    )


def _sorted(found: Mapping[Key, tuple[Iterable[str], Iterable[str]]]) -> tuple[Affected, ...]:
    """What is certain first, then by role, service and methods; versions stay as they were found."""
    listed = [
        Affected(service, version, tuple(where), role, tuple(sorted(methods)), verdict, datum)
        for (role, service, version, verdict, datum), (where, methods) in found.items()
    ]
    return tuple(
        sorted(
            listed,
            key=lambda one: (
                one.verdict is Verdict.UNKNOWN,
                _ROLES.index(one.role),
                one.service,
                one.methods,
            ),
        )
    )


def _show(fleet: Fleet, config: Config) -> dict[tuple[str, str], str]:
    """Take all that is live into the question; what keeps versions out of it."""
    failed: dict[tuple[str, str], str] = {}
    for live in config.environments.values():
        for service, versions in fleet.around(live).items():
            for version in versions or (fleet.versions(service) or ("",))[-1:]:
                try:
                    fleet.show({service: (version,)})
                except CompatcheckError as error:
                    failed[service, version] = _said(error)
    return failed


def _unread(fleet: Fleet, config: Config, failed: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """A sentence for each datum that is missing of what live versions serve and call."""
    problems: dict[str, dict[str, None]] = {}
    for environment, live in config.environments.items():
        for service, versions in live.items():
            for one in versions:
                why = failed.get((service, one.version))
                for datum in fleet.uses(service, one.version).missing if why is None else (why,):
                    problems.setdefault(datum, {})[f"{service} {one.version} in {environment}"] = None
    for datum, versions_at in problems.items():
        yield f"it is not known in full what {', '.join(versions_at)} calls and serves: {datum}"
