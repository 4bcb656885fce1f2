"""The parts of a plan's answer: moves, what blocks them, ways out, and from where there is no return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from compatcheck.rollout.pairs import Pair, Verdict


@dataclass(frozen=True, slots=True)
class Move:
    """A service going from the versions that are live to one other."""

    service: str
    old: tuple[str, ...]
    """The versions that it leaves; empty if none is live."""
    new: str
    """Empty: the old ones just go away."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """What would resolve a conflict, and all that share a service with it; each was verified before it is named.

    It counts from what is live when all waves of the plan are done. Conflicts that have to be resolved together
    have the same ways out.
    """

    kind: Literal["switch-together", "intermediate", "expand-contract", "drain"]
    services: tuple[str, ...]
    """Who has to act otherwise than the plan was asked for."""
    steps: tuple[tuple[Move, ...], ...]
    """The waves that lead to the targets by this way; the services of the last one of `switch-together` switch at
    one moment, behind a router that keeps the old among themselves and the new among themselves. Versions that
    do not exist yet have a name in angle brackets: `<expanded>`."""
    changes: tuple[str, ...] = ()
    """What a version that does not exist yet has to change in the schema, in words."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """The smallest set of services that block each other."""

    verdict: Verdict
    """MISMATCH, or UNKNOWN if something that is missing could make an order possible."""
    services: tuple[str, ...]
    pairs: tuple[Pair, ...]
    """The pairs that would meet and are not safe, with their reasons."""
    ways_out: tuple[WayOut, ...]
    waiting: tuple[str, ...] = ()
    """Targets that are blocked only because they must come after one of `services`."""


@dataclass(frozen=True, slots=True)
class NoReturn:
    """From a wave on, a service cannot go back alone to what is live now."""

    wave: int
    """Counts from 1."""
    service: str
    version: str
    """The version that it cannot go back to."""
    pairs: tuple[Pair, ...]
    """The pairs that would not be safe."""
