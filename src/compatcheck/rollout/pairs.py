"""A pair of versions, what is known of their schemas, and the verdict on what they make of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from compatcheck.reads.effects import Effect, Surface
from compatcheck.rollout.edges import Call, Edge
from compatcheck.schema.model import Message, Method

Party = Literal["client", "provider"]


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
    """Full name; of what goes through a channel, the full name of the message."""
    side: Literal["request", "response", "call", "message"]
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
    """Full name of a gRPC service or of a message that goes through a channel -> what could not be had of it:
    methods that are not here may be there.

    The empty name stands for every service.
    """
    messages: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)
    """Full name -> the message, once in each root that defines it: only those that go through channels."""

    def missing_of(self, call: str) -> tuple[str, ...]:
        """What could not be had of the service that `call` names, or of the one that holds the method."""
        names = ("", call, call.rpartition(".")[0])
        return tuple(dict.fromkeys(one for name in names for one in self.missing.get(name, ())))

    def methods_of(self, call: str) -> tuple[str, ...]:
        """The methods that a full name stands for: itself, or all of the service with that name."""
        if call in self.methods:
            return (call,)
        return tuple(name for name in self.methods if name.rpartition(".")[0] == call)


@dataclass(frozen=True, slots=True)
class Served:
    """What a provider version serves: full names of gRPC services, or of single methods."""

    names: frozenset[str]
    missing: tuple[str, ...] = ()
    """What could not be read of it and may serve more, in words."""

    def serves(self, method: str) -> bool:
        """Whether it serves a method or a whole service, by full name."""
        return method in self.names or method.rpartition(".")[0] in self.names


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
class Pair:
    """A client version and a provider version that meet or may meet."""

    edge: Edge
    client_version: str
    provider_version: str
    judgement: Judgement
    calls: tuple[Call, ...] = ()
    """What the client calls there at that version, with where its code does so."""
