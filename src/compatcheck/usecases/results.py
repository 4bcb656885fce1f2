"""The result of a check, as a value that every report shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from compatcheck.rollout.pairs import Verdict
from compatcheck.rules.finding import Finding, Order, Severity
from compatcheck.source.snapshot import Origin, Skipped
from compatcheck.witness.result import NoWitness, Witness


@dataclass(frozen=True, slots=True)
class MethodOrder:
    """The rollout order that is safe for one method."""

    method: str
    order: Order
    formers: tuple[str, ...] = ()
    """What the old source calls it; nothing if it does not have it."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A file that could not be compared. Never counted as fine."""

    path: str
    reason: str


Role = Literal["client", "provider", "writer", "reader"]


@dataclass(frozen=True, slots=True)
class Affected:
    """A live version of a service that meets what changed."""

    service: str
    version: str
    environments: tuple[str, ...]
    """Where it is live; of a writer, where it is or what it has written still is."""
    role: Role
    """`client`: an old client of the new server. `provider`: an old server of a new client."""
    methods: tuple[str, ...]
    """Full names, sorted; of a writer or reader, names of channels."""
    verdict: Verdict
    """`mismatch`, or `unknown`; what is safe is not affected."""
    datum: str
    """What is missing; empty for a mismatch."""


@dataclass(frozen=True, slots=True)
class Liveness:
    """What a change does to the versions that are live in the environments of the configuration."""

    environments: tuple[str, ...]
    affected: Mapping[str, tuple[Affected, ...]]
    """By the fingerprints of the findings that break methods, or what goes through channels."""
    is_complete: bool
    """Whether it is known of every live version what it serves and calls."""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One old source against the new one."""

    old: Origin
    new: Origin
    findings: tuple[Finding, ...]
    """Sorted by path, line, rule, element."""
    orders: tuple[MethodOrder, ...]
    """Every method that a change reaches, sorted by name."""
    undecided: tuple[Undecided, ...]
    skipped: tuple[Skipped, ...]
    notices: tuple[str, ...]
    """What the user has to know to read the result: an empty comparison, a weakened configuration, ..."""
    changed_files: int
    """How many `.proto` files differ between the two sources."""
    witnesses: Mapping[str, Witness | NoWitness] = field(default_factory=dict)
    """By the fingerprints of findings; only those that were asked for."""
    live: Liveness | None = None
    """None without environments in the configuration."""

    def count(self, severity: Severity) -> int:
        return sum(1 for finding in self.findings if finding.severity is severity)


def overall_order(orders: Iterable[MethodOrder]) -> Order:
    """The order that suits every method, NONE if there is none."""
    wanted = {one.order for one in orders} - {Order.ANY}
    if not wanted:
        return Order.ANY
    return wanted.pop() if len(wanted) == 1 else Order.NONE
