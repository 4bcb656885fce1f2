"""One finding as the lines of a terminal: its message, a code frame, what it was, who breaks, what to do."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence

from compatcheck.reads.effects import DirectedEffect
from compatcheck.report.frame import frame
from compatcheck.report.phrases import break_phrases, effect_phrases, unbroken_methods
from compatcheck.report.terminal import Paint, Style, clean, cut
from compatcheck.report.witness import witness_values
from compatcheck.rules.finding import Finding, Reached, Severity
from compatcheck.schema.locations import Location
from compatcheck.witness.result import NoWitness, Witness

STYLES = {Severity.ERROR: Style.ERROR, Severity.WARNING: Style.WARNING, Severity.NOTE: Style.NOTE}
_LABEL_WIDTH = len("effects: ")
_LIMIT = 4000
"""Columns of one value. Texts of the schemas are quoted, and a default or an expression can have a megabyte."""
_GLUED = re.compile(r"(?<=and) (?=\d+ more)|(?<=\d) (?=more)| +(?=::)")
"""Where no line may end. GitHub's runner takes a line for a command if it starts with spaces and `::`."""
_GLUE = "\N{NO-BREAK SPACE}"


def finding_lines(
    finding: Finding,
    ink: Paint,
    width: int,
    witness: Witness | NoWitness | None = None,
    live: Sequence[str] = (),
) -> list[str]:
    """The lines of an error or a warning, each at most `width` columns wide except the first two.

    Those two stay whole so that a search in a log finds the message, and a click on the place works. `live`: the
    live versions that it concerns, in words.
    """
    return _lines(finding, ink, width, lambda room: _facts(finding, room, witness, live))


def full_lines(finding: Finding, ink: Paint, width: int, witness: Witness | NoWitness | None) -> list[str]:
    """The same with every effect and every method, none of them cut."""
    return _lines(finding, ink, width, lambda room: _all_facts(finding, room, witness))


def _lines(
    finding: Finding, ink: Paint, width: int, facts: Callable[[int], Iterator[tuple[str, list[str]]]]
) -> list[str]:
    """Message, place, code frame, and below them the facts for which there are so many columns."""
    location = finding.location
    gutter = len(str(location.line)) if location else 1
    head = f"{finding.severity.label}[{finding.rule}]"
    bar = ink(f"{'':{gutter}} |", Style.FRAME)
    lines = [
        f"{ink(head, STYLES[finding.severity])}{ink(f': {clean(finding.element)}', Style.STRONG)}: "
        f"{_said(finding)}",
        f"{'':{gutter}}{ink('-->', Style.FRAME)} {place(finding.path, location)}"
        f"  {ink(f'[{finding.fingerprint}]', Style.FAINT)}",
    ]
    if location and finding.source_line.strip():
        end = location.end_column if location.end_line == location.line else None
        code, carets = frame(finding.source_line, location.column, end, max(width - gutter - 3, 20))
        number = ink(f"{location.line:>{gutter}} |", Style.FRAME)
        lines += [bar, f"{number} {code}".rstrip(), f"{bar} {_indented(carets, ink, finding.severity)}"]
    for label, values in facts(width - gutter - 3 - _LABEL_WIDTH):
        lines += _labelled(label, values, ink, gutter, width)
    return lines


def note_lines(
    finding: Finding, ink: Paint, width: int, witness: Witness | NoWitness | None, live: Sequence[str] = ()
) -> list[str]:
    """A note, the live versions that it concerns, and its witness if one was asked for."""
    lines = [note_line(finding, ink)]
    for label, values in (("live", list(live)), ("witness", witness_values(witness) if witness else [])):
        if values:
            lines += _labelled(label, values, ink, 1, width)
    return lines


def note_line(finding: Finding, ink: Paint) -> str:
    """A note takes one line."""
    head = ink(f"note[{finding.rule}]", Style.NOTE)
    where = ink(f"({place(finding.path, finding.location)})", Style.FAINT)
    return f"{head}: {clean(finding.element)}: {_said(finding)} {where}"


def _said(finding: Finding) -> str:
    return cut(clean(finding.message), _LIMIT)


def place(path: str, location: Location | None) -> str:
    """`path:line:column`, as editors and terminals make it clickable."""
    if location is None:
        return clean(path)
    return f"{clean(location.path)}:{location.line}:{location.column}"


def _facts(
    finding: Finding, room: int, witness: Witness | NoWitness | None, live: Sequence[str]
) -> Iterator[tuple[str, list[str]]]:
    """Label and values; those of one label stand below each other."""
    yield from _was(finding, room)
    breaks = [line for who, methods in break_phrases(finding) for line in _list_below(who, methods, room)]
    if breaks:
        yield "breaks", breaks
    reached = unbroken_methods(finding)
    if reached:
        yield "reaches", [f"{reached}, without breaking there" if breaks else reached]
    if live:
        yield "live", list(live)
    effects = effect_phrases(finding.effects)
    if effects:
        yield "effects", effects
    if witness:
        yield "witness", witness_values(witness)
    if finding.help:
        yield "help", [finding.help]


def _all_facts(
    finding: Finding, room: int, witness: Witness | NoWitness | None
) -> Iterator[tuple[str, list[str]]]:
    yield from _was(finding, room)
    if finding.effects:
        yield "effects", [_effect(one) for one in finding.effects]
    if finding.methods:
        yield "methods", [_reached(one) for one in finding.methods]
    if witness:
        yield "witness", witness_values(witness)
    if finding.help:
        yield "help", [finding.help]


def _was(finding: Finding, room: int) -> Iterator[tuple[str, list[str]]]:
    if not finding.old_location:
        return
    was = place(finding.old_location.path, finding.old_location)
    source = cut(clean(finding.old_source.strip()), room)
    one_line = f"{source}  ({was})"
    if not source:
        yield "was", [f"at {was}"]
    else:
        yield "was", [one_line] if len(one_line) <= room else [source, f"at {was}"]


def _effect(effect: DirectedEffect) -> str:
    where = f" at {'.'.join(effect.path)}" if effect.path else ""
    when = f", {effect.condition}" if effect.condition else ""
    return f"{effect.direction.value} {effect.surface.value}: {effect.effect.label}{where}{when}"


def _reached(reached: Reached) -> str:
    carrier = ".".join((reached.side, *reached.path))
    who = " and ".join(one.value for one in reached.breaks)
    return f"{reached.method} ({carrier})" + (f": breaks {who}" if who else "")


def _list_below(title: str, names: str, room: int) -> list[str]:
    """On one line if there is room, else the names below their title."""
    line = f"{title}: {names}"
    return [line] if len(line) <= room else [f"{title}:", f"  {names}"]


def _labelled(label: str, values: list[str], ink: Paint, gutter: int, width: int) -> Iterator[str]:
    style = Style.GOOD if label == "help" else Style.STRONG
    sign = ink(f"{'':{gutter}} =", Style.FRAME)
    blank = " " * (gutter + 3 + _LABEL_WIDTH)
    name = f"{label}:".ljust(_LABEL_WIDTH)
    first = f"{sign} {ink(name.rstrip(), style)}{' ' * (len(name) - len(name.rstrip()))}"
    for value in values:
        # The source of `was` is cut, not wrapped; and wrapping would fold the spaces in it.
        pieces = [clean(value)] if label == "was" else wrapped(cut(clean(value), _LIMIT), width - len(blank))
        for piece in pieces:
            yield first + piece
            first = blank


def wrapped(text: str, room: int) -> list[str]:
    """`text` in lines of `room` columns, those after the first indented; names and paths are never broken."""
    glued = _GLUED.sub(lambda spaces: _GLUE * len(spaces[0]), text)
    lines = textwrap.wrap(
        glued, max(room, 20), break_long_words=False, break_on_hyphens=False, subsequent_indent="  "
    )
    return [line.replace(_GLUE, " ") for line in lines]


def _indented(carets: str, ink: Paint, severity: Severity) -> str:
    """Only the carets in colour, so that no style starts in the spaces before them."""
    signs = carets.lstrip()
    return carets[: len(carets) - len(signs)] + ink(signs, STYLES[severity])
