"""Calls: what a client at one version and a provider at another make of one method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from compatcheck.reads import json as json_reads
from compatcheck.reads import wire
from compatcheck.reads.effects import Aspect, Effect, Outcome, Outcomes, Surface
from compatcheck.reads.graph import Memo
from compatcheck.reads.json import JsonSettings
from compatcheck.schema.model import Message, Method

Side = Literal["request", "response", "call"]
"""A part of a call: what the client sends, what the server answers, or the call itself."""


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """An outcome of a call: on the call as a whole, or on the reader of its request or response."""

    side: Side
    surface: Surface
    outcome: Outcome


def call_reads(
    client: Method,
    provider: Method | None,
    memo: Memo | None = None,
    json: JsonSettings | None = None,
    json_memo: Memo | None = None,
) -> tuple[CallOutcome, ...]:
    """What becomes of a call of the client's method; `provider` is the method served, None if there is none.

    The path decides; the names of the request's and response's types do not matter. JSON is judged only if
    `json` is given. A memo may be shared between all schemas, `json_memo` only between equal settings.
    """
    if provider is None:
        return (_unroutable(Aspect.EXISTENCE),)
    if provider.path != client.path:
        return (_unroutable(Aspect.NAME),)
    outcomes = [
        CallOutcome(
            "request" if outcome.aspect is Aspect.CLIENT_STREAMING else "response", Surface.GRPC, outcome
        )
        for outcome in streaming_reads(client, provider)
    ]
    travels: tuple[tuple[Side, Message, Message], ...] = (
        ("request", client.request, provider.request),
        ("response", provider.response, client.response),
    )
    for side, writer, reader in travels:
        found = wire.message_reads(writer, reader, memo)
        outcomes.extend(CallOutcome(side, Surface.WIRE, outcome) for outcome in found)
        if json is not None:
            found = json_reads.message_reads(writer, reader, json, json_memo)
            outcomes.extend(CallOutcome(side, Surface.JSON, outcome) for outcome in found)
    return tuple(outcomes)


def streaming_reads(client: Method, provider: Method) -> Outcomes:
    """What the two streaming axes do to a call; the aspects tell them apart.

    Measured with grpcio 1.85 and grpc-js, judged by the quietest. A unary server takes the first message of a
    stream and answers OK in grpcio, others close the call; a stream without a message is refused. A unary client
    gets OK and nothing from a stream without a message, and fails or waits for ever on a second one. A single
    message where a stream is expected is a stream of one.
    """
    return tuple(_streaming(client, provider))


def _streaming(client: Method, provider: Method) -> Iterator[Outcome]:
    if client.client_streaming and not provider.client_streaming:
        aspect = Aspect.CLIENT_STREAMING
        yield Outcome(Effect.LOSSY, aspect, "only when the client sends more than one message")
        yield Outcome(Effect.REJECTED, aspect, "only when the client sends no message")
    if provider.server_streaming and not client.server_streaming:
        aspect = Aspect.SERVER_STREAMING
        yield Outcome(Effect.MISREAD, aspect, "only when the server sends no message")
        yield Outcome(Effect.REJECTED, aspect, "only when the server sends more than one message")


def _unroutable(aspect: Aspect) -> CallOutcome:
    return CallOutcome("call", Surface.GRPC, Outcome(Effect.UNROUTABLE, aspect))
