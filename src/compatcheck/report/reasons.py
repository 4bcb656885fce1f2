"""Why a pair has its verdict, in words: shared by the reports about services."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.reads.effects import Effect, Surface
from compatcheck.report.terminal import Style, clean
from compatcheck.rollout.pairs import Judgement, Reason, Verdict

STYLES = {Verdict.SAFE: Style.GOOD, Verdict.MISMATCH: Style.ERROR, Verdict.UNKNOWN: Style.WARNING}

_REASONS_SHOWN = 8
_EFFECTS = {
    Effect.RELABELLED: "{reader} reads it under another name",
    Effect.IGNORED: "{reader} ignores it",
    Effect.PRESENCE_LOST: "{reader} cannot tell unset from the default",
    Effect.ABSENT: "{reader} always reads the default, for {writer} does not send it",
    Effect.UNNAMED: "{reader} reads a number that it has no name for",
    Effect.DROPPED: "{reader} never sees the value",
    Effect.DEFAULT_CHANGED: "{reader} reads another default",
    Effect.LOSSY: "{reader} reads a damaged value",
    Effect.LOST: "the value is destroyed at {reader}",
    Effect.MISREAD: "{reader} reads another value, without an error",
    Effect.UNRESOLVABLE: "{reader} does not know the type",
    Effect.REJECTED: "{reader} rejects the whole message",
    Effect.UNROUTABLE: "the call fails, for {reader} does not serve it",
}


def _reason_text(reason: Reason, client: str, provider: str) -> str:
    """`shop.Cart.Add request, item.price: cart never sees the value (dropped)`."""
    names = {"client": clean(client), "provider": clean(provider)}
    happens = _EFFECTS[reason.effect].format(reader=names[reason.reader], writer=names[reason.writer])
    side = "" if reason.side == "call" else f" {reason.side}"
    path = f", {'.'.join(reason.path)}" if reason.path else ""
    surface = " in JSON" if reason.surface is Surface.JSON else ""
    condition = f", {reason.condition}" if reason.condition else ""
    return clean(f"{reason.method}{side}{path}: {happens} ({reason.effect.label}{surface}{condition})")


def why(judgement: Judgement, client: str, provider: str) -> Iterator[str]:
    """A line for each of the first things that make a pair a mismatch or unknown, and a count of the rest."""
    said = [_reason_text(reason, client, provider) for reason in judgement.breaks]
    said += [clean(f"not known: {one.datum}") for one in judgement.missing]
    lines = list(dict.fromkeys(said))
    yield from lines[:_REASONS_SHOWN]
    if len(lines) > _REASONS_SHOWN:
        yield f"and {len(lines) - _REASONS_SHOWN} more (--format json has all)"


def cautions(judgement: Judgement, client: str, provider: str) -> Iterator[str]:
    """A line for each milder effect that somebody may want to know of; an added field is none."""
    shown = (one for one in judgement.cautions if one.effect is not Effect.IGNORED)
    lines = [_reason_text(reason, client, provider) for reason in shown]
    lines += [f"{clean(client)} does not call {call} at that version" for call in judgement.not_called]
    return iter(dict.fromkeys(lines))
