"""Which client versions and provider versions can talk: all pairs of services that call each other."""

from __future__ import annotations

from collections.abc import Sequence

from compatcheck.rollout.edges import Edge
from compatcheck.rollout.order import StepOrder, step_order
from compatcheck.rollout.pairs import Judgement, Verdict
from compatcheck.usecases.chosen import Chosen, called, choose, is_called, met_in, ordered
from compatcheck.usecases.fleet import Fleet, fleet_of
from compatcheck.usecases.gaps import check_names, nothing, unread, unserved, unwritten
from compatcheck.usecases.ground import Ground
from compatcheck.usecases.notices import notices
from compatcheck.usecases.rollouts import Gap, Matrix, Pairs, Step


def all_pairs(
    ground: Ground,
    client: str | None = None,
    provider: str | None = None,
    environment: str | None = None,
    versions: Sequence[str] = (),
    live: Sequence[str] = (),
) -> Pairs:
    """Every version of every client against every version of its providers, or of those that are named.

    With an environment (or `live`, as on the command line) only the versions that are live there; with
    `versions` only those that one of the globs matches, or that are revisions. UsageError: a name that nothing
    has, or a `consumes` that no schema knows.
    """
    fleet = fleet_of(ground)
    chosen = choose(fleet, environment, live, versions)
    client, provider = (one and called(one, chosen.versions) for one in (client, provider))
    for name in (client, provider):
        if name is not None:
            fleet.check(name, chosen.versions)
    absent = [name for name, found in chosen.versions.items() if not found]
    fleet.show(chosen.versions)
    if chosen.live is not None:
        fleet.show(fleet.around(chosen.live))
    fleet.stand_in(absent)
    edges = [one for one in fleet.graph.between(client, provider) if is_called(fleet, chosen, one)]
    matrices = tuple(_matrix(edge, chosen, fleet) for edge in edges)
    check_names(fleet, edges)
    ends = {name for edge in edges for name in (edge.client, edge.provider)}
    gaps = [Gap(one, f"no version of {one} is {chosen.where}") for one in sorted(absent) if one in ends]
    if provider is None:
        callers = chosen.versions if client is None else {client: chosen.versions[client]}
        gaps += unserved(fleet, callers)
    named = [one for one in (client, provider) if one is not None]
    gaps += unread(fleet, named if client is not None and provider is not None else chosen.versions, chosen)
    gaps += unwritten(fleet, edges)
    if not edges and not gaps:
        gaps.append(nothing(chosen, "no service consumes what another one provides"))
    return Pairs(matrices, tuple(gaps), (*chosen.notices, *notices(fleet, ends)))


def _matrix(edge: Edge, chosen: Chosen, fleet: Fleet) -> Matrix:
    rows, columns = chosen.versions[edge.client], chosen.versions[edge.provider]
    if chosen.live is not None:
        met = met_in(fleet, chosen, edge)
        rows = ordered(fleet, edge.client, (*rows, *(one.client_version for one in met)))
        columns = ordered(fleet, edge.provider, (*columns, *(one.provider_version for one in met)))
    newest = rows[-1:]
    gone = tuple(one for one in columns if not fleet.uses(edge.provider, one).exists)
    if chosen.live is None:
        # Who is gone calls nobody; who is gone and only read or called itself is missed by nobody.
        rows = tuple(one for one in rows if fleet.uses(edge.client, one).exists)
        if edge.channel or edge.client == edge.provider:
            columns, gone = tuple(one for one in columns if one not in gone), ()
    cells = fleet.cells(edge, rows, columns)
    return Matrix(
        edge=edge,
        client_versions=rows,
        provider_versions=columns,
        cells=cells,
        calls={row: calls for row in rows if (calls := fleet.calls(edge, row))},
        # Who is gone takes no step any more.
        step=_step(edge, rows, columns, cells, fleet) if rows[-1:] == newest and not gone else None,
        gone=gone,
    )


def _step(
    edge: Edge,
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    cells: tuple[tuple[Judgement, ...], ...],
    fleet: Fleet,
) -> Step | None:
    client, provider = _last_two(fleet, edge.client, rows), _last_two(fleet, edge.provider, columns)
    if edge.client == edge.provider or not client or not provider:
        return None
    if (client[0], provider[0]) == (client[1], provider[1]):
        return None

    def verdict(row: str, column: str) -> Verdict:
        return cells[rows.index(row)][columns.index(column)].verdict

    if _is_kept(edge, client, fleet) and verdict(client[0], provider[1]) is Verdict.MISMATCH:
        # The old client, or what it has written, stays, whoever goes first.
        return Step(client, provider, StepOrder.NONE)
    return Step(client, provider, step_order(verdict, (client[0], provider[0]), (client[1], provider[1])))


def _is_kept(edge: Edge, client: tuple[str, str], fleet: Fleet) -> bool:
    """Whether the older of two versions, or what it wrote to a channel, is still there when the newer one is live."""
    if not edge.channel:
        return client[0] != client[1] and fleet.service(edge.client).external
    since = fleet.ground.config.channels[edge.channel].since.get(edge.client, "")
    history = fleet.tagged(edge.client)
    if since == "live":
        return False
    return client[0] != client[1] and (
        since not in history or history.index(since) <= history.index(client[0])
    )


def _last_two(fleet: Fleet, service: str, shown: Sequence[str]) -> tuple[str, str] | None:
    """The last version but one and the last (or it twice), of those that have a place in history."""
    tagged = [version for version in fleet.tagged(service) if version in shown]
    return (tagged[-2:][0], tagged[-1]) if tagged else None
