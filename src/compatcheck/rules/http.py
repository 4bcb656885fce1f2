"""Rules about a gateway's REST surface: routes, bodies, what is demanded of fields, types of operations."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.diff.changes import Added, OptionChanged
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Effect
from compatcheck.reads.http.bindings import HTTP, Binding, bindings
from compatcheck.reads.http.options import FIELD_BEHAVIOR, behaviors, operation_info
from compatcheck.rules.rule import rule
from compatcheck.rules.words import is_demanded, kind_of, numbered, type_of
from compatcheck.schema.model import Field, Method

_SHOWN = 3


@rule(OptionChanged, Aspect.HTTP)
def http_route_removed(change: OptionChanged) -> str | None:
    """A method gives up a route that REST clients use.

    REST clients call the verb and the path of a `google.api.http` binding. A gateway that is made from the new schema
    lacks the route, or a part of its paths, and answers old clients with an error such as 404 or 405; or another
    method answers. Native gRPC calls do not see the annotation.

    Help: Keep the old route as one of the `additional_bindings` until no live client uses it.
    """
    lost, come = _routes(change)
    if change.option != HTTP or not lost:
        return None
    unserved = [one for one in lost if _is_unserved(one, change.effects)]
    taken = [one for one in lost if one not in unserved]
    parts = [f"another method answers on {_listed(taken)} now"] if taken else []
    narrower = [one for one in _bindings(change)[1] if any(one.overlaps(other) for other in unserved)]
    if unserved and all(any(one.overlaps(other) for other in narrower) for one in unserved):
        parts.append(f"of {_listed(unserved)}, a new gateway serves {_listed(narrower)} only")
    elif unserved:
        now = f"; it serves {_listed(come)}" if come else ""
        parts.append(f"REST clients that use {_listed(unserved)} find no route at a new gateway{now}")
    return "; ".join(parts)


@rule(OptionChanged, Aspect.HTTP)
def http_route_added(change: OptionChanged) -> str | None:
    """A method gets another REST route.

    Until a gateway has the route, REST clients that were written for it get an error such as 404. Nothing that exists
    notices, but the order of deployment is no longer free.

    Help: Deploy gateways before the clients that use the route.
    """
    lost, come = _routes(change)
    if change.option != HTTP or lost or not come:
        return None
    return f"new gateways serve {_listed(come)}, old ones do not"


@rule(OptionChanged, Aspect.HTTP)
def http_path_variable_changed(change: OptionChanged) -> str | None:
    """What stands in the path of a REST request goes to another field.

    The route is served as before, but the gateway gives the value in the path to another field, or to none. If the
    field was renamed together with its number, it is the new name of the same thing; otherwise the new server takes
    the value of old REST clients for something else.

    Help: Bind the same field, and add a route for the new one.
    """
    if change.option != HTTP or any(_routes(change)):
        return None
    old, new = map(_listed, _bindings(change))
    return f"the path of REST requests is read as {new} now, it was {old}"


@rule(OptionChanged, Aspect.HTTP)
def http_body_changed(change: OptionChanged) -> str | None:
    """Another part of the request is the body of REST requests.

    `body` decides which fields travel in the body and which in the query. What old REST clients send in one place, a
    new gateway looks for in the other: it drops the value or rejects the request. The same holds for new clients at
    old gateways.

    Help: Add a route with the new `body` as one of the `additional_bindings`, and keep the old one as it is.
    """
    if change.option != f"{HTTP}.body":
        return None
    old, new = ([one.body for one in side] for side in _bindings(change))
    return f"the body of REST requests is {_bodies(new)} now, it was {_bodies(old)}"


@rule(OptionChanged, Aspect.HTTP)
def http_response_body_changed(change: OptionChanged) -> str | None:
    """Another part of the response is the body of REST responses.

    `response_body` names the field whose value is the JSON that REST clients get instead of the whole response. Old
    clients look for their fields on another level.

    Help: Add a route with the new `response_body` as one of the `additional_bindings`, and keep the old one as it is.
    """
    if change.option != f"{HTTP}.response_body":
        return None
    old, new = ([one.response_body or "*" for one in side] for side in _bindings(change))
    return f"the body of REST responses is {_bodies(new)} now, it was {_bodies(old)}"


@rule(Added[Field])
def field_behavior_required_added(change: Added[Field]) -> str | None:
    """A field is added that every request has to set.

    `google.api.field_behavior` says REQUIRED, which the binary format does not know and a server checks: it answers
    the requests of old clients, who do not know the field, with INVALID_ARGUMENT.

    Help: Add the field without REQUIRED and let the server take a default where it is not set.
    """
    if not is_demanded(change):
        return None
    field = change.new
    added = f"{kind_of(field)} {numbered(field)} of type `{type_of(field)}` is added as REQUIRED"
    return f"{added}: servers reject the requests of old clients, which lack it"


@rule(OptionChanged, Aspect.FIELD_BEHAVIOR)
def field_behavior_became_required(change: OptionChanged) -> str | None:
    """A field becomes one that every request has to set.

    `google.api.field_behavior` says REQUIRED now. A server that checks it answers requests without the field with
    INVALID_ARGUMENT; old clients were never told to set it. Nothing changes if servers demanded it all along and the
    annotation only comes later.

    Help: Let the server take a default where the field is not set.
    """
    if change.option == FIELD_BEHAVIOR or not isinstance(change.new, Field):
        return None
    field = f"{kind_of(change.new)} {numbered(change.new)}"
    return f"{field} is REQUIRED now: servers reject requests of old clients that leave it out"


@rule(OptionChanged, Aspect.FIELD_BEHAVIOR)
def field_behavior_changed(change: OptionChanged) -> str | None:
    """What servers do with a field in requests changes.

    By `google.api.field_behavior`, servers ignore what clients send in a field that is OUTPUT_ONLY, and do not let
    them change one that is IMMUTABLE; one that is INPUT_ONLY is not in responses. Where REQUIRED is taken away, new
    clients may leave out what old servers demand.

    Help: Ask whether live clients rely on the old behavior; the annotation may also just say what always was so.
    """
    if (
        change.option != FIELD_BEHAVIOR
        or not isinstance(change.old, Field)
        or not isinstance(change.new, Field)
    ):
        return None
    before, after = behaviors(change.old), behaviors(change.new)
    parts = (
        f"is {', '.join(sorted(after - before))} now" if after - before else "",
        f"is not {', '.join(sorted(before - after))} any more" if before - after else "",
    )
    return f"{kind_of(change.new)} {numbered(change.new)} {' and '.join(filter(None, parts))}"


@rule(OptionChanged, Aspect.OPERATION)
def operation_type_changed(change: OptionChanged) -> str | None:
    """A long-running operation ends with another type, or tells of its progress in another type.

    The result and the metadata of an operation travel in `google.protobuf.Any`, by the name of their type.
    `google.longrunning.operation_info` says which types these are; clients unpack just these and fail on another one.

    Help: Add fields to the type that is there, or add a method.
    """
    if not isinstance(change.old, Method) or not isinstance(change.new, Method):
        return None
    part = change.option.rpartition(".")[2]
    what = "metadata" if part == "metadata_type" else "result"
    before, after = (operation_info(one).get(part) for one in (change.old, change.new))
    now = f"is of type `{after}` now" if after else "has no type any more"
    return f"the {what} of the operation {now}, it was `{before}`"


def _bindings(change: OptionChanged) -> tuple[tuple[Binding, ...], tuple[Binding, ...]]:
    old, new = (bindings(one) if isinstance(one, Method) else () for one in (change.old, change.new))
    return old, new


def _routes(change: OptionChanged) -> tuple[list[Binding], list[Binding]]:
    """The routes that the new method does not serve, or not wholly, and those that the old one does not."""
    old, new = _bindings(change)
    lost = [one for one in old if not any(other.covers(one) for other in new)]
    come = [one for one in new if not any(other.covers(one) for other in old)]
    return lost, come


def _is_unserved(lost: Binding, effects: Iterable[DirectedEffect]) -> bool:
    """Whether no other method serves it: an effect is about all routes, or about one that its condition names."""
    return any(
        one.effect is Effect.UNROUTABLE
        and one.direction is Direction.BACKWARD
        and (not one.condition or f"`{lost.route}`" in one.condition)
        for one in effects
    )


def _bodies(names: Iterable[str]) -> str:
    """`*` is the whole message, an empty name nothing."""
    words = {"*": "the whole message", "": "empty"}
    return " or ".join(dict.fromkeys(words.get(name, f"`{name}`") for name in names))


def _listed(routes: Iterable[Binding]) -> str:
    quoted = [f"`{one.route}`" for one in routes]
    more = len(quoted) - _SHOWN
    return " and ".join([*quoted[:_SHOWN], f"{more} more"] if more > 0 else quoted)
