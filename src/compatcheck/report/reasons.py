"""Why a pair has its verdict, in words: shared by the reports about services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compatcheck.discover.uses import Evidence
from compatcheck.reads.effects import Effect, Surface
from compatcheck.report.terminal import Style, clean
from compatcheck.rollout.edges import Call
from compatcheck.rollout.pairs import Pair, Reason, Verdict

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


def reason_text(reason: Reason, names: Mapping[str, str]) -> str:
    """`shop.Cart.Add request, item.price: cart never sees the value (dropped)`.

    `names`: how `client` and `provider` are called.
    """
    happens = _EFFECTS[reason.effect].format(reader=names[reason.reader], writer=names[reason.writer])
    side = f" {reason.side}" if reason.side in ("request", "response") else ""
    path = f", {'.'.join(reason.path)}" if reason.path else ""
    surface = " in JSON" if reason.surface is Surface.JSON else ""
    condition = f", {reason.condition}" if reason.condition else ""
    return clean(f"{reason.method}{side}{path}: {happens} ({reason.effect.label}{surface}{condition})")


def why(pair: Pair) -> Iterator[str]:
    """A line for each of the first things that make a pair a mismatch or unknown, and a count of the rest."""
    judgement = pair.judgement
    missing = [clean(f"not known: {one.datum}") for one in judgement.missing]
    if judgement.verdict is Verdict.MISMATCH:
        said = [*_breaks(pair), *missing]
    else:
        said = [*missing, *(f"possibly {line}" for line in _breaks(pair))]
    lines = list(dict.fromkeys(said))
    yield from lines[:_REASONS_SHOWN]
    if len(lines) > _REASONS_SHOWN:
        yield f"and {len(lines) - _REASONS_SHOWN} more (--format json has all)"


def _breaks(pair: Pair) -> Iterator[str]:
    """What breaks; where a method is called is said once."""
    names, told = _names(pair), set()
    for reason in pair.judgement.breaks:
        text = reason_text(reason, names)
        where = called_at(reason.method, pair.calls)
        if where and reason.method not in told:
            text = f"{text}; called at {clean(place(where[0]))}"
        told.add(reason.method)
        yield text


def cautions(pair: Pair) -> Iterator[str]:
    """A line for each milder effect that somebody may want to know of; an added field is none."""
    names = _names(pair)
    shown = (one for one in pair.judgement.cautions if one.effect is not Effect.IGNORED)
    lines = [reason_text(one, names) for one in shown]
    lines += [
        f"{names['client']} does not call {clean(call)} at that version" for call in pair.judgement.not_called
    ]
    return iter(dict.fromkeys(lines))


def called_at(method: str, calls: Sequence[Call]) -> tuple[Evidence, ...]:
    """Where a method is called: as itself, or as one of the service whose methods are all called."""
    found = (call for name in (method, method.rpartition(".")[0]) for call in calls if call.name == name)
    return next((call.evidence for call in found if call.evidence), ())


def place(evidence: Evidence) -> str:
    """`src/checkout/main.go:210`."""
    return f"{evidence.path}:{evidence.line}" if evidence.line else evidence.path


def _names(pair: Pair) -> Mapping[str, str]:
    client, provider = pair.edge.client, pair.edge.provider
    if client == provider:
        return {
            "client": f"{client} {pair.client_version}",
            "provider": f"{provider} {pair.provider_version}",
        }
    return {"client": client, "provider": provider}
