"""Whether a version can be deployed, as text: the answer, the pairs that would meet, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compatcheck.report.reasons import STYLES, cautions, why
from compatcheck.report.terminal import Paint, Style, clean, columns, paint
from compatcheck.report.words import plural, some_of
from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases.rollouts import Deployment, Pair, WayOut

_ANSWERS = {
    Verdict.SAFE: "yes, it is safe",
    Verdict.MISMATCH: "no, there is a mismatch",
    Verdict.UNKNOWN: "not known, and so not safe",
}
_CAUTIONS_SHOWN = 2


def render_deploy(answer: Deployment, *, color: bool = False) -> str:
    """The whole answer; its first line says it."""
    style = paint(color)
    service, version = clean(answer.service), clean(answer.version)
    question = f"Can {service} {version} be deployed to {clean(answer.environment)}?"
    verdict = style(_ANSWERS[answer.verdict], STYLES[answer.verdict])
    lines = [f"{style(question, Style.STRONG)} {verdict}", *(clean(notice) for notice in answer.notices), ""]
    lines += _listed(answer.pairs, style)
    lines += [f"  {style('unknown', Style.WARNING)} {clean(gap.datum)}" for gap in answer.gaps]
    existing = [one for one in answer.existing if one.judgement.verdict is not Verdict.SAFE]
    if existing:
        lines += ["", "These meet already, whether or not it is deployed:", *_listed(existing, style)]
    ways = [line for way in answer.ways_out for line in _way_out(way, answer)]
    if ways:
        lines += ["", *(f"{style('order', Style.STRONG)} {line}" for line in ways)]
    return "\n".join(lines) + "\n"


def _listed(pairs: Sequence[Pair], style: Paint) -> Iterator[str]:
    names = [
        clean(f"{one.client} {one.client_version} -> {one.provider} {one.provider_version}") for one in pairs
    ]
    wide = max(map(columns, names), default=0)
    for pair, name in zip(pairs, names, strict=True):
        verdict = pair.judgement.verdict
        yield f"  {name}{' ' * (wide - columns(name))}  {style(verdict.value, STYLES[verdict])}"
        yield from (f"     {line}" for line in why(pair.judgement, pair.client, pair.provider))
        if verdict is Verdict.SAFE:
            notes = list(cautions(pair.judgement, pair.client, pair.provider))
            yield from (f"     {style('note', Style.NOTE)} {line}" for line in notes[:_CAUTIONS_SHOWN])
            if len(notes) > _CAUTIONS_SHOWN:
                more = plural(len(notes) - _CAUTIONS_SHOWN, "more note")
                yield f"     {more} (--format json has all)"


def _way_out(way: WayOut, answer: Deployment) -> Iterator[str]:
    neighbour, service = clean(way.neighbour), clean(answer.service)
    versions = [clean(one) for one in dict.fromkeys((*answer.live, answer.version))]
    bad = some_of([clean(one) for one in way.instead_of])
    if way.version is None:
        yield (
            f"no known version of {neighbour} suits {service} {some_of(versions)} and all that is live: "
            "switch both at once, or split the change"
        )
    else:
        yield (
            f"{neighbour} first: once {neighbour} {clean(way.version)} has taken the place of {bad}, "
            f"{service} {clean(answer.version)} can follow"
        )
