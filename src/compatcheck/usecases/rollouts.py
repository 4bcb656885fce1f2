"""The results of the questions about services, as values that every report shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compatcheck.config.model import Deployed
from compatcheck.discover.uses import Evidence, Provided
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.forwarding import Forwarded
from compatcheck.rollout.live import Strategy
from compatcheck.rollout.order import StepOrder
from compatcheck.rollout.pairs import Judgement, Pair, Verdict, overall
from compatcheck.rollout.plan import Conflict, Move, NoReturn


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps a question from being answered in full, and belongs to no pair of versions."""

    service: str
    """The service that it is about; empty for all of them."""
    datum: str


@dataclass(frozen=True, slots=True)
class Node:
    """A service as the graph shows it."""

    name: str
    path: str
    """Where its code is, relative to the repository's top; empty if that is not known."""
    repo: str
    versions: tuple[Deployed, ...]
    """Those that the question is about, in the order of history."""
    provides: tuple[Provided, ...]
    """What any of those versions serves."""
    external: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An edge of the graph, with all that the shown client versions call there."""

    edge: Edge
    calls: tuple[Call, ...]
    verdict: Verdict
    """Of all pairs of shown versions together."""
    mismatched: tuple[Pair, ...]
    """The pairs of shown versions that are not safe."""


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """The answer of `compatcheck graph`."""

    environment: str
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    gaps: tuple[Gap, ...]
    notices: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return _verdict((link.verdict for link in self.links), self.gaps)


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
    cells: tuple[tuple[Judgement, ...], ...]
    """A row for each client version, a cell for each provider version; equal cells are one object."""
    calls: Mapping[str, tuple[Call, ...]]
    """Client version to what it calls; a version without an entry calls nothing there."""
    step: Step | None
    """The latest step of both; None if there is no such step, one service calls itself, or one is gone."""
    gone: tuple[str, ...] = ()
    """The provider versions at which there is no such service."""

    @property
    def pairs(self) -> Iterator[Pair]:
        """Row by row."""
        for client, row in zip(self.client_versions, self.cells, strict=True):
            for provider, cell in zip(self.provider_versions, row, strict=True):
                yield Pair(self.edge, client, provider, cell, self.calls.get(client, ()))


@dataclass(frozen=True, slots=True)
class Pairs:
    """The answer of `compatcheck pairs`."""

    matrices: tuple[Matrix, ...]
    gaps: tuple[Gap, ...]
    notices: tuple[str, ...] = ()

    @property
    def pairs(self) -> Iterator[Pair]:
        return (pair for matrix in self.matrices for pair in matrix.pairs)

    @property
    def verdict(self) -> Verdict:
        cells = (cell.verdict for matrix in self.matrices for row in matrix.cells for cell in row)
        return _verdict(cells, self.gaps)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What can be done about a neighbour that the deployment does not suit."""

    service: str
    instead_of: tuple[str, ...]
    """Live versions of the neighbour that do not suit."""
    version: str | None
    """One that suits the old and new versions here and what is live around it; None if there is none."""


@dataclass(frozen=True, slots=True)
class ClosedBy:
    """What closes the way back to the version that is live before a deployment."""

    service: str
    """Who is deployed (a neighbour), or the deployed service itself: what it has written stays."""
    version: str
    pairs: tuple[Pair, ...]
    """The pairs that would not be safe after going back."""


@dataclass(frozen=True, slots=True)
class Rollback:
    """Whether one can go back to the live version after the deployment.

    The verdict is about the moment right after the deployment: `mismatch` means that there is no way back from
    the first request on. `closed_by` names that, and each neighbour's first known later version that would close it.
    """

    verdict: Verdict
    closed_by: tuple[ClosedBy, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deployment:
    """The answer of `compatcheck can-i-deploy`."""

    service: str
    version: str
    environment: str
    strategy: Strategy
    live: tuple[Deployed, ...]
    """The versions of the service that are live now."""
    pairs: tuple[Pair, ...]
    """Those in which the version to be deployed takes part."""
    existing: tuple[Pair, ...]
    """Those that meet already, whether or not the version is deployed; they do not make the verdict."""
    gaps: tuple[Gap, ...]
    ways_out: tuple[Neighbour, ...]
    rollback: Rollback
    advisories: tuple[Forwarded, ...]
    """Values that one version returns and a client sends on to the other. They do not make the verdict."""
    notices: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        return _verdict((pair.judgement.verdict for pair in self.pairs), self.gaps)


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """The answer of `compatcheck plan`."""

    environment: str
    strategy: Strategy
    targets: tuple[Move, ...]
    waves: tuple[tuple[Move, ...], ...]
    """What may be deployed in parallel, in order. With conflicts: what can be deployed all the same."""
    conflicts: tuple[Conflict, ...]
    existing: tuple[Pair, ...]
    """Pairs that are not safe already; they do not block unless they get worse."""
    no_return: tuple[NoReturn, ...]
    advisories: tuple[Forwarded, ...]
    gaps: tuple[Gap, ...]
    notices: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        return _verdict((one.verdict for one in self.conflicts), self.gaps, nothing=Verdict.SAFE)


@dataclass(frozen=True, slots=True)
class User:
    """A version of a service that uses an element of a schema."""

    service: str
    version: str
    role: str
    """`client`, `provider`, `writer` or `reader`."""
    uses: tuple[str, ...]
    """How it gets at it: a method with the path down to it (`shop.v1.Cart.Add request.item.price`), a channel."""
    environments: tuple[str, ...]
    """Where it is live."""
    phase: str = ""
    evidence: tuple[Evidence, ...] = ()
    doubt: str = ""
    """What is not known, so that it may not use the element after all."""


@dataclass(frozen=True, slots=True)
class Users:
    """The answer of `compatcheck who-uses`."""

    element: str
    """Full name."""
    kind: str
    """`service`, `method`, `message`, `enum`, `enum value` or `field`; empty if no schema at hand has it."""
    environment: str
    users: tuple[User, ...]
    gaps: tuple[Gap, ...]
    notices: tuple[str, ...] = ()


def _verdict(verdicts: Iterator[Verdict], gaps: tuple[Gap, ...], nothing: Verdict | None = None) -> Verdict:
    """Without pairs nothing is known (unless `nothing` says what that means), and a gap may hide a mismatch."""
    found = set(verdicts)
    if gaps:
        found.add(Verdict.UNKNOWN)
    if not found and nothing is not None:
        return nothing
    return overall(found)
