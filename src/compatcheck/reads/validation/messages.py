"""The surface `validation` of a whole message: which of its fields must be set, and what they must be together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compatcheck.reads.effects import Aspect, Effect, Outcome, Outcomes
from compatcheck.reads.validation.options import disabled, expressions, many, of_field
from compatcheck.reads.validation.words import opaque_rule, some
from compatcheck.schema.model import Field, Message, Options

MESSAGE_OPTION = "buf.validate.message"
_DECLARED_ONEOF = 8
"""The field number of `oneof_decl` in DescriptorProto."""


@dataclass(frozen=True, slots=True)
class Together:
    """What the fields of a message must be together; sets of fields by number."""

    one_of: frozenset[frozenset[int]] = frozenset()
    """At least one of each has to be set."""
    at_most_one_of: frozenset[frozenset[int]] = frozenset()
    expressions: frozenset[str] = frozenset()


def of_message(message: Message) -> Together:
    """The constraints of a message itself and of its oneofs, none if validators pass over it."""
    if disabled(message):
        return Together()
    own = message.place.options.get(MESSAGE_OPTION)
    rules: Options = own if isinstance(own, Mapping) else {}
    oneofs = [one for one in many(rules.get("oneof")) if isinstance(one, Mapping)]
    required = {_numbers(message, one) for one in oneofs if one.get("required")}
    return Together(
        one_of=frozenset(required | set(_required_oneofs(message))),
        at_most_one_of=frozenset(_numbers(message, one) for one in oneofs),
        expressions=frozenset(
            (*expressions(rules.get("cel", ())), *expressions(rules.get("cel_expression", ())))
        ),
    )


def _numbers(message: Message, oneof: Options) -> frozenset[int]:
    named = (message.names.get(str(name)) for name in many(oneof.get("fields")))
    return frozenset(one.number for one in named if one is not None)


def _required_oneofs(message: Message) -> Iterator[frozenset[int]]:
    for index, (_, members) in enumerate(_declared_oneofs(message).items()):
        options = message.place.down(_DECLARED_ONEOF, index).options
        own = options.get("buf.validate.oneof")
        if options.get("validate.required") or (isinstance(own, Mapping) and own.get("required")):
            yield frozenset(members)


def _declared_oneofs(message: Message) -> dict[str, list[int]]:
    """The oneofs in the order of their declaration, which is that of their first members."""
    oneofs: dict[str, list[int]] = {}
    for field in message.fields:
        if field.oneof:
            oneofs.setdefault(field.oneof, []).append(field.number)
    return oneofs


def message_reads(writer: Message, reader: Message) -> Outcomes:
    """What the reader's validator rejects for the sake of the message itself, not of one of its fields."""
    if disabled(writer) and not disabled(reader):
        return (_rejected("only messages that its constraints reject"),) if _is_constrained(reader) else ()
    sent, demanded = of_message(writer), of_message(reader)
    return tuple(
        _rejected(condition)
        for condition in (
            *_none_set(writer, sent, reader, demanded),
            *_several_set(writer, sent, reader, demanded),
            *(f"only {opaque_rule(('cel', one))}" for one in sorted(demanded.expressions - sent.expressions)),
        )
    )


def _rejected(condition: str) -> Outcome:
    return Outcome(Effect.REJECTED, Aspect.CONSTRAINTS, condition)


def _is_constrained(message: Message) -> bool:
    return of_message(message) != Together() or any(of_field(one) for one in message.fields)


def _none_set(writer: Message, sent: Together, reader: Message, demanded: Together) -> Iterator[str]:
    required = frozenset(frozenset((one.number,)) for one in writer.fields if _must_be_set(one))
    guaranteed = _sorted(sent.one_of | required)
    for wanted in _sorted(demanded.one_of):
        if any(one <= wanted for one in guaranteed):
            continue
        beyond = next((one - wanted for one in guaranteed if one & wanted), None)
        if beyond:
            yield f"only when {_names(writer, beyond, 'or')} is set"
        elif wanted & writer.numbers.keys():
            yield (
                f"only when none of {_names(reader, wanted)} is set"
                if len(wanted) > 1
                else (f"only when {_names(reader, wanted)} is not set")
            )
        else:
            yield ""


def _several_set(writer: Message, sent: Together, reader: Message, demanded: Together) -> Iterator[str]:
    exclusive = [*sent.at_most_one_of, *(frozenset(one) for one in _declared_oneofs(writer).values())]
    for wanted in _sorted(demanded.at_most_one_of):
        known = wanted & writer.numbers.keys()
        if len(known) > 1 and not any(known <= one for one in exclusive):
            yield f"only when more than one of {_names(reader, wanted)} is set"


def _must_be_set(field: Field) -> bool:
    return bool(field.place.written_options) and any(not one.unset for one in of_field(field))


def _sorted(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    return sorted(sets, key=sorted)


def _names(message: Message, numbers: frozenset[int], last: str = "and") -> str:
    return some([message.numbers[one].name for one in sorted(numbers)]).replace(" and ", f" {last} ")
