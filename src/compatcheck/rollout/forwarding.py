"""Values that one version of a service returns and a client sends on to another version of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compatcheck.reads import wire
from compatcheck.reads.effects import Effect, Outcomes, Surface
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.pairs import Interface, Reason
from compatcheck.schema.model import Enum, Message, Method

_MILD = (Effect.SAFE, Effect.RELABELLED, Effect.PRESENCE_LOST)
"""What nobody would notice of a value that comes back."""
_MOST_TYPES = 2000
"""Of the types below a message no more are looked at; no real one has as many."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """An advisory: no pair shows it, for the client that carries the value understands both versions."""

    client: str
    client_version: str
    provider: str
    returned_by: str
    """Version of the provider."""
    received_by: str
    """Version of the provider."""
    message: str
    """Full name of the type of the value, a message or an enum."""
    response: str
    """The method that returns it, with the path down to the value: `shop.v1.Cart.Get response.item`."""
    request: str
    """The method that it may be sent on with, with the path down to the value."""
    reasons: tuple[Reason, ...]
    """What the one version makes of what the other one wrote; `method` is `request`'s."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions of a provider between which a value may go."""

    version: str
    interface: Interface


@dataclass(frozen=True, slots=True)
class _Found:
    type: Message | Enum
    path: tuple[str, ...]


def forwarded(
    edge: Edge, client: Side, calls: tuple[Call, ...], returned_by: Side, received_by: Side
) -> tuple[Forwarded, ...]:
    """The values that a client version may carry from one version of a provider to another, and what becomes of them.

    A value may be carried if a type is in a response of a method that the client calls and in a request of one,
    by the client's own schema. Only values that the receiver does not read as they were meant are told, the
    outermost type of those that hold each other, for one response and one request.
    """
    methods = {name for call in calls for name in client.interface.methods_of(call.name)}
    told: dict[str, Forwarded] = {}
    for returning in sorted(methods):
        given = _below(client.interface, returning, "response", returned_by.interface)
        for requesting in sorted(methods) if given else ():
            taken = _below(client.interface, requesting, "request", received_by.interface)
            for name in [name for name in given if name in taken]:
                outcomes = _reads(given[name].type, taken[name].type)
                reasons = tuple(_reasons(requesting, outcomes, taken[name].path))
                if reasons and name not in told:
                    told[name] = Forwarded(
                        edge.client,
                        client.version,
                        edge.provider,
                        returned_by.version,
                        received_by.version,
                        name,
                        _place(returning, "response", given[name].path),
                        _place(requesting, "request", taken[name].path),
                        reasons,
                    )
    return tuple(_outermost(told))


def _outermost(told: Mapping[str, Forwarded]) -> Iterator[Forwarded]:
    """Without what only goes inside of another value that is told."""
    for one in told.values():
        if not any(one.request.startswith(f"{other.request}.") for other in told.values()):
            yield one


def _reads(writer: Message | Enum, reader: Message | Enum) -> Outcomes:
    if isinstance(writer, Message) and isinstance(reader, Message):
        return wire.message_reads(writer, reader)
    if isinstance(writer, Enum) and isinstance(reader, Enum):
        return wire.enum_reads(writer, reader)
    return ()


def _reasons(method: str, outcomes: Outcomes, path: tuple[str, ...]) -> Iterator[Reason]:
    for one in outcomes:
        if one.effect not in _MILD:
            yield Reason(method, "request", one.effect, Surface.WIRE, one.condition, (*path, *one.path))


def _below(client: Interface, method: str, side: str, provider: Interface) -> dict[str, _Found]:
    """The types in a request or response that both the client and a version of the provider know, by full name."""
    ours = _types(client.methods.get(method, ()), side)
    theirs = _types(provider.methods.get(method, ()), side)
    return {name: found for name, found in theirs.items() if name in ours}


def _types(copies: tuple[Method, ...], side: str) -> dict[str, _Found]:
    """Full name -> a type and the shortest path to it. Several copies of a method are told apart elsewhere."""
    if len(copies) != 1:
        return {}
    top = copies[0].request if side == "request" else copies[0].response
    found: dict[str, _Found] = {top.full_name: _Found(top, ())}
    pending = deque([_Found(top, ())])
    while pending and len(found) < _MOST_TYPES:
        holder = pending.popleft()
        if isinstance(holder.type, Enum):
            continue
        for number in sorted(holder.type.numbers):
            field = holder.type.numbers[number]
            part = field.parts[-1]
            if part.type_name:
                below = _Found(part.message if part.holds_message else part.enum, (*holder.path, field.name))
                if below.type.full_name not in found:
                    found[below.type.full_name] = below
                    pending.append(below)
    return found


def _place(method: str, side: str, path: tuple[str, ...]) -> str:
    return f"{method} {'.'.join((side, *path))}"
