"""The verdict of a pair is what the real runtime does with the messages of a call."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from random import Random

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto

from compatcheck.reads import wire
from compatcheck.reads.effects import Effect
from compatcheck.rollout.edges import Call
from compatcheck.rollout.pairs import Interface, Judgement, Served, Verdict
from compatcheck.rollout.table import Table, Terms
from compatcheck.schema.build import Symbols
from compatcheck.schema.loaded import Universe
from reads.filled import complete, filled, with_bad_text
from reads.judged import aimed_at, must_show, random_pair
from reads.observed import seen_on_wire
from reads.schemas import Schema

CHUNKS, PAIRS, VALUES, ATTEMPTS = 4, 250, 6, 8


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_verdict_is_what_the_runtime_does_with_the_messages_of_a_call(chunk: int) -> None:
    table = Table(Terms(json_counts=False))
    counts = {"safe": 0, "routed nowhere": 0, "shown": 0}
    for seed in range(PAIRS):
        random = Random(f"calls/{chunk}/{seed}")
        pair = random_pair(random)
        old, new = pair.old.build(), pair.new.build()
        for client, provider in ((old, new), (new, old)):
            found = judged(table, client, provider)
            if not routed(client, provider):
                counts["routed nowhere"] += 1
                assert [one.effect for one in found.breaks] == [Effect.UNROUTABLE]
            elif found.verdict is Verdict.SAFE:
                counts["safe"] += 1
                assert not any(broken(client, provider, random, aimed=False)), (chunk, seed)
            elif len(pair.changes) == 1 and must_be_shown(client, provider):
                counts["shown"] += 1
                attempts = (broken(client, provider, random, aimed=True) for _ in range(ATTEMPTS))
                assert any(chain.from_iterable(attempts)), (chunk, seed, found.breaks)
    assert min(counts.values()) > 5, counts


def judged(table: Table, client: Schema, provider: Schema) -> Judgement:
    name = f"{client.file.package}.Shop"
    served = Served(frozenset({f"{provider.file.package}.Shop"}))
    return table.judge(interface_of(client), interface_of(provider), (Call(name),), served)


def interface_of(schema: Schema) -> Interface:
    """The schema with a service that takes and returns its message M."""
    file = FileDescriptorProto()
    file.CopyFrom(schema.file)
    message = f".{file.package}.M"
    file.service.add(name="Shop").method.add(name="Put", input_type=message, output_type=message)
    symbols = Symbols(Universe("", "", {file.name: file.SerializeToString()}, {}, frozenset()), {})
    (method,) = symbols.files[file.name].services[0].methods
    return Interface({method.full_name: (method,)})


def routed(client: Schema, provider: Schema) -> bool:
    return client.file.package == provider.file.package


def travels(client: Schema, provider: Schema) -> Iterator[tuple[Schema, Schema]]:
    """Writer and reader of the request, and of the response."""
    yield client, provider
    yield provider, client


def broken(client: Schema, provider: Schema, random: Random, *, aimed: bool) -> Iterator[bool]:
    """Of messages that are sent, whether something breaks; `aimed` ones are made to show what is predicted."""
    for writer, reader in travels(client, provider):
        written = [complete(writer.new()), *(filled(writer.new(), random) for _ in range(VALUES))]
        if aimed:
            for outcome in wire.message_reads(writer.message(), reader.message()):
                if outcome.effect.breaks:
                    written += chain.from_iterable(aimed_at(outcome, writer, reader, random))
        for value in written:
            seen = seen_on_wire(with_bad_text(value), reader.new())
            yield any(effect.breaks for effect, _ in seen)


def must_be_shown(client: Schema, provider: Schema) -> bool:
    """Whether a predicted break is one that some message has to show."""
    for writer, reader in travels(client, provider):
        outcomes = wire.message_reads(writer.message(), reader.message())
        for outcome in outcomes:
            if outcome.effect.breaks and must_show(outcome, outcomes):
                aimed = aimed_at(outcome, writer, reader, Random(0))
                if any(aimed):
                    return True
    return False
