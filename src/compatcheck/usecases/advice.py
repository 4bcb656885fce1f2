"""What goes beyond the pairs of a deployment: the way back, and values that clients carry between versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compatcheck.config.model import Deployed
from compatcheck.rollout.back import back, judged
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.forwarding import Forwarded, Side, forwarded
from compatcheck.rollout.live import Live, Setting, Strategy, after, meetings
from compatcheck.rollout.pairs import Pair, Verdict, overall
from compatcheck.usecases.fleet import Fleet
from compatcheck.usecases.rollouts import ClosedBy, Rollback


def rollback(
    fleet: Fleet, setting: Setting, live: Live, service: str, version: str, strategy: Strategy
) -> Rollback:
    """Whether a service can go back to its live versions after it went to another, and what would close the way."""
    old = live.get(service, ())
    if not old or version in [one.version for one in old]:
        return Rollback(Verdict.SAFE, (), ("there is no other version to go back to",))
    lacking = fleet.uses(service, version).missing
    if lacking:
        return Rollback(Verdict.UNKNOWN, (), (f"not known: {lacking[0]}",))
    state = after(live, {service: version})
    own = _closing(fleet, setting, live, state, service, old, strategy)
    verdict = overall(pair.judgement.verdict for pair in own) if own else Verdict.SAFE
    closed = [ClosedBy(service, version, own)] if own else []
    neighbours = sorted({name for edge in setting.edges for name in (edge.client, edge.provider)} - {service})
    for neighbour in neighbours:
        known = [one.version for one in live.get(neighbour, ())]
        for one in later(fleet, neighbour, known) if known else ():
            fleet.show({neighbour: (one,)})
            then = after(state, {neighbour: one})
            if _suits(setting, then, neighbour, one):
                pairs = _closing(fleet, setting, live, then, service, old, strategy)
                if pairs:
                    closed.append(ClosedBy(neighbour, one, pairs))
                    break
    return Rollback(verdict, tuple(closed))


def advisories(
    fleet: Fleet, setting: Setting, live: Live, targets: Mapping[str, str], strategy: Strategy
) -> tuple[Forwarded, ...]:
    """Values that a live client may get from one version of a service and send on to the other.

    What the pairs of the client show themselves is left out.
    """
    found = dict.fromkeys(_carried(fleet, setting, live, targets, strategy))
    return tuple(one for one in found if not _is_told(one, fleet))


def later(fleet: Fleet, service: str, live: Sequence[str]) -> tuple[str, ...]:
    """The tagged versions that came after every live one."""
    tagged = fleet.tagged(service)
    last = max((tagged.index(one) for one in live if one in tagged), default=-1)
    return tagged[last + 1 :]


def _closing(
    fleet: Fleet,
    setting: Setting,
    before: Live,
    live: Live,
    service: str,
    old: tuple[Deployed, ...],
    strategy: Strategy,
) -> tuple[Pair, ...]:
    """The pairs that going back makes, and that are not safe."""
    known = frozenset((*meetings(setting, before), *meetings(setting, live)))
    found = back(setting, live, service, old, known, strategy)
    return tuple(
        Pair(
            one.edge,
            one.client_version,
            one.provider_version,
            one.judgement,
            fleet.calls(one.edge, one.client_version),
        )
        for one in found
    )


def _suits(setting: Setting, live: Live, service: str, version: str) -> bool:
    """Whether a version could be deployed: all that it meets is safe."""
    new = (service, version)
    return not any(
        judged(setting, one).verdict is not Verdict.SAFE
        for one in meetings(setting, live)
        if new in ((one.edge.client, one.client_version), (one.edge.provider, one.provider_version))
    )


def _carried(
    fleet: Fleet, setting: Setting, live: Live, targets: Mapping[str, str], strategy: Strategy
) -> Iterator[Forwarded]:
    for edge in setting.edges:
        new = targets.get(edge.provider)
        if edge.channel or new is None:
            continue
        old = [one.version for one in live.get(edge.provider, ()) if one.version != new]
        for client in (one.version for one in live.get(edge.client, ())):
            calls = fleet.calls(edge, client)
            if calls:
                carrier = Side(client, fleet.interface_on(edge, edge.client, client))
                fresh = Side(new, fleet.interface_on(edge, edge.provider, new))
                for one in old:
                    stale = Side(one, fleet.interface_on(edge, edge.provider, one))
                    yield from forwarded(edge, carrier, calls, stale, fresh)
                    if strategy.mixes:
                        yield from forwarded(edge, carrier, calls, fresh, stale)


def _is_told(one: Forwarded, fleet: Fleet) -> bool:
    """Whether all that becomes of a value is a mismatch of the client with the one or the other version already."""
    edge = Edge(one.client, one.provider)
    told: set[tuple[str, ...]] = set()
    length = 0
    for place, version in ((one.response, one.returned_by), (one.request, one.received_by)):
        method, _, where = place.partition(" ")
        side, *path = where.split(".")
        length = len(path)
        for reason in fleet.judge(edge, one.client_version, version).breaks:
            if reason.method == method and reason.side == "call":
                return True
            if (reason.method, reason.side) == (method, side) and list(reason.path[:length]) == path:
                told.add(reason.path[length:])
    return all(any(reason.path[length:][: len(below)] == below for below in told) for reason in one.reasons)
