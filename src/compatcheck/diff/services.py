"""The facts about services and their methods."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.diff.changes import Added, Changed, Removed
from compatcheck.diff.effects import Effects, Reads, no_longer_compiles
from compatcheck.diff.nested import own_of_message
from compatcheck.diff.pairing import Pairing
from compatcheck.reads.calls import streaming_reads
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Effect, Surface
from compatcheck.schema.model import Method, Service

ServiceChange = Added[Method] | Removed[Method] | Changed[Method] | Changed[Service]


def service_facts(old: Service, new: Service, pairing: Pairing, reads: Reads) -> Iterator[ServiceChange]:
    """What happened to a service that both schemas have; its methods pair by name."""
    if old.full_name != new.full_name and not pairing.keeps_its_name(old, new):
        yield Changed(old, new, Aspect.NAME, renamed_path())
    before = {method.name: method for method in old.methods}
    after = {method.name: method for method in new.methods}
    for name, method in before.items():
        if name not in after:
            yield Removed(method, new.place, gone())
        else:
            yield from _method_facts(method, after[name], pairing, reads)
    for name, method in after.items():
        if name not in before:
            yield Added(method, old.place, come())


def _method_facts(old: Method, new: Method, pairing: Pairing, reads: Reads) -> Iterator[Changed[Method]]:
    root = old.place.file.root
    if pairing.new_name(root, old.request_name) != new.request_name:
        effects = reads.messages(old.request, new.request, lambda _: True)
        effects = own_of_message(effects, old.request, new.request, pairing)
        yield Changed(old, new, Aspect.REQUEST, (*effects, no_longer_compiles()))
    if pairing.new_name(root, old.response_name) != new.response_name:
        effects = reads.messages(old.response, new.response, lambda _: True)
        effects = own_of_message(effects, old.response, new.response, pairing)
        yield Changed(old, new, Aspect.RESPONSE, (*effects, no_longer_compiles()))
    for aspect, differs in (
        (Aspect.CLIENT_STREAMING, old.client_streaming != new.client_streaming),
        (Aspect.SERVER_STREAMING, old.server_streaming != new.server_streaming),
    ):
        if differs:
            yield Changed(old, new, aspect, (*_streaming(old, new, aspect), no_longer_compiles()))


def _streaming(old: Method, new: Method, aspect: Aspect) -> Iterator[DirectedEffect]:
    """Backward is what an old client meets at a new server, forward what a new client meets at an old one."""
    for direction, client, provider in (
        (Direction.BACKWARD, old, new),
        (Direction.FORWARD, new, old),
    ):
        for outcome in streaming_reads(client, provider):
            if outcome.aspect is aspect:
                yield DirectedEffect(direction, Surface.GRPC, outcome.effect, outcome.condition)


def gone() -> Effects:
    """Old clients call a path that new servers do not serve."""
    return (
        DirectedEffect(Direction.BACKWARD, Surface.GRPC, Effect.UNROUTABLE),
        no_longer_compiles(),
    )


def come() -> Effects:
    """New clients call a path that old servers do not serve yet."""
    return (DirectedEffect(Direction.FORWARD, Surface.GRPC, Effect.UNROUTABLE),)


def renamed_path() -> Effects:
    return (
        DirectedEffect(Direction.BACKWARD, Surface.GRPC, Effect.UNROUTABLE),
        DirectedEffect(Direction.FORWARD, Surface.GRPC, Effect.UNROUTABLE),
        no_longer_compiles(),
    )
