"""The result of a check for people: findings, what could not be compared, the counts, the rollout order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compatcheck.report.finding_text import STYLES, finding_lines, note_lines, wrapped
from compatcheck.report.live import live_phrases
from compatcheck.report.order import order_lines
from compatcheck.report.terminal import Paint, Style, clean, paint
from compatcheck.report.words import origin_name, plural
from compatcheck.rules.finding import Finding, Severity
from compatcheck.usecases.results import Check

NOTES_SHOWN = 20
_SKIPPED_SHOWN = 10


def render_text(
    checks: Sequence[Check], *, color: bool, width: int = 100, notes_shown: int = NOTES_SHOWN
) -> str:
    """Every error and warning of `checks` (at least one) in full, up to `notes_shown` notes of each check.

    `width` is in columns; lines that hold a name or a path as one piece may be longer.
    """
    ink = paint(color)
    blocks: list[list[str]] = []
    for check in checks:
        if len(checks) > 1:
            blocks.append([ink(f"== {compared(check)} ==", Style.STRONG)])
        blocks += _check_blocks(check, ink, width, notes_shown)
    counts = [f"{compared(check)}: {_counts(check, ink)}" for check in checks]
    blocks.append([*counts, *_order(checks, ink, width)])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def compared(check: Check) -> str:
    """`work tree against v1.2.0 (3f9a1c2e01)`."""
    return f"{origin_name(check.new)} against {origin_name(check.old)}"


def _check_blocks(check: Check, ink: Paint, width: int, notes_shown: int) -> Iterator[list[str]]:
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in check.findings:
            if finding.severity is severity:
                witness = check.witnesses.get(finding.fingerprint)
                yield finding_lines(finding, ink, width, witness, live_phrases(finding, check.live))
    notes = [one for one in check.findings if one.severity is Severity.NOTE]
    shown = [line for one in notes[:notes_shown] for line in _note(one, check, ink, width)]
    yield [*shown, *_more_notes(notes[notes_shown:], ink)]
    yield [line for one in check.undecided for line in _unknown(one.path, one.reason, ink)]
    skipped = [f"{clean(one.path)}: {clean(one.reason)}" for one in check.skipped]
    more = len(skipped) - _SKIPPED_SHOWN
    yield [
        *(f"{ink('skipped', Style.FAINT)}: {one}" for one in skipped[:_SKIPPED_SHOWN]),
        *([f"{ink('skipped', Style.FAINT)}: {more} more"] if more > 0 else []),
    ]
    yield [f"{ink('notice', Style.STRONG)}: {clean(one)}" for one in check.notices]


def _note(note: Finding, check: Check, ink: Paint, width: int) -> list[str]:
    """Only live versions that it concerns are worth a line of their own."""
    is_concerned = check.live is not None and check.live.affected.get(note.fingerprint)
    live = live_phrases(note, check.live) if is_concerned else []
    return note_lines(note, ink, width, check.witnesses.get(note.fingerprint), live)


def _more_notes(notes: Sequence[Finding], ink: Paint) -> list[str]:
    """The rest of the notes, counted by rule, the most frequent first."""
    if not notes:
        return []
    counts: dict[str, int] = {}
    for one in notes:
        counts[one.rule] = counts.get(one.rule, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    by_rule = ", ".join(f"{count} {rule}" for rule, count in ranked)
    return [f"{ink('note', Style.NOTE)}: {plural(len(notes), 'more note')}: {by_rule}"]


def _unknown(path: str, reason: str, ink: Paint) -> Iterator[str]:
    """The path, and each line of the reason behind a bar: an indented line of a file's text could pass for a
    command of a CI system (GitHub's runner looks for `::` behind spaces)."""
    first, *rest = [line for line in reason.splitlines() if line.strip()] or ["no reason known"]
    yield f"{ink('unknown', Style.WARNING)}: {ink(clean(path), Style.STRONG)}: {clean(first).strip()}"
    for line in rest:
        yield f"  {ink('|', Style.FRAME)} {clean(line.rstrip())}"


def _counts(check: Check, ink: Paint) -> str:
    """`3 errors, 1 warning, 2 notes in 2 changed files; 1 file unknown`."""
    counted = []
    for severity in sorted(Severity, reverse=True):
        number = check.count(severity)
        if number:
            counted.append(ink(plural(number, severity.label), STYLES[severity]))
    files = plural(check.changed_files, "changed file")
    if not (check.changed_files or counted or check.undecided):
        result = "no .proto file differs"
    else:
        result = f"{', '.join(counted) or ink('no findings', Style.GOOD)} in {files}"
    unknown = len({one.path for one in check.undecided})
    if not unknown:
        return result
    return f"{result}; {ink(plural(unknown, 'file') + ' unknown', Style.WARNING)}"


def _order(checks: Sequence[Check], ink: Paint, width: int) -> list[str]:
    first, *rest = order_lines(checks)
    pieces = [piece for line in rest for piece in wrapped(clean(line), width - 2)]
    return [ink(first, Style.STRONG), *(f"  {piece}" for piece in pieces)]
