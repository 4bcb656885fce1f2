"""Judges pairs of versions: what becomes of the calls of a client, or of what goes through a channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TypeVar

from compatcheck.config.model import ChannelFormat
from compatcheck.reads import json as json_reads
from compatcheck.reads import wire
from compatcheck.reads.calls import CallOutcome, call_reads
from compatcheck.reads.effects import Effect, Outcome, Surface
from compatcheck.reads.graph import Memo
from compatcheck.reads.json import JsonSettings
from compatcheck.rollout.edges import Call
from compatcheck.rollout.pairs import (
    Interface,
    Judgement,
    Missing,
    Party,
    Reason,
    Served,
    Verdict,
    overall,
)
from compatcheck.schema.model import Message, Method

_MOST_COPIES = 16
"""Of so many combinations of copies of one method each is judged; with more the pair is unknown."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What counts in a verdict."""

    json_counts: bool | None = None
    """Whether calls also travel as JSON. None: those of a method with an HTTP binding do."""
    json: JsonSettings = field(default_factory=JsonSettings)

    def json_of(self, client: Method, provider: Method | None) -> JsonSettings | None:
        """How JSON is judged on a call, None if it is not."""
        evidenced = client.has_http or (provider is not None and provider.has_http)
        return self.json if (evidenced if self.json_counts is None else self.json_counts) else None


T = TypeVar("T")

_Wanted = tuple[tuple[str, str, bool], ...]


@dataclass(slots=True)
class Table:
    """The verdicts of version pairs: each pair of distinct schemas is judged once."""

    terms: Terms = field(default_factory=Terms)
    _calls: dict[tuple[Interface, Interface, Served, _Wanted], Judgement] = field(default_factory=dict)
    _values: dict[tuple[Interface, Interface, str, ChannelFormat], Judgement] = field(default_factory=dict)
    _wire: Memo = field(default_factory=Memo)
    _json: Memo = field(default_factory=Memo)

    def judge(
        self, client: Interface, provider: Interface, calls: Sequence[Call], served: Served
    ) -> Judgement:
        """What becomes of the calls of a client version at a provider version; of none it is safe."""
        key = (client, provider, served, tuple(one.key for one in calls))
        if key not in self._calls:
            parts = [_doubted(self._call(client, provider, one, served), one) for one in calls]
            self._calls[key] = _joined(parts) if parts else Judgement(Verdict.SAFE)
        return self._calls[key]

    def judge_values(
        self, writer: Interface, reader: Interface, message: str, format_: ChannelFormat
    ) -> Judgement:
        """What a reader version makes of the values of a message (full name) that a writer version wrote."""
        key = (writer, reader, message, format_)
        if key not in self._values:
            self._values[key] = self._message(writer, reader, message, format_)
        return self._values[key]

    def _call(self, client: Interface, provider: Interface, called: Call, served: Served) -> Judgement:
        call = called.name
        methods = client.methods_of(call)
        missing = client.missing_of(call)
        if called.evidence and not methods and not missing:
            # Its code was written for another schema than the one that is at hand.
            missing = (f"{call}, which its code calls: its schema at that version does not have it",)
        if not methods and missing and not served.missing and not _may_serve(served, call):
            # Whatever the client's schema says, nobody answers.
            return _unroutable(call)
        parts = [self._method(client, provider, name, served) for name in methods]
        if missing:
            parts.append(_unknown(Missing("client", one, call) for one in missing))
        return _joined(parts) if parts else Judgement(Verdict.SAFE, not_called=(call,))

    def _method(self, client: Interface, provider: Interface, name: str, served: Served) -> Judgement:
        if not served.serves(name):
            if served.missing:
                return _unknown(Missing("provider", one, name) for one in served.missing)
            return _unroutable(name)
        missing = provider.missing_of(name)
        if missing:
            return _unknown(Missing("provider", one, name) for one in missing)
        at_client, at_provider = client.methods[name], provider.methods.get(name, ())
        told = _too_many(name, _places(at_client), _places(at_provider))
        if told is not None:
            return told
        judged = [self._between(one, other) for one, other in product(at_client, at_provider or (None,))]
        return _agreed(name, judged, _places(at_client), _places(at_provider))

    def _between(self, client: Method, provider: Method | None) -> Judgement:
        json = self.terms.json_of(client, provider)
        outcomes = call_reads(client, provider, self._wire, json, self._json)
        return _judgement(_reason(client.full_name, one) for one in outcomes)

    def _message(self, writer: Interface, reader: Interface, name: str, format_: ChannelFormat) -> Judgement:
        missing = [Missing("client", one, name) for one in writer.missing_of(name)]
        missing += [Missing("provider", one, name) for one in reader.missing_of(name)]
        written, read = writer.messages.get(name, ()), reader.messages.get(name, ())
        if not missing:
            parties: tuple[tuple[Party, tuple[Message, ...]], ...] = (("client", written), ("provider", read))
            missing = [
                Missing(party, f"the message {name}: its schema at that version does not have it", name)
                for party, found in parties
                if not found
            ]
        if missing:
            return _unknown(missing)
        told = _too_many(name, _places(written), _places(read))
        if told is not None:
            return told
        judged = [self._read(name, one, other, format_) for one, other in product(written, read)]
        return _agreed(name, judged, _places(written), _places(read))

    def _read(self, name: str, writer: Message, reader: Message, format_: ChannelFormat) -> Judgement:
        if format_ == "json":
            outcomes = json_reads.message_reads(writer, reader, self.terms.json, self._json)
            return _judgement(_value_reason(name, one, Surface.JSON) for one in outcomes)
        outcomes = wire.message_reads(writer, reader, self._wire)
        return _judgement(_value_reason(name, one, Surface.WIRE) for one in outcomes)


def _may_serve(served: Served, call: str) -> bool:
    """Whether a service or method, whichever `call` names, is served in part or whole."""
    return served.serves(call) or any(name.startswith(f"{call}.") for name in served.names)


def _unroutable(name: str) -> Judgement:
    reason = Reason(name, "call", Effect.UNROUTABLE, Surface.GRPC, "", ())
    return Judgement(Verdict.MISMATCH, (reason,))


def _doubted(judgement: Judgement, call: Call) -> Judgement:
    """A break on a call that may not be one is not known."""
    if not call.doubt or judgement.verdict is not Verdict.MISMATCH:
        return judgement
    missing = (*judgement.missing, Missing("client", call.doubt, call.name))
    return replace(judgement, verdict=Verdict.UNKNOWN, missing=missing)


def _judgement(reasons: Iterable[Reason]) -> Judgement:
    found = tuple(one for one in reasons if one.effect > Effect.SAFE)
    mismatch = any(one.effect.breaks for one in found)
    return Judgement(Verdict.MISMATCH if mismatch else Verdict.SAFE, found)


def _reason(method: str, found: CallOutcome) -> Reason:
    outcome = found.outcome
    return Reason(method, found.side, outcome.effect, found.surface, outcome.condition, outcome.path)


def _value_reason(message: str, outcome: Outcome, surface: Surface) -> Reason:
    return Reason(message, "message", outcome.effect, surface, outcome.condition, outcome.path)


def _unknown(missing: Iterable[Missing]) -> Judgement:
    return Judgement(Verdict.UNKNOWN, missing=tuple(missing))


def _places(found: Sequence[Method] | Sequence[Message]) -> tuple[str, ...]:
    return tuple(one.place.file.path for one in found)


def _too_many(name: str, at_client: Sequence[str], at_provider: Sequence[str]) -> Judgement | None:
    if len(at_client) * len(at_provider) <= _MOST_COPIES:
        return None
    if len(at_client) >= len(at_provider):
        return _unknown([Missing("client", _copies("client", name, at_client), name)])
    return _unknown([Missing("provider", _copies("provider", name, at_provider), name)])


def _agreed(
    name: str, judged: Sequence[Judgement], at_client: Sequence[str], at_provider: Sequence[str]
) -> Judgement:
    """What every combination of copies says; unknown if they say different things."""
    if len({one.verdict for one in judged}) == 1:
        return _joined(judged)
    parties: list[tuple[Party, Sequence[str]]] = [("client", at_client), ("provider", at_provider)]
    return _unknown(
        Missing(party, _copies(party, name, found), name) for party, found in parties if len(found) > 1
    )


def _copies(party: Party, name: str, paths: Sequence[str]) -> str:
    listed = ", ".join(f"`{path}`" for path in paths[:4])
    return (
        f"which copy of {name} the {party} uses: {listed} differ; name its folder as `schema` of the service"
    )


def _joined(parts: Sequence[Judgement]) -> Judgement:
    reasons = dict.fromkeys(reason for part in parts for reason in part.reasons)
    return Judgement(
        verdict=overall(part.verdict for part in parts),
        reasons=tuple(sorted(reasons, key=lambda one: (-one.effect, one.method, one.side, one.path))),
        missing=_once(missing for part in parts for missing in part.missing),
        not_called=_once(call for part in parts for call in part.not_called),
    )


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
