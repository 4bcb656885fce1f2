"""Whether a version can be deployed, as text: the answer, the pairs that would meet, the way back, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compatcheck.report.pair_text import (
    deployed,
    document,
    environment_name,
    gaps_text,
    indented,
    listed,
    pair_name,
    reasons,
)
from compatcheck.report.reasons import STYLES, reason_text
from compatcheck.report.terminal import Paint, Style, clean, paint
from compatcheck.report.words import plural, some_of
from compatcheck.rollout.forwarding import Forwarded
from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases.rollouts import ClosedBy, Deployment, Neighbour, Rollback

_ANSWERS = {
    Verdict.SAFE: "yes, it is safe",
    Verdict.MISMATCH: "no, there is a mismatch",
    Verdict.UNKNOWN: "not known, and so not safe",
}
_ADVISORIES_SHOWN = 4
_CLOSING_SHOWN = 2
_CLOSED_BY_SHOWN = 6


def render_deploy(answer: Deployment, *, color: bool = False, width: int = 100) -> str:
    """The whole answer; its first line says it."""
    style = paint(color)
    service, version = clean(answer.service), clean(answer.version)
    question = f"Can {service} {version} be deployed{environment_name(answer.environment, ' to ')}?"
    verdict = style(_ANSWERS[answer.verdict], STYLES[answer.verdict])
    now = ", ".join(map(deployed, answer.live)) or "nothing"
    lines = [f"{style(question, Style.STRONG)} {verdict}"]
    lines += [style(f"{answer.strategy.value}, from {now}", Style.FAINT)]
    lines += [line for notice in answer.notices for line in indented(clean(notice), width, "")]
    lines += ["", *listed(answer.pairs, style, width)] if answer.pairs else []
    lines += gaps_text([gap.datum for gap in answer.gaps], style, width)
    existing = [one for one in answer.existing if one.judgement.verdict is not Verdict.SAFE]
    if existing:
        lines += ["", "These meet already, whether or not it is deployed:", *listed(existing, style, width)]
    if answer.ways_out:
        lines += [""]
    for way in answer.ways_out:
        first, *rest = indented(_way_out(way, answer), width - 6, "")
        lines += [f"{style('order', Style.STRONG)} {first}", *rest]
    lines += ["", *_way_back(answer.rollback, answer, style, width)]
    lines += advisories(answer.advisories, style, width)
    return document(lines)


def _way_out(way: Neighbour, answer: Deployment) -> str:
    neighbour, service = clean(way.service), clean(answer.service)
    versions = [clean(one) for one in dict.fromkeys((*(one.version for one in answer.live), answer.version))]
    bad = some_of([clean(one) for one in way.instead_of])
    if way.version is None:
        # What is stored stays, however many switch at once.
        stored = any(one.edge.channel and way.service == one.edge.client for one in answer.pairs)
        return (
            f"no known version of {neighbour} suits {service} {some_of(versions)} and all that is live: "
            f"{'split the change' if stored else 'switch both at once, or split the change'}"
        )
    return (
        f"{neighbour} first: once {neighbour} {clean(way.version)} has taken the place of {bad}, "
        f"{service} {clean(answer.version)} can follow"
    )


def _way_back(rollback: Rollback, answer: Deployment, style: Paint, width: int) -> Iterator[str]:
    """Whether one can go back, until when, and why not."""
    own = [one for one in rollback.closed_by if one.service == answer.service]
    later = [one for one in rollback.closed_by if one.service != answer.service]
    name = style("the way back", Style.STRONG)
    if not answer.live:
        yield f"{name}: there is no version to go back to"
        return
    elif rollback.verdict is Verdict.MISMATCH:
        yield f"{name}: {style('closed from the first request on', STYLES[Verdict.MISMATCH])}"
        yield from _closing(own or later, width)
    elif rollback.verdict is Verdict.UNKNOWN:
        yield f"{name}: {style('not known', STYLES[Verdict.UNKNOWN])}"
        yield from _closing(own or later, width)
    elif later:
        names = some_of([f"{clean(one.service)} {clean(one.version)}" for one in later], 4)
        one = f"open until {names} is deployed"
        several = f"open until one of these is deployed: {names}"
        first, *rest = indented(one if len(later) == 1 else several, width - 14, "")
        yield f"{name}: {first}"
        yield from rest
        yield from _closing(later, width)
    elif rollback.notices:
        yield f"{name}: {clean(rollback.notices[0])}"
        return
    else:
        yield f"{name}: {style('open', STYLES[Verdict.SAFE])}; no known version of a neighbour closes it"
    for notice in rollback.notices:
        yield from indented(clean(notice), width, "  ")


def _closing(closed: Sequence[ClosedBy], width: int) -> Iterator[str]:
    """The pairs that would not be safe after going back."""
    for one in closed[:_CLOSED_BY_SHOWN]:
        for pair in one.pairs[:_CLOSING_SHOWN]:
            yield f"  {pair_name(pair)}  {pair.judgement.verdict.value}"
            yield from reasons(pair, width)
        if len(one.pairs) > _CLOSING_SHOWN:
            more = plural(len(one.pairs) - _CLOSING_SHOWN, "more pair")
            yield f"  {more} closed by {clean(one.service)} {clean(one.version)} (--format json has all)"
    if len(closed) > _CLOSED_BY_SHOWN:
        yield f"  {plural(len(closed) - _CLOSED_BY_SHOWN, 'more deployment')} (--format json has all)"


def advisories(found: Sequence[Forwarded], style: Paint, width: int) -> Iterator[str]:
    """Values that flow from one version through a client to another; empty line first if there are any."""
    if found:
        yield ""
    for one in found[:_ADVISORIES_SHOWN]:
        text = (
            f"{one.client} {one.client_version} may get a {one.message} from {one.provider} {one.returned_by} "
            f"({one.response}) and send it on to {one.provider} {one.received_by} ({one.request})"
        )
        first, *rest = indented(clean(text), width - 9, "")
        yield f"{style('advisory', Style.NOTE)} {first}"
        yield from rest
        names = {
            "client": clean(f"{one.provider} {one.returned_by}"),
            "provider": clean(f"{one.provider} {one.received_by}"),
        }
        for reason in one.reasons[:2]:
            yield from indented(reason_text(reason, names), width, "     ")
    if len(found) > _ADVISORIES_SHOWN:
        yield f"{plural(len(found) - _ADVISORIES_SHOWN, 'more value')} like that (--format json has all)"
