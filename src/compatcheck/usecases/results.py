"""The result of a check, as a value that every report shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from compatcheck.rules.finding import Finding, Order, Severity
from compatcheck.source.snapshot import Origin, Skipped
from compatcheck.witness.result import NoWitness, Witness


@dataclass(frozen=True, slots=True)
class MethodOrder:
    """The rollout order that is safe for one method."""

    method: str
    order: Order


@dataclass(frozen=True, slots=True)
class Undecided:
    """A file that could not be compared. Never counted as fine."""

    path: str
    reason: str


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

    def count(self, severity: Severity) -> int:
        return sum(1 for finding in self.findings if finding.severity is severity)


def overall_order(orders: Iterable[MethodOrder]) -> Order:
    """The order that suits every method, NONE if there is none."""
    wanted = {one.order for one in orders} - {Order.ANY}
    if not wanted:
        return Order.ANY
    return wanted.pop() if len(wanted) == 1 else Order.NONE
