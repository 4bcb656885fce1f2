"""The answers about services as JSON; `pairs.schema.json` and `deploy.schema.json` describe the documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from compatcheck.report.json_text import Object, dump
from compatcheck.rollout.pairs import Missing, Reason, Verdict
from compatcheck.usecases.rollouts import Deployment, Gap, Matrix, Pair, Pairs


def render_pairs_json(answer: Pairs, version: str) -> str:
    """The answer of `compatcheck pairs`, as judged by compatcheck `version`."""
    return dump(
        {
            "version": version,
            "verdict": answer.verdict.value,
            "pairs": [_pair(pair) for pair in answer.pairs],
            "edges": [_edge(matrix) for matrix in answer.matrices],
            "missing": [_gap(gap) for gap in answer.gaps],
            "summary": _summary(answer.pairs),
        }
    )


def render_deploy_json(answer: Deployment, version: str) -> str:
    """The answer of `compatcheck can-i-deploy`, as judged by compatcheck `version`."""
    return dump(
        {
            "version": version,
            "verdict": answer.verdict.value,
            "service": answer.service,
            "service_version": answer.version,
            "environment": answer.environment,
            "live": list(answer.live),
            "pairs": [_pair(pair) for pair in answer.pairs],
            "existing": [_pair(pair) for pair in answer.existing],
            "missing": [_gap(gap) for gap in answer.gaps],
            "ways_out": [
                {"service": way.neighbour, "instead_of": list(way.instead_of), "version": way.version}
                for way in answer.ways_out
            ],
            "notices": list(answer.notices),
            "summary": _summary(answer.pairs),
        }
    )


def _pair(pair: Pair) -> Object:
    return {
        "client": pair.client,
        "client_version": pair.client_version,
        "provider": pair.provider,
        "provider_version": pair.provider_version,
        "verdict": pair.judgement.verdict.value,
        "reasons": list(_reasons(pair)),
    }


def _reasons(pair: Pair) -> Iterator[Object]:
    labels = {
        "client": f"{pair.client}@{pair.client_version}",
        "provider": f"{pair.provider}@{pair.provider_version}",
    }
    judgement = pair.judgement
    for reason in judgement.breaks:
        yield {"kind": "break", **_effect(reason, labels)}
    for missing in judgement.missing:
        yield {"kind": "unknown", **_missing(missing, labels)}
    for reason in judgement.cautions:
        yield {"kind": "caution", **_effect(reason, labels)}
    for call in judgement.not_called:
        yield {"kind": "not-called", "method": call}


def _effect(reason: Reason, labels: Mapping[str, str]) -> Object:
    return {
        "method": reason.method,
        "side": reason.side,
        "writer": labels[reason.writer],
        "reader": labels[reason.reader],
        "path": list(reason.path),
        "effect": reason.effect.label,
        "surface": reason.surface.value,
        "condition": reason.condition,
    }


def _missing(missing: Missing, labels: Mapping[str, str]) -> Object:
    return {"method": missing.method, "of": labels[missing.party], "missing": missing.datum}


def _edge(matrix: Matrix) -> Object:
    step = matrix.step
    return {
        "client": matrix.edge.client,
        "provider": matrix.edge.provider,
        "calls": list(matrix.edge.calls),
        "client_versions": list(matrix.client_versions),
        "provider_versions": list(matrix.provider_versions),
        "step": None
        if step is None
        else {"client": list(step.client), "provider": list(step.provider), "order": step.order.value},
    }


def _gap(gap: Gap) -> Object:
    return {"service": gap.service, "missing": gap.datum}


def _summary(pairs: Sequence[Pair]) -> Object:
    found = Counter(pair.judgement.verdict for pair in pairs)
    return {verdict.value: found[verdict] for verdict in Verdict}
