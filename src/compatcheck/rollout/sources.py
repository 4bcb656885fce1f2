"""What a plan may ask beyond verdicts: schemas, calls, and what is served, of any version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compatcheck.rollout.edges import Edge
from compatcheck.rollout.pairs import Interface, Served
from compatcheck.rollout.table import Table
from compatcheck.rollout.watch import Calls


@dataclass(frozen=True, slots=True)
class Sources:
    """How the judge of a setting comes to its verdicts, for schemas that do not exist yet."""

    interface: Callable[[str, str], Interface]
    """Service and version -> its schema."""
    calls: Calls
    served: Callable[[str, str], Served]
    """Provider and version -> what it serves."""
    table: Table
    edges: Callable[[], tuple[Edge, ...]] | None = None
    """The edges of all versions that were asked about so far: a version between may call whom no other calls."""
