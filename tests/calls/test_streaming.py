"""Both axes of streaming on both sides: what a call of too few or too many messages comes to."""

from __future__ import annotations

from functools import cache
from itertools import product

import grpc
import pytest

from calls.said import follows, said
from calls.talk import PATIENCE, Version, talk, version
from compatcheck.reads.calls import call_reads
from compatcheck.reads.effects import Aspect, Effect
from compatcheck.rules.finding import Break

Axes = tuple[bool, bool]
"""Whether the client streams, whether the server does."""
Seen = tuple[Aspect, str, Effect]
"""On which axis, with how many messages, what happens."""

EVERY = tuple(product((False, True), repeat=2))
METHOD = "shop.v1.Carts.Put"
_HOW_MANY = {0: "no message", 1: "one message", 2: "more than one message"}
_HANGS = 0.5
"""Seconds given to a call that waits for ever in grpcio: a second message for a client that expects one."""


def text(axes: Axes) -> str:
    takes, answers = ("stream " if streams else "" for streams in axes)
    return f"""syntax = "proto3";
package shop.v1;
service Carts {{ rpc Put({takes}Item) returns ({answers}Item); }}
message Item {{ int32 number = 1; }}
"""


def name_of(axes: Axes) -> str:
    takes, answers = ("stream" if streams else "one" for streams in axes)
    return f"{takes}-for-{answers}"


@cache
def served(axes: Axes) -> Version:
    return version(text(axes))


@cache
def seen(client: Axes, server: Axes) -> frozenset[Seen]:
    """What happens with none, one and two messages on one axis while there is one on the other."""
    found: set[Seen] = set()
    for asked in (0, 1, 2) if client[0] else (1,):
        found.update(_called(client, server, asked, 1))
    for answered in (0, 2) if server[1] else ():
        found.update(_called(client, server, 1, answered))
    return frozenset(found)


def _called(client: Axes, server: Axes, asked: int, answered: int) -> set[Seen]:
    item = served(server).message("shop.v1.Item")
    requests = [served(client).message("shop.v1.Item")(number=number) for number in range(1, asked + 1)]
    responses = [item(number=number) for number in range(1, answered + 1)]
    hangs = answered > 1 and not client[1]
    call = talk(
        served(client), served(server), METHOD, requests, responses, patience=_HANGS if hangs else PATIENCE
    )
    if call.code is not grpc.StatusCode.OK:
        axis, count = (Aspect.SERVER_STREAMING, answered) if asked == 1 else (Aspect.CLIENT_STREAMING, asked)
        return {(axis, _HOW_MANY[count], Effect.REJECTED)}
    found = set()
    if [one.SerializeToString() for one in call.received] != [one.SerializeToString() for one in requests]:
        found.add((Aspect.CLIENT_STREAMING, _HOW_MANY[asked], Effect.LOSSY))
    if [one and one.SerializeToString() for one in call.got] != [
        one.SerializeToString() for one in responses
    ]:
        found.add((Aspect.SERVER_STREAMING, _HOW_MANY[answered], Effect.MISREAD))
    return found


@pytest.mark.parametrize("server", EVERY, ids=name_of)
@pytest.mark.parametrize("client", EVERY, ids=name_of)
def test_a_call_shows_what_is_predicted_for_each_number_of_messages(client: Axes, server: Axes) -> None:
    predicted = call_reads(served(client).methods[METHOD], served(server).methods[METHOD])
    assert {
        (one.outcome.aspect, one.outcome.condition.partition(" sends ")[2], one.outcome.effect)
        for one in predicted
    } == seen(client, server)
    assert {one.side for one in predicted} == {
        "request" if axis is Aspect.CLIENT_STREAMING else "response" for axis, _, _ in seen(client, server)
    }


@pytest.mark.parametrize("new", EVERY, ids=name_of)
@pytest.mark.parametrize("old", EVERY, ids=name_of)
def test_the_check_names_whom_the_calls_break_and_the_order_that_follows(old: Axes, new: Axes) -> None:
    broken = set()
    if seen(old, new):
        broken.add(Break.OLD_CLIENT_NEW_SERVER)
    if seen(new, old):
        broken.add(Break.NEW_CLIENT_OLD_SERVER)
    assert said(text(old), text(new)) == follows(broken)
