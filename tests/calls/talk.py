"""Real gRPC calls between a client of one schema and a server of another, both made of `.proto` text at run time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message as Value
from google.protobuf.message_factory import GetMessageClass

from checking import Texts, source
from compatcheck.schema.build import build
from compatcheck.schema.loaded import LoadedSide
from compatcheck.schema.loading.load import load
from compatcheck.schema.model import Method
from compatcheck.schema.walk import methods_of
from compatcheck.source.snapshot import empty

PATIENCE = 30.0
"""Seconds for a call that ends by itself."""
_UNPROXIED = (("grpc.enable_http_proxy", 0),)


@dataclass(frozen=True, eq=False)
class Version:
    """A service at one version: its methods by full name, and the classes of its messages."""

    side: LoadedSide

    @cached_property
    def methods(self) -> dict[str, Method]:
        return {method.full_name: method for file in build(self.side).files for method in methods_of(file)}

    @cached_property
    def pool(self) -> DescriptorPool:
        pool = DescriptorPool()
        (universe,) = self.side.universes
        for data in universe.descriptors.values():
            pool.AddSerializedFile(data)
        return pool

    def message(self, full_name: str) -> type[Value]:
        return GetMessageClass(self.pool.FindMessageTypeByName(full_name))


def version(texts: Texts) -> Version:
    loaded = load(empty("nothing"), source(texts))
    assert not loaded.unknown, loaded.unknown
    return Version(loaded.new)


@dataclass
class Talk:
    """A call as both ends saw it."""

    received: list[Value] = field(default_factory=list)
    """What the server got."""
    got: list[Value | None] = field(default_factory=list)
    """What the client got; None where its library says that all is well and has no message."""
    code: grpc.StatusCode = grpc.StatusCode.OK


def talk(
    client: Version,
    server: Version,
    method: str,
    requests: Sequence[Value],
    responses: Sequence[Value],
    patience: float = PATIENCE,
) -> Talk:
    """The client calls its method `method`; the server answers with `responses` whatever it is asked.

    `patience` in seconds is what the client waits for the end of the call.
    """
    seen = Talk()
    with _served(server, responses, seen) as address, grpc.insecure_channel(address, _UNPROXIED) as channel:
        try:
            seen.got.extend(_answers(channel, client, client.methods[method], requests, patience))
        except grpc.RpcError as error:
            seen.code = cast(grpc.Call, error).code()
    return seen


def _answers(
    channel: grpc.Channel, client: Version, method: Method, requests: Sequence[Value], patience: float
) -> Iterator[Value | None]:
    path, write, parse = method.path, _written, client.message(method.response_name).FromString
    if method.client_streaming and method.server_streaming:
        yield from channel.stream_stream(path, write, parse)(iter(requests), timeout=patience)
    elif method.client_streaming:
        yield channel.stream_unary(path, write, parse)(iter(requests), timeout=patience)
    elif method.server_streaming:
        yield from channel.unary_stream(path, write, parse)(requests[0], timeout=patience)
    else:
        yield channel.unary_unary(path, write, parse)(requests[0], timeout=patience)


@contextmanager
def _served(version: Version, responses: Sequence[Value], seen: Talk) -> Iterator[str]:
    """A server of every method of a version, at an address of its own."""
    with ThreadPoolExecutor(1) as threads:
        server = grpc.server(threads, options=_UNPROXIED)
        for method in version.methods.values():
            service, name = method.path[1:].split("/")
            handlers = {name: _handler(version, method, responses, seen)}
            server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            server.stop(None).wait(PATIENCE)


def _handler(
    version: Version, method: Method, responses: Sequence[Value], seen: Talk
) -> grpc.RpcMethodHandler[Value, Value]:
    parse = version.message(method.request_name).FromString

    def one(request: Value, _: grpc.ServicerContext) -> Value:
        seen.received.append(request)
        return responses[0]

    def many(request: Value, _: grpc.ServicerContext) -> Iterator[Value]:
        seen.received.append(request)
        yield from responses

    def one_for_all(requests: Iterator[Value], _: grpc.ServicerContext) -> Value:
        seen.received.extend(requests)
        return responses[0]

    def many_for_all(requests: Iterator[Value], _: grpc.ServicerContext) -> Iterator[Value]:
        seen.received.extend(requests)
        yield from responses

    if method.client_streaming and method.server_streaming:
        return grpc.stream_stream_rpc_method_handler(many_for_all, parse, _written)
    if method.client_streaming:
        return grpc.stream_unary_rpc_method_handler(one_for_all, parse, _written)
    if method.server_streaming:
        return grpc.unary_stream_rpc_method_handler(many, parse, _written)
    return grpc.unary_unary_rpc_method_handler(one, parse, _written)


def _written(message: Value) -> bytes:
    return message.SerializePartialToString()
