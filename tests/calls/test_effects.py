"""An effect of each kind, in requests and in responses: what the other end of a real call makes of a message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import grpc
import pytest
from google.protobuf import text_format
from google.protobuf.any_pb2 import Any as AnyValue
from google.protobuf.message import Message as Value

from calls.said import follows, said
from calls.talk import Version, talk, version
from checking import checked
from compatcheck.config import Config
from compatcheck.reads.calls import Side, call_reads
from compatcheck.reads.effects import Direction, Effect, Surface
from compatcheck.rules.finding import Break
from reads.observed import compare, fields_of

METHOD = "shop.v1.Carts.Put"
ITEM = "shop.v1.Item"
_OPEN = "enum Kind { KIND_NONE = 0; KIND_GIFT = 1; "
_ANY = 'import "google/protobuf/any.proto";'


@dataclass(frozen=True)
class Row:
    """A message before and after, values of both sides in text format, and the effects, `safe` being none."""

    old: str
    new: str
    old_values: tuple[str, ...]
    new_values: tuple[str, ...]
    backward: frozenset[Effect]
    forward: frozenset[Effect]
    syntax: str = "proto3"


def effects(*found: Effect) -> frozenset[Effect]:
    return frozenset(found)


SAFE = effects()
ROWS = {
    "safe": Row(
        "message Item { repeated int32 n = 1; }",
        "message Item { repeated int32 n = 1 [packed = false]; }",
        ("n: 1 n: -2", "n: 300"),
        ("n: 1 n: -2", "n: 300"),
        SAFE,
        SAFE,
    ),
    "relabelled": Row(
        "message Item { int32 price = 1; }",
        "message Item { int32 weight = 1; }",
        ("price: 7",),
        ("weight: 7",),
        effects(Effect.RELABELLED),
        effects(Effect.RELABELLED),
    ),
    "ignored and absent": Row(
        "message Item { int32 n = 1; string note = 2; }",
        "message Item { int32 n = 1; }",
        ("n: 1 note: 'a'",),
        ("n: 1",),
        effects(Effect.IGNORED),
        effects(Effect.ABSENT),
    ),
    "presence-lost": Row(
        "message Item { optional int32 n = 1; }",
        "message Item { int32 n = 1; }",
        ("n: 0", "n: 5"),
        ("n: 5",),
        effects(Effect.PRESENCE_LOST),
        SAFE,
    ),
    "unnamed": Row(
        f"message Item {{ Kind kind = 1; }} {_OPEN} }}",
        f"message Item {{ Kind kind = 1; }} {_OPEN} KIND_LOAN = 2; }}",
        ("kind: KIND_GIFT",),
        ("kind: KIND_GIFT", "kind: KIND_LOAN"),
        SAFE,
        effects(Effect.UNNAMED),
    ),
    "dropped": Row(
        "message Item { int32 n = 1; }",
        "message Item { string n = 1; }",
        ("n: 7",),
        ("n: 'seven'",),
        effects(Effect.DROPPED),
        effects(Effect.DROPPED),
    ),
    "dropped by a closed enum": Row(
        "message Item { optional Kind kind = 1; } enum Kind { NONE = 0; GIFT = 1; }",
        "message Item { optional Kind kind = 1; } enum Kind { NONE = 0; GIFT = 1; LOAN = 2; }",
        ("kind: GIFT",),
        ("kind: GIFT", "kind: LOAN"),
        SAFE,
        effects(Effect.DROPPED),
        "proto2",
    ),
    "default-changed": Row(
        "message Item { optional int32 n = 1 [default = 1]; }",
        "message Item { optional int32 n = 1 [default = 2]; }",
        ("", "n: 7"),
        ("", "n: 7"),
        effects(Effect.DEFAULT_CHANGED),
        effects(Effect.DEFAULT_CHANGED),
        "proto2",
    ),
    "lossy": Row(
        "message Item { int64 n = 1; }",
        "message Item { int32 n = 1; }",
        ("n: 5", "n: 4294967297"),
        ("n: 5", "n: -5"),
        effects(Effect.LOSSY),
        SAFE,
    ),
    "lost": Row(
        "message Item { optional int32 a = 1; optional int32 b = 2; }",
        "message Item { oneof one { int32 a = 1; int32 b = 2; } }",
        ("a: 1", "b: 2", "a: 1 b: 2"),
        ("a: 1", "b: 2"),
        effects(Effect.LOST),
        SAFE,
    ),
    "misread": Row(
        "message Item { int32 n = 1; }",
        "message Item { sint32 n = 1; }",
        ("n: 1", "n: 6"),
        ("n: 1", "n: 6"),
        effects(Effect.MISREAD),
        effects(Effect.MISREAD),
    ),
    "misread, two numbers swapped": Row(
        "message Item { int32 gross = 1; int32 net = 2; }",
        "message Item { int32 net = 1; int32 gross = 2; }",
        ("gross: 3 net: 4", "gross: 5 net: 6"),
        ("gross: 3 net: 4", "gross: 5 net: 6"),
        effects(Effect.MISREAD),
        effects(Effect.MISREAD),
    ),
    "rejected": Row(
        "message Item { bytes n = 1; }",
        "message Item { string n = 1; }",
        ("n: 'a'", r"n: '\xff'"),
        ("n: 'a'",),
        effects(Effect.REJECTED),
        SAFE,
    ),
    "unresolvable": Row(
        f"{_ANY} message Item {{ google.protobuf.Any any = 1; }} message Note {{ int32 n = 1; }}",
        f"{_ANY} message Item {{ google.protobuf.Any any = 1; }} message Memo {{ int32 n = 1; }}",
        ("any { [type.googleapis.com/shop.v1.Note] { n: 1 } }",),
        ("any { [type.googleapis.com/shop.v1.Memo] { n: 1 } }",),
        effects(Effect.UNRESOLVABLE),
        effects(Effect.UNRESOLVABLE),
    ),
}
# No schema says what travels in an `Any`: of a call alone nothing can be predicted.
PREDICTED = [name for name in ROWS if name != "unresolvable"]


def text(row: Row, body: str, side: Side) -> str:
    """The changed message travels on one side of the call, an empty one on the other."""
    ask, answer = ("Item", "Empty") if side == "request" else ("Empty", "Item")
    service = f"service Carts {{ rpc Put({ask}) returns ({answer}); }}\nmessage Empty {{}}\n"
    start = body.rindex(";", 0, body.index("message")) + 1 if body.startswith("import") else 0
    return f'syntax = "{row.syntax}";\npackage shop.v1;\n{body[:start]}\n{service}{body[start:]}\n'


@cache
def versions(row: Row, side: Side) -> tuple[Version, Version]:
    return version(text(row, row.old, side)), version(text(row, row.new, side))


@cache
def shown(client: Version, server: Version, side: Side, values: tuple[str, ...]) -> frozenset[Effect]:
    """What the reader's end of a call makes of each value. LOSSY is a change of some values, MISREAD of all."""
    writer, reader = (client, server) if side == "request" else (server, client)
    each = [_shown(client, server, side, written(writer, value), reader) for value in values]
    found = frozenset[Effect]().union(*each)
    if Effect.MISREAD in found and not all(Effect.MISREAD in one for one in each):
        return found - {Effect.MISREAD} | {Effect.LOSSY}
    return found


def _shown(client: Version, server: Version, side: Side, sent: Value, reader: Version) -> set[Effect]:
    empty_client, empty_server = (one.message("shop.v1.Empty")() for one in (client, server))
    requests, responses = ([sent], [empty_server]) if side == "request" else ([empty_client], [sent])
    call = talk(client, server, METHOD, requests, responses)
    if call.code is not grpc.StatusCode.OK:
        assert call.code is grpc.StatusCode.INTERNAL
        # The server took the request, and it is the client that cannot read the response, or it did not.
        assert len(call.received) == (0 if side == "request" else 1)
        return {Effect.REJECTED}
    (read,) = call.received if side == "request" else call.got
    assert read is not None
    found = {effect for effect, _ in compare(sent, read, ())}
    sent_numbers = {field.number for field in fields_of(sent)}
    if any(field.number not in sent_numbers for field in fields_of(read)):
        found.add(Effect.ABSENT)
    if any(not _resolves(value, reader) for _, value in read.ListFields() if _is_any(value)):
        found.add(Effect.UNRESOLVABLE)
    return found


def written(version: Version, value: str) -> Value:
    return text_format.Parse(value, version.message(ITEM)(), descriptor_pool=version.pool)


def _is_any(value: object) -> bool:
    return isinstance(value, Value) and value.DESCRIPTOR.full_name == "google.protobuf.Any"


def _resolves(value: Value, reader: Version) -> bool:
    packed = AnyValue.FromString(value.SerializeToString())
    try:
        reader.pool.FindMessageTypeByName(packed.TypeName())
    except KeyError:
        return False
    return True


def pairs(
    row: Row, side: Side
) -> Iterator[tuple[Break, Version, Version, tuple[str, ...], frozenset[Effect]]]:
    """Both pairs of a client and a server, with what is written and the effects that the row expects."""
    old, new = versions(row, side)
    backward, forward = (row.old_values, row.backward), (row.new_values, row.forward)
    by_client = (backward, forward) if side == "request" else (forward, backward)
    yield Break.OLD_CLIENT_NEW_SERVER, old, new, *by_client[0]
    yield Break.NEW_CLIENT_OLD_SERVER, new, old, *by_client[1]


@pytest.mark.parametrize("side", ["request", "response"])
@pytest.mark.parametrize("name", ROWS)
def test_the_other_end_of_a_call_shows_the_effect(name: str, side: Side) -> None:
    for _, client, server, values, expected in pairs(ROWS[name], side):
        assert shown(client, server, side, values) == expected


@pytest.mark.parametrize("side", ["request", "response"])
@pytest.mark.parametrize("name", PREDICTED)
def test_the_effect_that_a_call_shows_is_predicted_for_its_side(name: str, side: Side) -> None:
    for _, client, server, values, _ in pairs(ROWS[name], side):
        predicted = call_reads(client.methods[METHOD], server.methods[METHOD])
        assert {one.side for one in predicted} <= {side}
        assert {one.outcome.effect for one in predicted} == shown(client, server, side, values)


@pytest.mark.parametrize("side", ["request", "response"])
@pytest.mark.parametrize("name", PREDICTED)
def test_the_check_names_whom_the_calls_break_and_the_order_that_follows(name: str, side: Side) -> None:
    row = ROWS[name]
    broken = {
        who
        for who, client, server, values, _ in pairs(row, side)
        if any(effect.breaks for effect in shown(client, server, side, values))
    }
    assert said(text(row, row.old, side), text(row, row.new, side)) == follows(broken)


@pytest.mark.parametrize("side", ["request", "response"])
def test_the_check_tells_of_a_type_in_any_what_the_calls_show(side: Side) -> None:
    row, config = ROWS["unresolvable"], Config(travels_in_any=("shop.v1.*",))
    texts = text(row, row.old, side), text(row, row.new, side)
    on_the_wire = {
        (effect.direction, effect.effect, effect.condition)
        for finding in checked(*texts, config).findings
        for effect in finding.effects
        if effect.surface is Surface.WIRE
    }
    assert on_the_wire == {(direction, Effect.UNRESOLVABLE, "") for direction in Direction}
    assert said(*texts, config) == follows(set(Break))


def test_the_rows_and_the_paths_have_every_effect() -> None:
    found = {effect for row in ROWS.values() for effect in row.backward | row.forward}
    assert found == set(Effect) - {Effect.SAFE, Effect.UNROUTABLE}
