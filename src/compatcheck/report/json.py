"""The result of a check as one JSON document; `check.schema.json` beside this file describes it.

One old source gives a document with the comparison at its top. Several give `version` and `checks`, an array
of such comparisons in the order in which the old sources were named: `.checks // [.]` in jq serves both.
"""

from __future__ import annotations

from collections.abc import Sequence

from compatcheck.reads.effects import DirectedEffect
from compatcheck.report.json_text import Json, Object, dump
from compatcheck.rules.finding import Finding, Severity
from compatcheck.schema.locations import Location
from compatcheck.source.snapshot import Origin
from compatcheck.usecases.results import Check, Liveness, overall_order
from compatcheck.witness.result import NoWitness, Witness


def render_json(checks: Sequence[Check], version: str) -> str:
    """`checks` (at least one) as judged by compatcheck `version`."""
    if len(checks) == 1:
        return dump({"version": version, **_check(checks[0])})
    return dump({"version": version, "checks": [_check(check) for check in checks]})


def _check(check: Check) -> Object:
    return {
        "old": _origin(check.old),
        "new": _origin(check.new),
        "findings": [_finding(one, check) for one in check.findings],
        "order": [{"method": one.method, "order": one.order.value} for one in check.orders],
        "unknown": [{"path": one.path, "reason": one.reason} for one in check.undecided],
        "summary": _summary(check),
    }


def _origin(origin: Origin) -> Object:
    return {
        "kind": origin.kind,
        "name": origin.name,
        "revision": origin.revision,
        "commit": origin.commit,
    }


def _finding(finding: Finding, check: Check) -> Object:
    location = finding.location
    witness = check.witnesses.get(finding.fingerprint)
    return {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "element": finding.element,
        "path": finding.path,
        "line": location.line if location else None,
        "column": location.column if location else None,
        "end_line": location.end_line if location else None,
        "end_column": location.end_column if location else None,
        "old_location": _location(finding.old_location) if finding.old_location else None,
        "message": finding.message,
        "effects": [_effect(one) for one in finding.effects],
        "methods": [
            {
                "method": one.method,
                "side": one.side,
                "path": one.path,
                "breaks": [who.value for who in one.breaks],
            }
            for one in finding.methods
        ],
        "fingerprint": finding.fingerprint,
        "live": _live(finding, check.live),
        "witness": _witness(witness) if witness else None,
    }


def _live(finding: Finding, live: Liveness | None) -> Json:
    affected = None if live is None else live.affected.get(finding.fingerprint)
    if affected is None:
        return None
    return [
        {
            "service": one.service,
            "version": one.version,
            "environments": one.environments,
            "role": one.role,
            "methods": one.methods,
            "verdict": one.verdict.value,
            "datum": one.datum,
        }
        for one in affected
    ]


def _witness(witness: Witness | NoWitness) -> Object:
    if isinstance(witness, NoWitness):
        return {"none": witness.reason.value}
    return {
        **_effect(witness.effect),
        "writer": witness.writer,
        "reader": witness.reader,
        "written": witness.written,
        "data": witness.data if isinstance(witness.data, str) else witness.data.hex(),
        "read": None if witness.error else witness.read,
        "error": witness.error,
        "missing": witness.missing,
        "note": witness.note,
    }


def _effect(effect: DirectedEffect) -> Object:
    return {
        "direction": effect.direction.value,
        "surface": effect.surface.value,
        "effect": effect.effect.label,
        "condition": effect.condition,
        "path": effect.path,
    }


def _location(location: Location) -> Object:
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
    }


def _summary(check: Check) -> Object:
    live = check.live
    return {
        "errors": check.count(Severity.ERROR),
        "warnings": check.count(Severity.WARNING),
        "notes": check.count(Severity.NOTE),
        "unknown": len({one.path for one in check.undecided}),
        "changed_files": check.changed_files,
        "order": overall_order(check.orders).value,
        "live": {"environments": live.environments, "complete": live.is_complete} if live else None,
        "skipped": [{"path": one.path, "reason": one.reason} for one in check.skipped],
        "notices": check.notices,
    }
