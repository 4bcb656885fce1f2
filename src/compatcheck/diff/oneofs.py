"""The facts about fields that move into oneofs, out of them, or between them."""

from __future__ import annotations

from collections import Counter
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
    renamed = _renamed(old, new)
    for number, before in old.numbers.items():
        after = new.numbers.get(number)
        if after is None or number in moved or renamed.get(before.oneof, before.oneof) == after.oneof:
            continue

        def of_this_field(outcome: Outcome, names: tuple[str, str] = (before.name, after.name)) -> bool:
            return outcome.aspect is Aspect.ONEOF and outcome.path[0] in names

        lost = (replace(effect, path=()) for effect in reads.oneofs(old, new, of_this_field))
        own = reads.fields(before, after, of_aspects(Aspect.ONEOF, Aspect.PRESENCE))
        yield Changed(before, after, Aspect.ONEOF, (*lost, *own))


def _renamed(old: Message, new: Message) -> dict[str, str]:
    """Oneofs of which all members that stay went to one oneof of another name, and no other oneof's did."""
    targets: dict[str, set[str]] = {}
    for number, before in old.numbers.items():
        after = new.numbers.get(number)
        if before.oneof and after is not None:
            targets.setdefault(before.oneof, set()).add(after.oneof)
    sources = Counter(target for names in targets.values() for target in names)
    taken = {field.oneof for field in old.fields}
    return {
        name: target
        for name, names in targets.items()
        for target in names
        if len(names) == sources[target] == 1 and target not in taken and target
    }
