"""What keeps an answer from being a pass: calls that nobody serves, unreadable code, names that are wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from compatcheck.config.names import suggestion
from compatcheck.errors import UsageError
from compatcheck.rollout.edges import Edge
from compatcheck.usecases.chosen import Chosen
from compatcheck.usecases.fleet import Fleet
from compatcheck.usecases.rollouts import Gap


def unserved(fleet: Fleet, clients: Mapping[str, Collection[str]]) -> Iterator[Gap]:
    """What some versions of services call and nobody provides.

    UsageError if one is declared to consume what no version of any schema has.
    """
    seen: set[tuple[str, str]] = set()
    for one in fleet.graph.unserved:
        if one.version not in clients.get(one.client, ()) or (one.client, one.call) in seen:
            continue
        seen.add((one.client, one.call))
        if fleet.service(one.client).consumes is None:
            where = f" ({one.evidence[0].path}:{one.evidence[0].line})" if one.evidence else ""
            datum = f"no service provides {one.call}, which {one.client} {one.version} calls{where}"
            yield Gap(one.client, datum)
        elif _knows(fleet, one.client, one.call):
            yield Gap(one.client, f"no declared service provides {one.call}, which {one.client} consumes")
        else:
            raise _unknown_name(fleet, one.client, one.call, ())


def nothing(chosen: Chosen, otherwise: str) -> Gap:
    """Why there was nothing to judge, which is no pass."""
    is_empty = chosen.live is not None and not any(chosen.versions.values())
    return Gap("", f"nothing is {chosen.where}" if is_empty else f"{otherwise}, so that nothing was judged")


def unread(fleet: Fleet, services: Iterable[str], chosen: Chosen | None = None) -> Iterator[Gap]:
    """Code of some services that could not be read at the versions of the question, and may call and serve more.

    A version that is live has some code.
    """
    for service in sorted(set(services)):
        missing: dict[str, list[str]] = {}
        for version in fleet.shown(service):
            for datum in fleet.uses(service, version).missing:
                missing.setdefault(datum, []).append(version)
        for datum, versions in missing.items():
            yield Gap(service, f"what {service} {', '.join(versions)} serves and calls: {datum}")
        deployed = chosen.live if chosen is not None and chosen.live is not None else {}
        live = [one.version for one in deployed.get(service, ())]
        gone = [one for one in fleet.shown(service) if one in live and not fleet.uses(service, one).exists]
        if gone:
            yield Gap(
                service,
                f"what {service} {', '.join(gone)} serves and calls: there is no code of it at that version",
            )


def unwritten(fleet: Fleet, edges: Iterable[Edge]) -> Iterator[Gap]:
    """Channels of which it is not known what is written to them, for no version of the writer has the message; or
    since when values are kept, for `since` names a version without a place in history."""
    seen: set[tuple[str, str]] = set()
    for edge in edges:
        if not edge.channel or (edge.client, edge.channel) in seen:
            continue
        seen.add((edge.client, edge.channel))
        if not _writes(fleet, edge):
            message = fleet.ground.config.channels[edge.channel].message
            yield Gap(
                edge.client,
                f"what {edge.client} writes to {edge.channel}: none of its versions has a schema with {message}",
            )
        since = fleet.ground.config.channels[edge.channel].since.get(edge.client, "live")
        if since != "live" and since not in fleet.versions(edge.client):
            hint = suggestion(since, fleet.versions(edge.client)[-12:])
            more = f" ({hint})" if hint else ""
            datum = (
                f"since when values of {edge.channel} are kept: {edge.client} has no version {since}{more}"
            )
            yield Gap(edge.client, datum)


def check_names(fleet: Fleet, edges: Sequence[Edge]) -> None:
    """UsageError if a client is declared to consume what is in no version of any schema around it."""
    for edge in edges:
        if edge.channel or fleet.service(edge.client).consumes is None:
            continue
        called = dict.fromkeys(
            call.name for version in fleet.shown(edge.client) for call in fleet.calls(edge, version)
        )
        for call in called:
            if not any(_knows(fleet, name, call, edge) for name in (edge.client, edge.provider)):
                raise _unknown_name(fleet, edge.client, call, edges)


def _writes(fleet: Fleet, edge: Edge) -> bool:
    """Whether any version of a writer has the message of its channel, or may have it."""
    message = fleet.ground.config.channels[edge.channel].message
    for version in dict.fromkeys((*fleet.shown(edge.client), *reversed(fleet.versions(edge.client)))):
        interface = fleet.interface_on(edge, edge.client, version)
        if message in interface.messages or interface.missing_of(message):
            return True
    return False


def _knows(fleet: Fleet, service: str, call: str, edge: Edge | None = None) -> bool:
    """Whether any version of a service has what is called, or may have it; those at hand are asked first."""
    for version in dict.fromkeys((*fleet.shown(service), *reversed(fleet.versions(service)))):
        known = (service, version)
        interface = fleet.interface(*known) if edge is None else fleet.interface_on(edge, *known)
        if interface.methods_of(call) or interface.missing_of(call):
            return True
    return False


def _unknown_name(fleet: Fleet, client: str, call: str, edges: Sequence[Edge]) -> UsageError:
    config = fleet.ground.config
    known = {one for service in config.services.values() for one in service.provides or ()}
    for edge in edges:
        for service in (edge.client, edge.provider):
            for version in fleet.versions(service)[-1:]:
                known.update(fleet.interface(service, version).methods)
    return UsageError(
        f"{config.where}: services.{client}.consumes: no version of any schema has `{call}`",
        suggestion(call, known - {call}),
    )
