"""REST: what a client written for the annotations of one schema meets at a gateway of another one.

By google/api/http.proto, as grpc-gateway, Envoy and ESPv2 behave: a route is a verb and a path; what the path does
not say of the request is in the body or in the query; the response is JSON, or one field of it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from compatcheck.reads import json
from compatcheck.reads.effects import Aspect, Effect, Outcome
from compatcheck.reads.http.template import Template, Variable, parse
from compatcheck.schema.model import Field, Message, Method, OptionValue

HTTP = "google.api.http"
_VERBS = ("get", "put", "post", "delete", "patch")
_ANY_VERB = _WHOLE = "*"

Part = Literal["pattern", "body", "response_body"]
"""What of a binding an outcome comes from, by its name in `google.api.HttpRule`; `pattern` has verb and path."""


RouteKey = tuple[str, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Binding:
    """A route that a gateway serves, and where request and response travel in it."""

    verb: str
    """`GET`, another verb, or `*` for all."""
    path: str
    template: Template
    body: str
    """The field of the request that is the body, `*` for all that the path does not say, empty for none."""
    response_body: str
    """The field of the response that is the body, empty for the whole."""

    @property
    def route(self) -> str:
        return f"{self.verb} {self.path}"

    @property
    def key(self) -> RouteKey:
        """Equal for bindings that serve the same requests, whatever their variables and bodies are."""
        return self.verb, *self.template.key

    def is_same_route(self, other: Binding) -> bool:
        return self.key == other.key

    def covers(self, other: Binding) -> bool:
        """Whether it serves all requests that the other serves."""
        return self.verb in (other.verb, _ANY_VERB) and self.template.covers(other.template)

    def overlaps(self, other: Binding) -> bool:
        """Whether there is a request that both serve."""
        verbs = self.verb == other.verb or _ANY_VERB in (self.verb, other.verb)
        return verbs and self.template.overlaps(other.template)


@dataclass(frozen=True, slots=True)
class RestOutcome:
    part: Part
    outcome: Outcome


Served = tuple[Method, Binding]
Gateway = Callable[[RouteKey], Iterable[Served]]
"""Who serves just the requests of a key, in the order of the schema."""


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A binding of the client's and the one of the gateway that serves it, maybe of another method."""

    client: Method
    used: Binding
    provider: Method
    serving: Binding


def bindings(method: Method) -> tuple[Binding, ...]:
    """The routes of a method, none if it has no annotation."""
    if not method.has_http:
        return ()
    rule = method.place.options.get(HTTP)
    return tuple(_bindings(rule)) if rule is not None else ()


def http_reads(
    client: Method, provider: Method | None, gateway: Gateway = lambda _: ()
) -> tuple[RestOutcome, ...]:
    """What a REST client of a method meets; `provider` is the method that the gateway has by that name.

    REST clients do not know that name, and another method may answer: `gateway` knows the routes of them all.
    """
    used = bindings(client)
    outcomes: list[RestOutcome] = []
    lost: list[RestOutcome] = []
    for binding in used:
        meeting = _serving(client, binding, provider, gateway)
        if meeting is None:
            lost.append(RestOutcome("pattern", _outcome(Effect.UNROUTABLE, f"only for `{binding.route}`")))
        elif not meeting.serving.covers(binding):
            condition = f"only for `{binding.route}` where `{meeting.serving.route}` does not match"
            outcomes.append(RestOutcome("pattern", _outcome(Effect.UNROUTABLE, condition)))
        else:
            outcomes += _travels(meeting)
            if meeting.provider is not provider:
                # A method that is still there did not just take another name.
                outcomes += tuple(_stranger(meeting)) or (_taken_over(meeting),) * (provider is not None)
    if lost and len(lost) == len(used):
        lost = [RestOutcome("pattern", _outcome(Effect.UNROUTABLE))]
    return tuple(dict.fromkeys((*lost, *outcomes)))


def always_in_path(field: Field, methods: Iterable[Method]) -> bool:
    """Whether REST clients of all these methods, which take the message of the field, cannot leave it out."""
    routes = [bindings(method) for method in methods]
    return bool(routes) and all(
        of_method
        and all(any(one.field == field.name for one in route.template.variables) for route in of_method)
        for of_method in routes
    )


def _bindings(rule: OptionValue) -> Iterator[Binding]:
    if not isinstance(rule, Mapping):
        return
    for verb, path in _patterns(rule):
        yield Binding(verb, path, parse(path), _text(rule, "body"), _text(rule, "response_body"))
    more = rule.get("additional_bindings", ())
    if isinstance(more, tuple):
        for one in more:
            yield from _bindings(one)


def _patterns(rule: Mapping[str, OptionValue]) -> Iterator[tuple[str, str]]:
    for verb in _VERBS:
        if verb in rule:
            yield verb.upper(), _text(rule, verb)
    custom = rule.get("custom")
    if isinstance(custom, Mapping):
        yield _text(custom, "kind"), _text(custom, "path")


def _text(values: Mapping[str, OptionValue], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def _serving(client: Method, used: Binding, provider: Method | None, gateway: Gateway) -> _Meeting | None:
    """What serves most of a route: exactly it, or all of it, or a part of it.

    Another method takes it over only with just this route: a wider one of another resource matches by accident.
    """
    own = bindings(provider) if provider is not None else ()
    for fits in (Binding.is_same_route, Binding.covers, Binding.overlaps):
        for serving in own:
            if provider is not None and fits(serving, used):
                return _Meeting(client, used, provider, serving)
        if fits is Binding.is_same_route:
            for other, serving in gateway(used.key):
                return _Meeting(client, used, other, serving)
    return None


def _travels(meeting: _Meeting) -> Iterator[RestOutcome]:
    """What the path, the body and the response say to the other side."""
    for outcome in _captures(meeting):
        yield RestOutcome("pattern", outcome)
    body = _body(meeting)
    if body is not None:
        yield RestOutcome("body", body)
    responses = meeting.client.response, meeting.provider.response
    response = _only_field(meeting.used.response_body, meeting.serving.response_body, *responses)
    if response is not None:
        yield RestOutcome("response_body", response)


def _captures(meeting: _Meeting) -> Iterator[Outcome]:
    """A value in the path that goes to another field: as with a rename, a schema cannot tell what it means there."""
    requests = meeting.client.request, meeting.provider.request
    serving = meeting.serving.template.variables
    for one in meeting.used.template.variables:
        taker = next((other for other in serving if _overlap(one, other)), None)
        if taker is None:
            yield _outcome(Effect.DROPPED, f"only `{one.field}`, which stands in the path")
        elif _same_field(one.field, taker.field, *requests):
            if one.start != taker.start or one.end not in (taker.end, None):
                yield _outcome(Effect.RELABELLED, f"only `{one.field}`, of which another part is in the path")
        elif any(_same_field(one.field, other.field, *requests) for other in serving):
            yield _outcome(Effect.MISREAD, f"only `{one.field}`, which is taken for `{taker.field}`")
        else:
            yield _outcome(Effect.RELABELLED, f"only `{one.field}`, which is taken for `{taker.field}`")


def _overlap(one: Variable, other: Variable) -> bool:
    return (one.end is None or other.start < one.end) and (other.end is None or one.start < other.end)


def _body(meeting: _Meeting) -> Outcome | None:
    sent, expected = meeting.used.body, meeting.serving.body
    if not sent:
        asked = _in_query(meeting, expected)
        return _outcome(Effect.DROPPED, f"only when the query has {asked}") if asked else None
    if not expected:
        return _outcome(Effect.DROPPED) if _beside_path(meeting) or sent != _WHOLE else None
    return _only_field(sent, expected, meeting.client.request, meeting.provider.request)


def _in_query(meeting: _Meeting, expected: str) -> str:
    """What a client without a body sends in the query although it is expected in the body; empty if nothing."""
    names = [field.name for field in _beside_path(meeting)]
    if expected == _WHOLE:
        return "any field" if names else ""
    return f"`{expected}`" if expected in names else ""


def _beside_path(meeting: _Meeting) -> list[Field]:
    in_path = {one.field for one in meeting.used.template.variables}
    return [field for field in meeting.client.request.fields if field.name not in in_path]


def _only_field(sent: str, expected: str, one: Message, other: Message) -> Outcome | None:
    """What becomes of a JSON body that is the whole message (`*` or empty), or one field of it."""
    if sent == expected or _same_field(sent, expected, one, other):
        return None
    before, after = one.names.get(sent), other.names.get(expected)
    if before is not None and after is not None and _same_form(before, after):
        return _outcome(Effect.RELABELLED)
    return _outcome(Effect.REJECTED)


def _same_form(one: Field, other: Field) -> bool:
    return (one.type, one.type_name, one.repeats) == (other.type, other.type_name, other.repeats)


def _same_field(one: str, other: str, message: Message, other_message: Message) -> bool:
    """Whether two paths lead to one field: by their names, or by their numbers if it was renamed."""
    if one == other:
        return True
    numbers = _numbers(one, message)
    return numbers is not None and numbers == _numbers(other, other_message)


def _numbers(path: str, message: Message) -> tuple[int, ...] | None:
    """The numbers of the fields on a path; None if the message has no such path."""
    numbers: list[int] = []
    inner: Message | None = message
    for name in path.split("."):
        field = inner.names.get(name) if inner is not None else None
        if field is None:
            return None
        numbers.append(field.number)
        inner = field.message if field.holds_message else None
    return tuple(numbers)


def _stranger(meeting: _Meeting) -> Iterator[RestOutcome]:
    """Another method answers on the route: its messages are read as those of the client's."""
    client, provider = meeting.client, meeting.provider
    for writer, reader in ((client.request, provider.request), (provider.response, client.response)):
        if writer.full_name == reader.full_name:
            # What changed inside is told there.
            continue
        for one in json.message_reads(writer, reader):
            if one.effect.breaks:
                yield RestOutcome("pattern", Outcome(one.effect, Aspect.HTTP, one.condition, one.path))


def _taken_over(meeting: _Meeting) -> RestOutcome:
    condition = f"only for `{meeting.used.route}`, where `{meeting.provider.full_name}` answers"
    return RestOutcome("pattern", _outcome(Effect.RELABELLED, condition))


def _outcome(effect: Effect, condition: str = "") -> Outcome:
    return Outcome(effect, Aspect.HTTP, condition)
