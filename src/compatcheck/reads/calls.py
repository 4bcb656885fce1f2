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

    Measured with grpcio and grpc-js. A unary server takes only the first message of a stream and answers OK
    in grpcio, other servers close the call; judged by the quietest. A single message where a stream is
    expected is a stream of one.
    """
    return tuple(_streaming(client, provider))


def _streaming(client: Method, provider: Method) -> Iterator[Outcome]:
    if client.client_streaming and not provider.client_streaming:
        yield Outcome(
            Effect.LOSSY, Aspect.CLIENT_STREAMING, "only when the client sends more than one message"
        )
    if provider.server_streaming and not client.server_streaming:
        condition = "only when the server does not send exactly one message"
        yield Outcome(Effect.REJECTED, Aspect.SERVER_STREAMING, condition)


def _unroutable(aspect: Aspect) -> CallOutcome:
    return CallOutcome("call", Surface.GRPC, Outcome(Effect.UNROUTABLE, aspect))
