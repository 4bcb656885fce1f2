"""The results of the questions about services, as values that every report shows."""

from __future__ import annotations

from dataclasses import dataclass

from compatcheck.rollout.graph import Edge
from compatcheck.rollout.order import StepOrder
from compatcheck.rollout.pairs import Judgement, Verdict, overall


@dataclass(frozen=True, slots=True)
class Pair:
    client: str
    client_version: str
    provider: str
    provider_version: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps a question from being answered in full, and belongs to no pair of versions."""

    service: str
    """The service that it is about; empty for all of them."""
    datum: str


@dataclass(frozen=True, slots=True)
class Step:
    """From one version of a client and a provider each to the next, and in which order that is safe."""

    client: tuple[str, str]
    """The old and the new version; the same twice if there is only one."""
    provider: tuple[str, str]
    order: StepOrder


@dataclass(frozen=True, slots=True)
class Matrix:
    """All versions of one client against all versions of one provider, in the order of history."""

    edge: Edge
    client_versions: tuple[str, ...]
    provider_versions: tuple[str, ...]
    pairs: tuple[Pair, ...]
    """Row by row, a row for each client version."""
    step: Step | None
    """The latest step of both; None if there is no such step, or one service calls itself."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The answer of `compatcheck pairs`."""

    matrices: tuple[Matrix, ...]
    gaps: tuple[Gap, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(pair for matrix in self.matrices for pair in matrix.pairs)

    @property
    def verdict(self) -> Verdict:
        return _verdict(self.pairs, self.gaps)


@dataclass(frozen=True, slots=True)
class WayOut:
    """What can be done about a neighbour that the deployment does not suit."""

    neighbour: str
    instead_of: tuple[str, ...]
    """Live versions of the neighbour that do not suit."""
    version: str | None
    """One that suits the old and new versions here and what is live around it; None if there is none."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The answer of `compatcheck can-i-deploy`."""

    service: str
    version: str
    environment: str
    live: tuple[str, ...]
    """The versions of the service that are live now."""
    pairs: tuple[Pair, ...]
    """Those in which the version to be deployed takes part."""
    existing: tuple[Pair, ...]
    """Those that meet already, whether or not the version is deployed; they do not make the verdict."""
    gaps: tuple[Gap, ...]
    ways_out: tuple[WayOut, ...]
    notices: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        return _verdict(self.pairs, self.gaps)


def _verdict(pairs: tuple[Pair, ...], gaps: tuple[Gap, ...]) -> Verdict:
    """Without pairs nothing is known, and a gap may hide a mismatch."""
    found = [pair.judgement.verdict for pair in pairs]
    return overall([*found, Verdict.UNKNOWN] if gaps else found)
