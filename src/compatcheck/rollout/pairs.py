"""The verdict of a pair: what a client version and a provider version make of what the client calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import product
from typing import Literal, TypeVar

from compatcheck.reads.calls import CallOutcome, call_reads
from compatcheck.reads.effects import Effect, Surface
from compatcheck.reads.graph import Memo
from compatcheck.reads.json import JsonSettings
from compatcheck.schema.model import Method

T = TypeVar("T")

Party = Literal["client", "provider"]

_MOST_COPIES = 16
"""Of so many combinations of copies of one method each is judged; with more the pair is unknown."""


class Verdict(Enum):
    SAFE = "safe"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"

    @property
    def exit_code(self) -> int:
        """What a program that answers with it ends in."""
        return {Verdict.SAFE: 0, Verdict.MISMATCH: 1, Verdict.UNKNOWN: 3}[self]


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """A mismatch decides, else what is unknown. Of nothing it is unknown: an empty answer is never safe."""
    found = set(verdicts)
    if Verdict.MISMATCH in found:
        return Verdict.MISMATCH
    return Verdict.SAFE if found == {Verdict.SAFE} else Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class Reason:
    """An effect on one of the two parties of a pair."""

    method: str
    side: Literal["request", "response", "call"]
    effect: Effect
    surface: Surface
    condition: str
    """The values that it happens for; empty if it always does."""
    path: tuple[str, ...]
    """Fields, from the request or response down to where it happens."""

    @property
    def writer(self) -> Party:
        """Who sends what cannot be read; of a call that fails as a whole, who makes it."""
        return "provider" if self.side == "response" else "client"

    @property
    def reader(self) -> Party:
        return "client" if self.side == "response" else "provider"


@dataclass(frozen=True, slots=True)
class Missing:
    """A datum without which a pair cannot be judged."""

    party: Party
    datum: str
    method: str = ""
    """The method that it is missing for; empty if it is missing for all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Interface:
    """What is known of the schema of one version. Two versions of the same content share one."""

    methods: Mapping[str, tuple[Method, ...]]
    """Full name -> the method, once in each root (universe of symbols) that defines it."""
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Full name of a gRPC service -> what could not be had of it: methods that are not here may be there.

    The empty name stands for every service.
    """

    def missing_of(self, call: str) -> tuple[str, ...]:
        """What could not be had of the service that `call` names, or of the one that holds the method."""
        names = ("", call, call.rpartition(".")[0])
        return tuple(_once(one for name in dict.fromkeys(names) for one in self.missing.get(name, ())))

    def methods_of(self, call: str) -> tuple[str, ...]:
        """The methods that a full name stands for: itself, or all of the service with that name."""
        if call in self.methods:
            return (call,)
        return tuple(name for name in self.methods if name.rpartition(".")[0] == call)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and why: `reasons` holds all effects, cautions included."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    missing: tuple[Missing, ...] = ()
    not_called: tuple[str, ...] = ()
    """What the client's own schema does not have: at that version it does not call it."""

    @property
    def breaks(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.effect.breaks)

    @property
    def cautions(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.effect.breaks)


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


@dataclass(slots=True)
class Table:
    """The verdicts of version pairs: each pair of distinct schemas is judged once."""

    terms: Terms = field(default_factory=Terms)
    _known: dict[tuple[Interface, Interface, tuple[str, ...]], Judgement] = field(default_factory=dict)
    _wire: Memo = field(default_factory=Memo)
    _json: Memo = field(default_factory=Memo)

    def judge(self, client: Interface, provider: Interface, calls: tuple[str, ...]) -> Judgement:
        """What becomes of `calls` (full names of services or methods) between two versions."""
        key = (client, provider, calls)
        if key not in self._known:
            parts = [self._call(client, provider, call) for call in calls]
            self._known[key] = _joined(parts)
        return self._known[key]

    def _call(self, client: Interface, provider: Interface, call: str) -> Judgement:
        parts = [self._method(client, provider, name) for name in client.methods_of(call)]
        missing = client.missing_of(call)
        if missing:
            parts.append(_unknown(Missing("client", one, call) for one in missing))
        return _joined(parts) if parts else Judgement(Verdict.SAFE, not_called=(call,))

    def _method(self, client: Interface, provider: Interface, name: str) -> Judgement:
        missing = provider.missing_of(name)
        if missing:
            return _unknown(Missing("provider", one, name) for one in missing)
        at_provider = provider.methods.get(name, ())
        at_client = client.methods[name]
        if len(at_client) * len(at_provider) > _MOST_COPIES:
            party: Party = "client" if len(at_client) >= len(at_provider) else "provider"
            return _unknown(
                [Missing(party, _copies(party, name, at_client if party == "client" else at_provider), name)]
            )
        judged = [self._between(one, other) for one, other in product(at_client, at_provider or (None,))]
        if len({one.verdict for one in judged}) == 1:
            return _joined(judged)
        parties: list[tuple[Party, Sequence[Method]]] = [("client", at_client), ("provider", at_provider)]
        return _unknown(
            Missing(party, _copies(party, name, found), name) for party, found in parties if len(found) > 1
        )

    def _between(self, client: Method, provider: Method | None) -> Judgement:
        json = self.terms.json_of(client, provider)
        outcomes = call_reads(client, provider, self._wire, json, self._json)
        reasons = tuple(
            _reason(client.full_name, one) for one in outcomes if one.outcome.effect > Effect.SAFE
        )
        broken = any(reason.effect.breaks for reason in reasons)
        return Judgement(Verdict.MISMATCH if broken else Verdict.SAFE, reasons)


def _reason(method: str, found: CallOutcome) -> Reason:
    outcome = found.outcome
    return Reason(method, found.side, outcome.effect, found.surface, outcome.condition, outcome.path)


def _unknown(missing: Iterable[Missing]) -> Judgement:
    return Judgement(Verdict.UNKNOWN, missing=tuple(missing))


def _copies(party: Party, name: str, found: Sequence[Method]) -> str:
    roots = ", ".join(f"`{method.place.file.path}`" for method in found[:4])
    return (
        f"which copy of {name} the {party} uses: {roots} differ; name its folder as `schema` of the service"
    )


def _joined(parts: Sequence[Judgement]) -> Judgement:
    reasons = dict.fromkeys(reason for part in parts for reason in part.reasons)
    return Judgement(
        verdict=overall(part.verdict for part in parts),
        reasons=tuple(sorted(reasons, key=lambda one: (-one.effect, one.method, one.side, one.path))),
        missing=tuple(_once(missing for part in parts for missing in part.missing)),
        not_called=tuple(_once(call for part in parts for call in part.not_called)),
    )


def _once(values: Iterable[T]) -> Iterator[T]:
    return iter(dict.fromkeys(values))
