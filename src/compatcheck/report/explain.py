"""One finding in full: what a check shows of it, every effect, every method, and the witness."""

from __future__ import annotations

from compatcheck.report.finding_text import full_lines
from compatcheck.report.terminal import paint
from compatcheck.report.text import compared
from compatcheck.rules.finding import Finding
from compatcheck.usecases.results import Check


def render_finding(check: Check, finding: Finding, *, color: bool = False, width: int = 100) -> str:
    """`finding` of `check`; lines that hold a name as one piece may be longer than `width` columns."""
    lines = full_lines(finding, paint(color), width, check.witnesses.get(finding.fingerprint))
    lines += ["", f"finding {finding.fingerprint} of {compared(check)}"]
    lines.append(f"more on the rule: compatcheck explain {finding.rule}")
    return "\n".join(lines) + "\n"
