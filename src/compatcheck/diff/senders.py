"""Which messages clients send, and which fields of them REST clients cannot leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from compatcheck.reads.http.bindings import always_in_path
from compatcheck.reads.http.options import behaviors
from compatcheck.schema.model import Field, Message, Method, Schema
from compatcheck.schema.walk import methods_of


class Senders:
    """Which messages clients send in one schema."""

    def __init__(self, schema: Schema) -> None:
        methods = [method for file in schema.files for method in methods_of(file)]
        self._methods: dict[str, list[Method]] = {}
        for method in methods:
            self._methods.setdefault(method.request_name, []).append(method)
        self._inside_requests = _below((method.request for method in methods), _is_input)
        self._reached = {name for method in methods for name in (method.request_name, method.response_name)}
        self._reached |= _below(one for method in methods for one in (method.request, method.response))

    def send(self, field: Field) -> bool:
        """Whether its message is a request, or stands in one where servers do not ignore it."""
        holder = _holder(field)
        return holder in self._methods or holder in self._inside_requests

    def know(self, field: Field) -> bool:
        """Whether any method carries its message."""
        return _holder(field) in self._reached

    def always_send(self, field: Field) -> bool:
        """Whether it stands in the path of every REST request with its message."""
        holder = _holder(field)
        return holder not in self._inside_requests and always_in_path(field, self._methods.get(holder, ()))


def _holder(field: Field) -> str:
    return field.extendee or field.full_name.rpartition(".")[0]


def _is_input(field: Field) -> bool:
    return "OUTPUT_ONLY" not in behaviors(field)


def _below(messages: Iterable[Message], through: Callable[[Field], bool] = lambda _: True) -> set[str]:
    """Full names of the messages that these hold, however deep, in fields that one may go through."""
    found: set[str] = set()
    pending = list(messages)
    while pending:
        for field in pending.pop().fields:
            if field.holds_message and field.type_name not in found and through(field):
                found.add(field.type_name)
                pending.append(field.message)
    return found
