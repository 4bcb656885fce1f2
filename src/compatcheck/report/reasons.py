"""Why a pair has its verdict, in words: shared by the reports about services."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.reads.effects import Effect, Surface
from compatcheck.report.terminal import Style, clean
from compatcheck.rollout.pairs import Judgement, Reason, Verdict
from compatcheck.usecases.rollouts import Gap

STYLES = {Verdict.SAFE: Style.GOOD, Verdict.MISMATCH: Style.ERROR, Verdict.UNKNOWN: Style.WARNING}

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


def reason_text(reason: Reason, client: str, provider: str) -> str:
    """`shop.Cart.Add request, item.price: cart never sees the value (dropped on wire)`."""
    names = {"client": clean(client), "provider": clean(provider)}
    words = _EFFECTS.get(reason.effect, reason.effect.label)
    happens = words.format(reader=names[reason.reader], writer=names[reason.writer])
    side = "" if reason.side == "call" else f" {reason.side}"
    path = f", {'.'.join(reason.path)}" if reason.path else ""
    surface = " in JSON" if reason.surface is Surface.JSON else ""
    condition = f", {reason.condition}" if reason.condition else ""
    return clean(f"{reason.method}{side}{path}: {happens} ({reason.effect.label}{surface}{condition})")


def why(judgement: Judgement, client: str, provider: str) -> Iterator[str]:
    """A line for each thing that makes a pair a mismatch or unknown; the same is said once."""
    lines = [reason_text(reason, client, provider) for reason in judgement.breaks]
    lines += [missing_text(datum) for datum in dict.fromkeys(one.datum for one in judgement.missing)]
    return iter(dict.fromkeys(lines))


def cautions(judgement: Judgement, client: str, provider: str) -> Iterator[str]:
    """A line for each milder effect that somebody may want to know of; an added field is none."""
    shown = (one for one in judgement.cautions if one.effect is not Effect.IGNORED)
    lines = [reason_text(reason, client, provider) for reason in shown]
    lines += [f"{clean(client)} does not call {call} at that version" for call in judgement.not_called]
    return iter(dict.fromkeys(lines))


def missing_text(datum: str) -> str:
    return clean(f"not known: {datum}")


def gap_text(gap: Gap) -> str:
    return clean(gap.datum)
