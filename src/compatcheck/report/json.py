"""The result of a check as one JSON document; `check.schema.json` beside this file describes it.

One old source gives a document with the comparison at its top. Several give `version` and `checks`, an array
of such comparisons in the order in which the old sources were named: `.checks // [.]` in jq serves both.
"""

from __future__ import annotations

from collections.abc import Sequence

from compatcheck.report.json_text import Object, dump
from compatcheck.rules.finding import Finding, Severity
from compatcheck.schema.locations import Location
from compatcheck.source.snapshot import Origin
from compatcheck.usecases.results import Check, overall_order


def render_json(checks: Sequence[Check], version: str) -> str:
    """`checks` (at least one) as judged by compatcheck `version`."""
    if len(checks) == 1:
        return dump({"version": version, **_check(checks[0])})
    return dump({"version": version, "checks": [_check(check) for check in checks]})


def _check(check: Check) -> Object:
    return {
        "old": _origin(check.old),
        "new": _origin(check.new),
        "findings": [_finding(one) for one in check.findings],
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


def _finding(finding: Finding) -> Object:
    location = finding.location
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
        "effects": [
            {
                "direction": one.direction.value,
                "surface": one.surface.value,
                "effect": one.effect.label,
                "condition": one.condition,
                "path": one.path,
            }
            for one in finding.effects
        ],
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
    return {
        "errors": check.count(Severity.ERROR),
        "warnings": check.count(Severity.WARNING),
        "notes": check.count(Severity.NOTE),
        "unknown": len({one.path for one in check.undecided}),
        "changed_files": check.changed_files,
        "order": overall_order(check.orders).value,
        "skipped": [{"path": one.path, "reason": one.reason} for one in check.skipped],
        "notices": check.notices,
    }
