"""Calls: routing, streaming and the two messages of a method."""

from __future__ import annotations

import pytest

from compatcheck.reads.calls import CallOutcome, call_reads
from compatcheck.reads.effects import Effect, Surface
from compatcheck.reads.json import JsonSettings
from compatcheck.schema.model import Method, Type
from reads.schemas import MessageSpec, Spec, schema


def method(
    name: str = "Get",
    request: Type = Type.INT32,
    client_streaming: bool = False,
    server_streaming: bool = False,
) -> Method:
    made = schema(
        (MessageSpec("Ask", (Spec("a", 1, request),)), MessageSpec("Answer", (Spec("a", 1, Type.INT32),)))
    )
    package = made.file.package
    made.file.service.add(name="Shop").method.add(
        name=name,
        input_type=f".{package}.Ask",
        output_type=f".{package}.Answer",
        client_streaming=client_streaming,
        server_streaming=server_streaming,
    )
    for message in made.file.message_type:
        message.name += package
    made.file.package = "shop"
    for one in made.file.service[0].method:
        one.input_type, one.output_type = f".shop.Ask{package}", f".shop.Answer{package}"
    (service,) = made.universe.files[made.file.name].services
    return service.methods[0]


def seen(outcomes: tuple[CallOutcome, ...]) -> set[tuple[str, Surface, Effect]]:
    return {(one.side, one.surface, one.outcome.effect) for one in outcomes}


def test_a_method_with_messages_of_other_names_and_equal_shape_is_safe() -> None:
    assert call_reads(method(), method(), json=JsonSettings("reject")) == ()


@pytest.mark.parametrize("provider", [None, method("Fetch")], ids=["gone", "renamed"])
def test_a_path_that_is_not_served_cannot_be_routed(provider: Method | None) -> None:
    assert seen(call_reads(method(), provider)) == {("call", Surface.GRPC, Effect.UNROUTABLE)}


def test_a_unary_server_takes_only_the_first_message_of_a_stream_and_refuses_an_empty_one() -> None:
    unary, streaming = method(), method(client_streaming=True)
    lossy, rejected = call_reads(streaming, unary)
    assert seen((lossy,)) == {("request", Surface.GRPC, Effect.LOSSY)}
    assert seen((rejected,)) == {("request", Surface.GRPC, Effect.REJECTED)}
    assert call_reads(unary, streaming) == ()


def test_a_unary_client_takes_an_empty_stream_for_an_answer_and_fails_on_a_second_message() -> None:
    unary, streaming = method(), method(server_streaming=True)
    misread, rejected = call_reads(unary, streaming)
    assert seen((misread,)) == {("response", Surface.GRPC, Effect.MISREAD)}
    assert seen((rejected,)) == {("response", Surface.GRPC, Effect.REJECTED)}
    assert call_reads(streaming, unary) == ()


def test_json_is_judged_only_when_asked_for() -> None:
    client, provider = method(request=Type.STRING), method()
    assert seen(call_reads(client, provider)) == {("request", Surface.WIRE, Effect.DROPPED)}
    assert ("request", Surface.JSON, Effect.REJECTED) in seen(
        call_reads(client, provider, json=JsonSettings())
    )
