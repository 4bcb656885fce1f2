"""Rules about services and their methods."""

from __future__ import annotations

from compatcheck.diff.changes import Added, Changed, Removed
from compatcheck.reads.effects import Aspect
from compatcheck.rules.rule import rule
from compatcheck.schema.model import Method, Service


@rule(Added[Service])
def service_added(change: Added[Service]) -> str:
    """A service is added.

    Until a server has it, every call of a client that was written for it ends as UNIMPLEMENTED. Nothing that
    exists notices, but the order of deployment is no longer free.

    Help: Deploy servers before the clients that call it.
    """
    return f"service `{change.new.full_name}` is added"


@rule(Removed[Service])
def service_removed(change: Removed[Service]) -> str:
    """A service is removed.

    Every call of an old client ends as UNIMPLEMENTED at a new server.

    Help: Keep serving it until no live client calls it.
    """
    return f"service `{change.old.full_name}` is removed"


@rule(Changed[Service], Aspect.NAME)
def service_renamed(change: Changed[Service]) -> str:
    """A service is renamed.

    Its name is part of the path of every call, so clients and servers of different versions no longer find each
    other: calls end as UNIMPLEMENTED in both directions.

    Help: Serve both names until every client has moved, then remove the old one.
    """
    return f"service `{change.old.full_name}` is called `{change.new.full_name}` now"


@rule(Added[Method])
def method_added(change: Added[Method]) -> str:
    """A method is added.

    Until a server has it, every call of a client that was written for it ends as UNIMPLEMENTED. Nothing that
    exists notices, but the order of deployment is no longer free.

    Help: Deploy servers before the clients that call it.
    """
    return f"method `{change.new.full_name}` is added"


@rule(Removed[Method])
def method_removed(change: Removed[Method]) -> str:
    """A method is removed or renamed.

    Every call of an old client ends as UNIMPLEMENTED at a new server.

    Help: Keep serving it until no live client calls it.
    """
    return f"method `{change.old.full_name}` is removed"


@rule(Changed[Method], Aspect.REQUEST)
def method_request_type_changed(change: Changed[Method]) -> str:
    """A method takes another message as its request.

    The name of the type is not sent; what counts is whether the two messages read each other, field by field.
    Code that builds the request has to change in any case.

    Help: Add fields to the request that is there, or add a method.
    """
    old, new = change.old, change.new
    return f"method `{new.full_name}` takes `{new.request_name}` now, it took `{old.request_name}`"


@rule(Changed[Method], Aspect.RESPONSE)
def method_response_type_changed(change: Changed[Method]) -> str:
    """A method answers with another message.

    The name of the type is not sent; what counts is whether the two messages read each other, field by field.
    Code that reads the response has to change in any case.

    Help: Add fields to the response that is there, or add a method.
    """
    old, new = change.old, change.new
    return f"method `{new.full_name}` returns `{new.response_name}` now, it returned `{old.response_name}`"


@rule(Changed[Method], Aspect.CLIENT_STREAMING)
def method_client_streaming_changed(change: Changed[Method]) -> str:
    """A method changes whether its client sends one request or a stream.

    A server that expects one request closes the call at the second, or silently uses the first only; it refuses a
    stream without any. One request sent to a streaming server is fine.

    Help: Add a method for the stream.
    """
    now = "a stream of requests" if change.new.client_streaming else "a single request"
    return f"method `{change.new.full_name}` takes {now} now"


@rule(Changed[Method], Aspect.SERVER_STREAMING)
def method_server_streaming_changed(change: Changed[Method]) -> str:
    """A method changes whether its server answers once or with a stream.

    A client that expects one response fails at the second, or waits for its deadline; a stream without any looks
    like an answer to some clients. One response sent to a streaming client is fine.

    Help: Add a method for the stream.
    """
    now = "a stream of responses" if change.new.server_streaming else "a single response"
    return f"method `{change.new.full_name}` answers with {now} now"
