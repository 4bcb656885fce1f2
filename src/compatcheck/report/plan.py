"""The order of several deployments, as text: waves, or what blocks them and the ways out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compatcheck.report.deploy import advisories
from compatcheck.report.pair_text import (
    aligned,
    document,
    environment_name,
    gaps_text,
    indented,
    listed,
    pair_name,
    reasons,
)
from compatcheck.report.reasons import STYLES
from compatcheck.report.terminal import Paint, Style, clean, paint
from compatcheck.report.words import plural, some_of
from compatcheck.rollout.moves import Conflict, Move, NoReturn, WayOut
from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases.rollouts import PlanAnswer

_CONFLICTS_SHOWN = 10
_WAYS_SHOWN = 6
_NO_RETURNS_SHOWN = 8
_CHANGES_SHOWN = 8
_CLOSING_SHOWN = 2
_NAMED = 4
_WAYS = {
    "switch-together": "switch {services} at one moment, blue/green, so that old and new never meet",
    "intermediate": "go through another version first",
    "expand-contract": "split the change: expand, then contract",
    "drain": "what is live of {services} has to go first",
}


def render_plan(answer: PlanAnswer, *, color: bool = False, width: int = 100) -> str:
    """The whole answer; its first line says whether there is an order."""
    style = paint(color)
    lines = [*_headline(answer, style, width), *gaps_text([gap.datum for gap in answer.gaps], style, width)]
    lines += [line for notice in answer.notices for line in indented(clean(notice), width, "")]
    if answer.waves:
        lines += ["", *(["These can go all the same:"] if answer.conflicts else []), *waves(answer.waves)]
    told: dict[tuple[WayOut, ...], Conflict] = {}
    for conflict in answer.conflicts[:_CONFLICTS_SHOWN]:
        before = told.setdefault(conflict.ways_out, conflict)
        lines += ["", *_conflict(conflict, before, style, width)]
    if len(answer.conflicts) > _CONFLICTS_SHOWN:
        more = plural(len(answer.conflicts) - _CONFLICTS_SHOWN, "more conflict")
        lines += ["", f"{more} (--format json has all)"]
    existing = [one for one in answer.existing if one.judgement.verdict is not Verdict.SAFE]
    if existing:
        lines += ["", "Not safe already, before any of this:", *listed(existing, style, width)]
    if answer.no_return:
        lines += ["", *_no_returns(answer.no_return, style, width)]
    lines += advisories(answer.advisories, style, width)
    return document(lines)


def _headline(answer: PlanAnswer, style: Paint, width: int) -> Iterator[str]:
    moves = some_of([f"{clean(one.service)} {clean(one.new)}" for one in answer.targets], _NAMED)
    count = plural(len(answer.waves), "wave")
    said = {
        Verdict.SAFE: f"a safe order in {count}" if answer.waves else "there is nothing to do",
        Verdict.MISMATCH: "no order is safe",
        Verdict.UNKNOWN: "not known, and so not safe",
    }[answer.verdict]
    text = f"{moves}{environment_name(answer.environment, ' to ')} ({answer.strategy.value})"
    first, *rest = indented(text, width - len(said) - 2, "")
    yield f"{style(said, STYLES[answer.verdict])}: {first}"
    yield from rest


def waves(found: Sequence[Sequence[Move]], indent: str = "  ") -> Iterator[str]:
    """Numbered waves, a line for each move: `1  payment  1.0 -> 1.1`."""
    rows = [
        ("" if place else str(number), clean(move.service), move_text(move))
        for number, wave in enumerate(found, start=1)
        for place, move in enumerate(wave)
    ]
    return aligned(rows, indent)


def move_text(move: Move) -> str:
    """`1.0, 1.1 -> 2.0`, `1.0 goes away`; what is new comes from nothing."""
    old = ", ".join(move.old) or "nothing"
    return clean(f"{old} -> {move.new}" if move.new else f"{old} goes away")


def _conflict(conflict: Conflict, before: Conflict, style: Paint, width: int) -> Iterator[str]:
    """`before`: the first conflict with the same ways out, which are said once."""
    names = some_of([clean(one) for one in conflict.services], _NAMED)
    if conflict.verdict is Verdict.UNKNOWN:
        said = f"{names}: whether there is an order is not known"
    elif len(conflict.services) > 1:
        said = f"{names} block each other"
    else:
        said = f"{names} cannot go"
    yield style(said, STYLES[conflict.verdict])
    yield from listed(conflict.pairs, style, width)
    if conflict.waiting:
        waiting = some_of([clean(one) for one in conflict.waiting], _NAMED)
        yield from indented(f"waiting for that: {waiting}", width, "  ")
    if conflict.ways_out and before is not conflict:
        same = some_of([clean(one) for one in before.services], _NAMED)
        yield from indented(f"the same ways out as for {same}", width, "  ")
        return
    for number, way in enumerate(conflict.ways_out[:_WAYS_SHOWN], start=1):
        yield from _way_out(way, number, style, width)
    if len(conflict.ways_out) > _WAYS_SHOWN:
        yield f"  {plural(len(conflict.ways_out) - _WAYS_SHOWN, 'more way')} out (--format json has all)"
    if not conflict.ways_out:
        yield "  no way out was found that could be verified"


def _way_out(way: WayOut, number: int, style: Paint, width: int) -> Iterator[str]:
    said = _WAYS[way.kind].format(services=some_of([clean(one) for one in way.services], _NAMED))
    first, *rest = indented(said, width - 14, "")
    yield f"  {style(f'way out {number}', Style.STRONG)}: {first}"
    yield from (f"  {line}" for line in rest)
    for change in way.changes[:_CHANGES_SHOWN]:
        yield from indented(clean(change), width, "     ")
    if len(way.changes) > _CHANGES_SHOWN:
        yield f"     {plural(len(way.changes) - _CHANGES_SHOWN, 'more change')} (--format json has all)"
    yield from waves(way.steps, "     ")


def _no_returns(found: Sequence[NoReturn], style: Paint, width: int) -> Iterator[str]:
    yield style("No way back:", Style.STRONG)
    for one in found[:_NO_RETURNS_SHOWN]:
        yield (
            f"  once wave {one.wave} has begun, {clean(one.service)} cannot go back to {clean(one.version)} alone"
        )
        for pair in one.pairs[:_CLOSING_SHOWN]:
            yield f"     {pair_name(pair)}  {pair.judgement.verdict.value}"
            yield from reasons(pair, width, "       ")
        if len(one.pairs) > _CLOSING_SHOWN:
            yield f"     {plural(len(one.pairs) - _CLOSING_SHOWN, 'more pair')} (--format json has all)"
    if len(found) > _NO_RETURNS_SHOWN:
        yield f"  {len(found) - _NO_RETURNS_SHOWN} more (--format json has all)"
