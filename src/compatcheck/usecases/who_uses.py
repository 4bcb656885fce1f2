"""Which versions of services use an element of a schema, and so must be gone before it may go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.config.model import Deployed
from compatcheck.config.names import element as full_name_of
from compatcheck.config.names import suggestion
from compatcheck.discover.uses import Evidence
from compatcheck.errors import UsageError
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.pairs import Interface
from compatcheck.usecases.chosen import Chosen, choose, met_in
from compatcheck.usecases.elements import elements_of, kind_of, ways_to
from compatcheck.usecases.fleet import Fleet, fleet_of
from compatcheck.usecases.gaps import check_names, unread
from compatcheck.usecases.ground import Ground
from compatcheck.usecases.notices import notices
from compatcheck.usecases.rollouts import Gap, User, Users


@dataclass(slots=True)
class _Found:
    """What one version of a service in one role has to do with the element."""

    uses: dict[str, None] = field(default_factory=dict)
    evidence: dict[Evidence, None] = field(default_factory=dict)
    doubts: dict[str, None] = field(default_factory=dict)
    certain: bool = False

    def add(self, ways: Iterable[str], call: Call) -> None:
        self.uses |= dict.fromkeys(ways)
        self.evidence |= dict.fromkeys(call.evidence)
        if call.doubt:
            self.doubts[call.doubt] = None
        else:
            self.certain = True


_Key = tuple[str, str, str]
"""Service, version, role."""


def who_uses(
    ground: Ground,
    written: str,
    *,
    environment: str | None = None,
    live: Sequence[str] = (),
    versions: Sequence[str] = (),
) -> Users:
    """The users of a gRPC service, method, message, enum or field (full name) among the versions at hand.

    Each version's own schema says where the element is. UsageError: a name that nothing has.
    """
    element = full_name_of(written)
    if element is None:
        hint = "write it as `package.Message.field` or `package.Service/Method`"
        raise UsageError(f"`{written}` is not the full name of an element", hint)
    fleet = fleet_of(ground)
    fleet.wants_served = True
    chosen = choose(fleet, environment, live, versions)
    fleet.show(chosen.versions)
    if chosen.live is not None:
        fleet.show(fleet.around(chosen.live))
    check_names(fleet, fleet.graph.edges)
    found: dict[_Key, _Found] = {}
    for edge in fleet.graph.edges:
        _callers(edge, element, fleet, chosen, found)
    _unserved(element, fleet, chosen, found)
    _providers(element, fleet, chosen, found)
    kind = next(
        (
            kind
            for service, versions in chosen.versions.items()
            for version in reversed(versions)
            if (kind := kind_of(fleet.interface(service, version), element))
        ),
        "",
    )
    gaps = [*_unread(fleet, chosen, element, kind), *unread(fleet, chosen.versions, chosen)]
    if chosen.live is not None and not any(chosen.versions.values()):
        gaps.append(Gap("", f"nothing is {chosen.where}"))
    elif not kind and not gaps:
        kind = _kind_elsewhere(ground, element, chosen)
    return Users(
        element=element,
        kind=kind,
        environment=chosen.environment,
        users=tuple(_user(key, found[key], fleet, chosen) for key in sorted(found)),
        gaps=tuple(gaps),
        notices=(*chosen.notices, *notices(fleet, {name for name, *_ in found})),
    )


def _kind_elsewhere(ground: Ground, element: str, chosen: Chosen) -> str:
    """What an element is that no live version has, of versions that are not live. UsageError: no version has it."""
    fleet = fleet_of(ground)
    fleet.wants_served = True
    every = chosen if chosen.live is None else choose(fleet, None, (), ())
    fleet.show(every.versions)
    known: dict[str, str] = {}
    for service, versions in every.versions.items():
        for version in versions:
            known |= elements_of(fleet.interface(service, version))
    if element in known:
        return known[element]
    looked_at = f"; {every.notices[0]}" if every.notices else ""
    raise UsageError(f"no version of any schema has `{element}`{looked_at}", suggestion(element, known))


def _callers(edge: Edge, element: str, fleet: Fleet, chosen: Chosen, found: dict[_Key, _Found]) -> None:
    """Who calls a method that carries the element, or has it in a channel."""
    felt = () if chosen.live is None else met_in(fleet, chosen, edge)
    for version in dict.fromkeys((*chosen.versions[edge.client], *(one.client_version for one in felt))):
        for call in fleet.calls(edge, version):
            interface = fleet.interface(edge.client, version)
            ways = tuple(_ways(interface, call.name, element, edge.channel, fleet)) or _said(call, element)
            if ways:
                role = "writer" if edge.channel else "client"
                found.setdefault((edge.client, version, role), _Found()).add(ways, call)
    if edge.channel:
        message = fleet.ground.config.channels[edge.channel].message
        for version in chosen.versions[edge.provider]:
            if fleet.uses(edge.provider, version).exists:
                interface = fleet.interface(edge.provider, version)
                ways = tuple(_ways(interface, message, element, edge.channel, fleet))
                if ways:
                    found.setdefault((edge.provider, version, "reader"), _Found()).add(ways, Call(message))


def _unserved(element: str, fleet: Fleet, chosen: Chosen, found: dict[_Key, _Found]) -> None:
    """Who calls what no version at hand serves uses it all the same."""
    for one in fleet.graph.unserved:
        if one.version in chosen.versions.get(one.client, ()):
            interface = fleet.interface(one.client, one.version)
            call = Call(one.call, evidence=one.evidence)
            ways = tuple(_ways(interface, one.call, element, "", fleet)) or _said(call, element)
            if ways:
                found.setdefault((one.client, one.version, "client"), _Found()).add(ways, call)


def _providers(element: str, fleet: Fleet, chosen: Chosen, found: dict[_Key, _Found]) -> None:
    for service, versions in chosen.versions.items():
        for version in versions:
            for provided in fleet.uses(service, version).provides:
                interface = fleet.interface(service, version)
                ways = tuple(_ways(interface, provided.service, element, "", fleet))
                if ways:
                    call = Call(provided.service, evidence=provided.evidence)
                    found.setdefault((service, version, "provider"), _Found()).add(ways, call)


def _ways(interface: Interface, name: str, element: str, channel: str, fleet: Fleet) -> Iterator[str]:
    """How a method or service, or the message of a channel, gets at the element."""
    travels = fleet.ground.config.travels_in_any
    if channel:
        for message in interface.messages.get(name, ()):
            yield from ways_to(element, message, f"{channel}:", travels)
        return
    for method in interface.methods_of(name):
        if element in (method, method.rpartition(".")[0]):
            yield method
            continue
        for one in interface.methods[method]:
            yield from ways_to(element, one.request, f"{method} request", travels)
            yield from ways_to(element, one.response, f"{method} response", travels)


def _said(call: Call, element: str) -> tuple[str, ...]:
    """The call of a method by code whose schema does not have it."""
    return (call.name,) if call.evidence and element in (call.name, call.name.rpartition(".")[0]) else ()


def _unread(fleet: Fleet, chosen: Chosen, element: str, kind: str) -> Iterator[Gap]:
    """Versions whose schema cannot be had where it may say more of the element."""
    # A method is in one service only; a message may be anywhere.
    about = {"", element, element.rpartition(".")[0]} if kind in ("service", "method") else None
    told: dict[tuple[str, str], list[str]] = {}
    for service, versions in chosen.versions.items():
        for version in versions:
            for name, data in fleet.interface(service, version).missing.items():
                for datum in data if about is None or name in about else ():
                    known = told.setdefault((service, datum), [])
                    if version not in known:
                        known.append(version)
    for (service, datum), versions_ in told.items():
        yield Gap(service, f"{service} {', '.join(versions_)}: {datum}")


def _user(key: _Key, found: _Found, fleet: Fleet, chosen: Chosen) -> User:
    service, version, role = key
    live = _live(chosen, fleet)
    places = [(name, one) for name, there in live.items() for one in there.get(service, ())]
    if (
        fleet.service(service).external
        and chosen.live is not None
        and version not in chosen.versions[service]
    ):
        # Nobody drains what came before the live versions.
        places.append((chosen.environment, Deployed(version)))
    phases = {one.phase for name, one in places if one.version == version and name == chosen.environment}
    return User(
        service=service,
        version=version,
        role=role,
        uses=tuple(found.uses),
        environments=tuple(name for name, one in places if one.version == version),
        phase=phases.pop() if phases else "",
        evidence=tuple(found.evidence),
        doubt="" if found.certain else "; ".join(found.doubts),
    )


def _live(chosen: Chosen, fleet: Fleet) -> Mapping[str, Mapping[str, tuple[Deployed, ...]]]:
    if chosen.live is not None:
        return {chosen.environment: chosen.live}
    return fleet.ground.config.environments
