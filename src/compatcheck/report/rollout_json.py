"""The answers about services as JSON documents; the `*.schema.json` files beside this one describe them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from compatcheck.report.json_text import Object, dump, stream
from compatcheck.report.rollout_values import (
    advisory_values,
    bad_reasons,
    call_values,
    deployed_values,
    doubt_values,
    evidence_values,
    gap_values,
    move_values,
    pair_value,
    pair_values,
    wave_values,
)
from compatcheck.rollout.moves import Conflict
from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases.rollouts import (
    ClosedBy,
    Deployment,
    GraphAnswer,
    Link,
    Matrix,
    Node,
    Pairs,
    PlanAnswer,
    User,
    Users,
)


def render_graph_json(answer: GraphAnswer, version: str) -> str:
    """The answer of `compatcheck graph`, as judged by compatcheck `version`."""
    return dump(
        {
            "version": version,
            "verdict": answer.verdict.value,
            "environment": answer.environment,
            "services": [_node(node) for node in answer.nodes],
            "edges": [_link(link) for link in answer.links],
            "missing": gap_values(answer.gaps),
            "notices": list(answer.notices),
            "summary": _summary(link.verdict for link in answer.links),
        }
    )


def render_pairs_json(answer: Pairs, version: str) -> Iterator[str]:
    """The answer of `compatcheck pairs` in pieces: there may be millions of pairs."""
    verdicts = (cell.verdict for matrix in answer.matrices for row in matrix.cells for cell in row)
    return stream(
        {
            "version": version,
            "verdict": answer.verdict.value,
            "summary": _summary(verdicts),
            "missing": gap_values(answer.gaps),
            "notices": list(answer.notices),
            "edges": (_edge(matrix) for matrix in answer.matrices),
            "pairs": (pair_value(pair) for pair in answer.pairs),
        }
    )


def render_deploy_json(answer: Deployment, version: str) -> str:
    """The answer of `compatcheck can-i-deploy`."""
    return dump(
        {
            "version": version,
            "verdict": answer.verdict.value,
            "service": answer.service,
            "service_version": answer.version,
            "environment": answer.environment,
            "strategy": answer.strategy.value,
            "live": deployed_values(answer.live),
            "pairs": pair_values(answer.pairs),
            "existing": pair_values(answer.existing),
            "missing": gap_values(answer.gaps),
            "ways_out": [
                {"service": way.service, "instead_of": list(way.instead_of), "version": way.version}
                for way in answer.ways_out
            ],
            "rollback": {
                "verdict": answer.rollback.verdict.value,
                "closed_by": [_closed_by(one) for one in answer.rollback.closed_by],
                "notices": list(answer.rollback.notices),
            },
            "advisories": advisory_values(answer.advisories),
            "notices": list(answer.notices),
            "summary": _summary(pair.judgement.verdict for pair in answer.pairs),
        }
    )


def render_plan_json(answer: PlanAnswer, version: str) -> str:
    """The answer of `compatcheck plan`."""
    return dump(
        {
            "version": version,
            "verdict": answer.verdict.value,
            "environment": answer.environment,
            "strategy": answer.strategy.value,
            "targets": move_values(answer.targets),
            "waves": wave_values(answer.waves),
            "conflicts": [_conflict(one) for one in answer.conflicts],
            "existing": pair_values(answer.existing),
            "no_return": [
                {
                    "wave": one.wave,
                    "service": one.service,
                    "service_version": one.version,
                    "pairs": pair_values(one.pairs),
                }
                for one in answer.no_return
            ],
            "advisories": advisory_values(answer.advisories),
            "missing": gap_values(answer.gaps),
            "notices": list(answer.notices),
        }
    )


def render_users_json(answer: Users, version: str) -> str:
    """The answer of `compatcheck who-uses`."""
    return dump(
        {
            "version": version,
            "element": answer.element,
            "kind": answer.kind,
            "environment": answer.environment,
            "users": [_user(one) for one in answer.users],
            "missing": gap_values(answer.gaps),
            "notices": list(answer.notices),
        }
    )


def _node(node: Node) -> Object:
    return {
        "name": node.name,
        "path": node.path,
        "repo": node.repo,
        "versions": deployed_values(node.versions),
        "provides": [
            {"service": one.service, "evidence": evidence_values(one.evidence)} for one in node.provides
        ],
        "external": node.external,
        "group": node.group,
    }


def _link(link: Link) -> Object:
    return {
        "client": link.edge.client,
        "provider": link.edge.provider,
        "channel": link.edge.channel,
        "methods": [call.name for call in link.calls],
        "evidence": call_values(link.calls),
        "doubts": doubt_values(link.calls),
        "verdict": link.verdict.value,
        "mismatched": pair_values(link.mismatched),
    }


def _edge(matrix: Matrix) -> Object:
    step = matrix.step
    calls = dict.fromkeys(call.name for found in matrix.calls.values() for call in found)
    return {
        "client": matrix.edge.client,
        "provider": matrix.edge.provider,
        "channel": matrix.edge.channel,
        "calls": list(calls),
        "doubts": [
            {"client_version": client, **doubt}
            for client, found in matrix.calls.items()
            for doubt in doubt_values(found)
        ],
        "client_versions": list(matrix.client_versions),
        "provider_versions": list(matrix.provider_versions),
        "step": None
        if step is None
        else {"client": list(step.client), "provider": list(step.provider), "order": step.order.value},
    }


def _closed_by(one: ClosedBy) -> Object:
    return {"service": one.service, "service_version": one.version, "pairs": pair_values(one.pairs)}


def _conflict(conflict: Conflict) -> Object:
    return {
        "verdict": conflict.verdict.value,
        "services": list(conflict.services),
        "waiting": list(conflict.waiting),
        "reasons": bad_reasons(conflict.pairs),
        "ways_out": [
            {
                "kind": way.kind,
                "services": list(way.services),
                "waves": wave_values(way.steps),
                "changes": list(way.changes),
            }
            for way in conflict.ways_out
        ],
    }


def _user(one: User) -> Object:
    return {
        "service": one.service,
        "service_version": one.version,
        "role": one.role,
        "uses": list(one.uses),
        "environments": list(one.environments),
        "phase": one.phase,
        "evidence": evidence_values(one.evidence),
        "doubt": one.doubt,
    }


def _summary(verdicts: Iterable[Verdict]) -> Object:
    found = Counter(verdicts)
    return {verdict.value: found[verdict] for verdict in Verdict}
