"""Two independent changes of one generated schema, put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from laws.generated import builds
from reads.mutations import changed
from reads.randomly import Parts, expressible, random_parts
from reads.schemas import EnumSpec, MessageSpec, Spec


def combined(seed: int) -> tuple[Parts, Parts, Parts, Parts] | None:
    """A schema, one change of it, another one elsewhere, and both; None if they meet in one field or enum."""
    random = Random(seed)
    base = random_parts(random)
    one, other = (changed(random, base, 1)[0] for _ in range(2))
    same_file = {(parts.syntax, parts.package) for parts in (base, one, other)}
    messages = [_message(*three) for three in zip(base.messages, one.messages, other.messages, strict=True)]
    enums = [_enum(*three) for three in zip(base.enums, one.enums, other.enums, strict=True)]
    if len(same_file) > 1 or None in messages or None in enums:
        return None
    both = replace(
        base,
        messages=tuple(filter(None, messages)),
        enums=tuple(filter(None, enums)),
    )
    every = (base, one, other, both)
    return every if expressible(both) == both and all(map(builds, every)) else None


def _enum(base: EnumSpec, one: EnumSpec, other: EnumSpec) -> EnumSpec | None:
    if base not in (one, other):
        return None
    return one if other == base else other


def _message(base: MessageSpec, one: MessageSpec, other: MessageSpec) -> MessageSpec | None:
    """The fields of both; a field is met by whatever has its name, its number or its oneof."""
    changes = [set(base.fields) ^ set(changed.fields) for changed in (one, other)]
    if set.intersection(*map(_marks, changes)):
        return None
    kept = set(base.fields) - changes[0] - changes[1]
    added = (set(one.fields) | set(other.fields)) - set(base.fields)
    return replace(base, fields=tuple(sorted(kept | added, key=lambda field: field.number)))


def _marks(fields: Iterable[Spec]) -> set[tuple[str, str | int]]:
    found: set[tuple[str, str | int]] = set()
    for field in fields:
        found |= {("name", field.name), ("number", field.number), ("json", field.json_name or field.name)}
        found |= {("oneof", field.oneof)} if field.oneof else set()
    return found
