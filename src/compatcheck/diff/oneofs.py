"""The facts about fields that move into oneofs, out of them, or between them."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from compatcheck.diff.changes import Changed
from compatcheck.diff.effects import Reads, of_aspects
from compatcheck.reads.effects import Aspect, Outcome
from compatcheck.schema.model import Field, Message


def oneof_facts(old: Message, new: Message, moved: Container[int], reads: Reads) -> Iterator[Changed[Field]]:
    """Membership follows the number; a oneof that is merely renamed keeps its members together.

    `moved` are numbers under which the two messages hold fields that have nothing to do with each other.
    """
    renamed = renamed_oneofs(old, new)
    for number, before in old.numbers.items():
        after = new.numbers.get(number)
        if after is None or number in moved or renamed.get(before.oneof, before.oneof) == after.oneof:
            continue

        def of_this_field(outcome: Outcome, names: tuple[str, str] = (before.name, after.name)) -> bool:
            return outcome.aspect is Aspect.ONEOF and outcome.path[0] in names

        lost = (replace(effect, path=()) for effect in reads.oneofs(old, new, of_this_field))
        own = reads.fields(before, after, of_aspects(Aspect.ONEOF, Aspect.PRESENCE))
        yield Changed(before, after, Aspect.ONEOF, (*lost, *own))


def renamed_oneofs(old: Message, new: Message) -> dict[str, str]:
    """Oneofs of which all members that stay in any went to one of another name, and no other oneof's did.

    Members that come from outside or leave for there are told by themselves, whatever the name.
    """
    targets: dict[str, set[str]] = {}
    sources: dict[str, set[str]] = {}
    for number, before in old.numbers.items():
        after = new.numbers.get(number)
        if after is not None and before.oneof and after.oneof:
            targets.setdefault(before.oneof, set()).add(after.oneof)
            sources.setdefault(after.oneof, set()).add(before.oneof)
    old_names, new_names = ({field.oneof for field in message.fields} for message in (old, new))
    return {
        name: target
        for name, names in targets.items()
        for target in names
        if len(names) == len(sources[target]) == 1 and target not in old_names and name not in new_names
    }
