"""Which live versions a finding concerns, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compatcheck.report.words import some_of
from compatcheck.rollout.pairs import Verdict
from compatcheck.rules.finding import Break, Finding
from compatcheck.usecases.results import Affected, Liveness, Role

_SHOWN = 5
_METHODS_SHOWN = 3
_VERSIONS_SHOWN = 5
_SERVICES_SHOWN = 5

_Group = tuple[Role, Verdict, tuple[str, ...], str]


def live_phrases(finding: Finding, live: Liveness | None) -> list[str]:
    """`checkout 1.0 in production and 1.1 in staging call shop.v1.Payment.Charge`, a line for each such phrase.

    Nothing where no environment is configured, or the finding breaks nobody.
    """
    if live is None or finding.fingerprint not in live.affected:
        return []
    groups: dict[_Group, list[Affected]] = {}
    for one in live.affected[finding.fingerprint]:
        groups.setdefault((one.role, one.verdict, one.methods, one.datum), []).append(one)
    if not groups:
        return ["no live version breaks" if live.is_complete else "no live version that is known breaks"]
    lines = [_phrase(finding, *group, found) for group, found in groups.items()]
    rest = len(lines) - _SHOWN
    return [*lines[:_SHOWN], *([f"and {rest} more"] if rest > 0 else [])]


def _phrase(
    finding: Finding,
    role: Role,
    verdict: Verdict,
    methods: tuple[str, ...],
    datum: str,
    found: Sequence[Affected],
) -> str:
    listed = some_of(methods, _METHODS_SHOWN)
    if verdict is Verdict.UNKNOWN:
        on = "through channel" if role in ("writer", "reader") else "on"
        return f"not known whether {_versions(found)} {_inflected(found, 'break')} {on} {listed}: {datum}"
    return f"{_versions(found)} {_verb(finding, role, found)} {listed}"


def _verb(finding: Finding, role: Role, found: Sequence[Affected]) -> str:
    match role:
        case "client":
            return _inflected(found, "call")
        case "writer":
            return "wrote to channel"
        case "reader":
            return f"{_inflected(found, 'read')} from channel"
        case "provider":
            sides = {one.side for one in finding.methods if Break.NEW_CLIENT_OLD_SERVER in one.breaks}
            if "call" in sides:
                return "do not serve" if len(found) > 1 else "does not serve"
            return _inflected(found, "serve")


def _inflected(found: Sequence[Affected], verb: str) -> str:
    return verb if len(found) > 1 else f"{verb}s"


def _versions(found: Iterable[Affected]) -> str:
    """`cart 1.0 and 1.1 in production and checkout 1.0 in staging`."""
    services: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for one in found:
        services.setdefault(one.service, {}).setdefault(one.environments, []).append(one.version)
    phrases = [
        f"{service} "
        + " and ".join(
            f"{some_of(versions, _VERSIONS_SHOWN)} in {some_of(environments, _VERSIONS_SHOWN)}"
            for environments, versions in there.items()
        )
        for service, there in services.items()
    ]
    return some_of(phrases, _SERVICES_SHOWN)
