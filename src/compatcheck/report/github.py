"""The result of a check as workflow commands of GitHub Actions, which become annotations of a pull request.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest in silence: the ten worst
are written, the others are counted in a notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from compatcheck.report.live import live_phrases
from compatcheck.report.order import order_lines
from compatcheck.report.phrases import break_phrases
from compatcheck.report.terminal import clean, cut
from compatcheck.report.words import origin_name, plural, some_of
from compatcheck.rules.finding import Finding, Severity
from compatcheck.usecases.results import Check

_SHOWN = 10
_NOTICES_SHOWN = _SHOWN - 2
"""The count of the rest and the rollout order are notices too."""
_SKIPPED_SHOWN = 5
_LINE_LIMIT = 1000
_TITLE_LIMIT = 255
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: str
    noun: str
    """What one of its kind is called where the rest is counted."""
    properties: Mapping[str, str]
    lines: Sequence[str]


def render_github(checks: Sequence[Check]) -> str:
    """A command a line: errors, then files that could not be compared, warnings, notes, count, order.

    A file that could not be compared is an `::error`, since it fails the build. What is found against several
    old sources is said once.
    """
    findings = _distinct(checks)
    ranked = [
        *_of_severity(findings, Severity.ERROR, checks),
        *_unknown(checks),
        *_of_severity(findings, Severity.WARNING, checks),
    ]
    shown = ranked[:_SHOWN]
    quiet = _of_severity(findings, Severity.NOTE, checks)
    room = min(_SHOWN - len(shown), _NOTICES_SHOWN)
    shown += quiet[:room]
    rest = [*ranked[_SHOWN:], *quiet[room:]]
    # One annotation for all of this: those of a step are few.
    order = _Annotation("notice", "", {"title": "compatcheck"}, [*order_lines(checks), *_said(checks)])
    return "".join(_command(one) + "\n" for one in [*shown, *_counted(rest), order])


_Found = tuple[Finding, list[str], list[str]]
"""A finding, the names of the old sources against which it was found, and the live versions that it concerns."""


def _distinct(checks: Sequence[Check]) -> list[_Found]:
    """Each finding once."""
    found: dict[tuple[str, str, str], _Found] = {}
    for check in checks:
        for one in check.findings:
            key = (one.fingerprint, one.severity.label, one.path)
            _, names, live = found.setdefault(key, (one, [], []))
            name = origin_name(check.old)
            if name not in names:
                names.append(name)
            live += [line for line in live_phrases(one, check.live) if line not in live]
    return list(found.values())


def _of_severity(found: Sequence[_Found], severity: Severity, checks: Sequence[Check]) -> list[_Annotation]:
    """Those whose worst effect is worse come first; otherwise the order of the findings stays."""
    chosen = [item for item in found if item[0].severity is severity]
    chosen.sort(key=lambda item: -max((int(one.effect) for one in item[0].effects), default=0))
    return [_annotation(finding, names if len(checks) > 1 else [], live) for finding, names, live in chosen]


def _annotation(finding: Finding, against: Sequence[str], live: Sequence[str]) -> _Annotation:
    breaks = [f"breaks {who}: {methods}" for who, methods in break_phrases(finding)]
    help_line = [f"help: {finding.help}"] if finding.help else []
    named = [f"against {some_of(against, 5)}"] if against else []
    return _Annotation(
        _LEVELS[finding.severity],
        finding.severity.label,
        {**_place(finding), "title": f"{finding.rule}: {finding.element}"},
        [finding.message, *breaks, *(f"live: {line}" for line in live), *help_line, *named],
    )


def _place(finding: Finding) -> dict[str, str]:
    """GitHub takes columns only where the first and the last line are the same."""
    span = finding.location
    if span is None:
        return {"file": finding.path}
    lines = {"file": finding.path, "line": str(span.line), "endLine": str(span.end_line)}
    if span.line != span.end_line:
        return lines
    return {**lines, "col": str(span.column), "endColumn": str(span.end_column)}


def _unknown(checks: Sequence[Check]) -> list[_Annotation]:
    reasons = dict.fromkeys((one.path, one.reason) for check in checks for one in check.undecided)
    return [
        _Annotation(
            "error",
            "unknown file",
            {"file": path, "title": "compatcheck: could not be compared"},
            f"{path}: {reason}".splitlines(),
        )
        for path, reason in reasons
    ]


def _said(checks: Sequence[Check]) -> Iterator[str]:
    """What has to be known to read the result, such as that nothing was compared, and what was not read."""
    yield from dict.fromkeys(notice for check in checks for notice in check.notices)
    skipped = list(dict.fromkeys(f"{one.path} ({one.reason})" for check in checks for one in check.skipped))
    if skipped:
        yield f"skipped: {some_of(skipped, _SKIPPED_SHOWN)}"


def _counted(rest: Sequence[_Annotation]) -> Iterator[_Annotation]:
    if rest:
        counts: dict[str, int] = {}
        for one in rest:
            counts[one.noun] = counts.get(one.noun, 0) + 1
        text = ", ".join(plural(count, noun) for noun, count in counts.items())
        yield _Annotation("notice", "", {"title": "compatcheck"}, [f"and {text} more"])


def _command(one: _Annotation) -> str:
    properties = ",".join(
        f"{key}={_property(clean(value) if key == 'file' else cut(clean(value), _TITLE_LIMIT))}"
        for key, value in one.properties.items()
    )
    text = "\n".join(cut(clean(line), _LINE_LIMIT) for line in one.lines)
    return f"::{one.level} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
