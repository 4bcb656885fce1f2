"""Rules about the constraints that validators check: protovalidate's and protoc-gen-validate's."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.diff.changes import OptionChanged
from compatcheck.reads.effects import Aspect, Direction
from compatcheck.reads.validation.messages import of_message
from compatcheck.reads.validation.options import disabled, of_field, predefined
from compatcheck.rules.constraint_words import demands, statements
from compatcheck.rules.rule import rule
from compatcheck.schema.model import Field, Message

_NOT = "not "


@rule(OptionChanged, Aspect.CONSTRAINTS)
def constraints_tightened(change: OptionChanged) -> str | None:
    """Values that were valid are not valid any more.

    Writers that were built before still send them, and a new validating reader rejects the whole message. A new
    field is concerned if it has to be set, or if its default value is not valid: messages of old writers lack it.

    Help: Change the writers first, and demand it of them when none is left that sends the old values.
    """
    return _told(change) if _directions(change) == {Direction.BACKWARD} else None


@rule(OptionChanged, Aspect.CONSTRAINTS)
def constraints_loosened(change: OptionChanged) -> str | None:
    """Values that were not valid are valid now.

    Validating readers that were built before reject them. That is harmless as long as no writer makes use of the
    new freedom. A removed field is concerned if old readers demand that it be set, or if they take its default
    value for invalid; and a oneof that has to be set, if it gets a new member.

    Help: Deploy the readers first, and let writers use the new values when no old reader is left.
    """
    return _told(change) if _directions(change) == {Direction.FORWARD} else None


@rule(OptionChanged, Aspect.CONSTRAINTS)
def constraints_changed(change: OptionChanged) -> str | None:
    """Some values that were valid are not valid any more, and others are that were not.

    New validating readers reject what old writers send, and old ones what new writers send. Patterns, CEL
    expressions and rules that compatcheck does not know count as changed in both directions, for nobody can tell
    which values they share.

    Help: Loosen first, move all writers to values that both sides take, then tighten.
    """
    return _told(change) if len(_directions(change)) == len(Direction) else None


def _directions(change: OptionChanged) -> set[Direction]:
    return {one.direction for one in change.effects}


def _told(change: OptionChanged) -> str:
    old, new = change.old, change.new
    if isinstance(old, Field) and isinstance(new, Field):
        subject = f"`{new.name}`"
        before, after = _demands(old), _demands(new)
        return _difference(subject, before, after)
    if isinstance(new, Field):
        return f"`{new.name}` is added and must {_listed(_demands(new))}: messages of old writers lack it"
    if isinstance(old, Field):
        return f"`{old.name}` is removed, and old readers demand that it {_listed(_demands(old))}"
    assert isinstance(old, Message) and isinstance(new, Message)
    return _of_messages(old, new)


def _demands(field: Field) -> tuple[str, ...]:
    found = [phrase for one in of_field(field) for phrase in demands(one)]
    return tuple(dict.fromkeys((*found, *(f"satisfy `{one}`" for one in predefined(field)))))


def _difference(subject: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    if come and gone:
        return f"{subject} must {_listed(come)} now; before, it had to {_listed(gone)}"
    if come:
        return f"{subject} must {_listed(come)} now"
    if gone and all(one.startswith(_NOT) for one in gone):
        return f"{subject} may {_listed(one.removeprefix(_NOT) for one in gone)} now"
    if gone:
        return f"{subject} no longer has to {_listed(gone)}"
    return f"other values of {subject} are valid now, though its constraints read as before"


def _of_messages(old: Message, new: Message) -> str:
    if disabled(old) != disabled(new):
        return f"the constraints of `{new.name}` are {'not checked any more' if disabled(new) else 'checked now'}"
    before, after = tuple(statements(of_message(old), old)), tuple(statements(of_message(new), new))
    come = [one for one in after if one not in before]
    gone = [one for one in before if one not in after]
    subject = f"message `{new.name}`"
    if come and gone:
        return f"{subject}: now {_listed(come)}; before, {_listed(gone)}"
    if come:
        return f"{subject}: {_listed(come)} now"
    if gone:
        return f"{subject}: it is not demanded any more that {_listed(gone)}"
    return f"{subject}: its fields changed, and with them which messages are valid"


def _listed(phrases: Iterable[str]) -> str:
    return " and ".join(phrases)
