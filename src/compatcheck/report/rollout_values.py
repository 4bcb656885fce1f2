"""The values that the JSON documents about services share: pairs with their reasons, evidence, moves, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from compatcheck.config.model import Deployed
from compatcheck.discover.uses import Evidence
from compatcheck.report.json_text import Object
from compatcheck.report.reasons import called_at
from compatcheck.rollout.edges import Call
from compatcheck.rollout.forwarding import Forwarded
from compatcheck.rollout.moves import Move
from compatcheck.rollout.pairs import Missing, Pair, Reason, Verdict
from compatcheck.usecases.rollouts import Gap

Labels = Mapping[str, str]
"""`client` and `provider` to SERVICE@VERSION."""


def pair_value(pair: Pair) -> Object:
    return {
        "client": pair.edge.client,
        "client_version": pair.client_version,
        "provider": pair.edge.provider,
        "provider_version": pair.provider_version,
        "channel": pair.edge.channel,
        "verdict": pair.judgement.verdict.value,
        "reasons": list(_reasons(pair)),
    }


def pair_values(pairs: Iterable[Pair]) -> list[Object]:
    return [pair_value(pair) for pair in pairs]


def bad_reasons(pairs: Iterable[Pair]) -> list[Object]:
    """Why pairs are not safe, each reason once; its writer and reader say which pair it is about."""
    found = (reason for pair in pairs for reason in _reasons(pair) if reason["kind"] in ("break", "unknown"))
    return list({repr(reason): reason for reason in found}.values())


def _reasons(pair: Pair) -> Iterator[Object]:
    labels = {
        "client": f"{pair.edge.client}@{pair.client_version}",
        "provider": f"{pair.edge.provider}@{pair.provider_version}",
    }
    judgement = pair.judgement
    for reason in judgement.breaks:
        yield _effect(reason, labels, pair.calls)
    for missing in judgement.missing:
        yield {"kind": "unknown", **_missing(missing, labels, pair.calls)}
    for reason in judgement.cautions:
        yield _effect(reason, labels, pair.calls)
    for call in judgement.not_called:
        yield {"kind": "not-called", "method": call}
    nothing = not (pair.calls or judgement.reasons or judgement.missing or judgement.not_called)
    if nothing and judgement.verdict is Verdict.SAFE:
        yield {"kind": "not-called", "method": ""}


def _effect(reason: Reason, labels: Labels, calls: Sequence[Call] = ()) -> Object:
    return {
        "kind": "break" if reason.effect.breaks else "caution",
        "method": reason.method,
        "side": reason.side,
        "writer": labels[reason.writer],
        "reader": labels[reason.reader],
        "path": list(reason.path),
        "effect": reason.effect.label,
        "surface": reason.surface.value,
        "condition": reason.condition,
        "evidence": evidence_values(called_at(reason.method, calls)),
    }


def _missing(missing: Missing, labels: Labels, calls: Sequence[Call]) -> Object:
    other = "provider" if missing.party == "client" else "client"
    return {
        "method": missing.method,
        "of": labels[missing.party],
        "with": labels[other],
        "missing": missing.datum,
        "evidence": evidence_values(called_at(missing.method, calls)),
    }


def evidence_values(evidence: Iterable[Evidence]) -> list[Object]:
    return [{"path": one.path, "line": one.line, "text": one.text} for one in evidence]


def call_values(calls: Iterable[Call]) -> list[Object]:
    """Where each method is called, a value for each line of code."""
    return [{"method": call.name, **value} for call in calls for value in evidence_values(call.evidence)]


def doubt_values(calls: Iterable[Call]) -> list[Object]:
    return [{"method": call.name, "missing": call.doubt} for call in calls if call.doubt]


def deployed_values(versions: Iterable[Deployed]) -> list[Object]:
    return [{"version": one.version, "phase": one.phase, "share": one.share} for one in versions]


def gap_values(gaps: Iterable[Gap]) -> list[Object]:
    return [{"service": gap.service, "missing": gap.datum} for gap in gaps]


def wave_values(waves: Iterable[Iterable[Move]]) -> list[list[Object]]:
    return [move_values(wave) for wave in waves]


def move_values(moves: Iterable[Move]) -> list[Object]:
    return [{"service": one.service, "from": list(one.old), "to": one.new} for one in moves]


def advisory_values(advisories: Iterable[Forwarded]) -> list[Object]:
    return [_advisory(one) for one in advisories]


def _advisory(one: Forwarded) -> Object:
    returned, received = f"{one.provider}@{one.returned_by}", f"{one.provider}@{one.received_by}"
    labels = {"client": returned, "provider": received}
    return {
        "client": f"{one.client}@{one.client_version}",
        "returned_by": returned,
        "received_by": received,
        "message": one.message,
        "response": one.response,
        "request": one.request,
        "reasons": [_effect(reason, labels) for reason in one.reasons],
    }
