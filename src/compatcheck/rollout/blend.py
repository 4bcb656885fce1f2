"""Scopes of schemas that do not exist yet: the old and the new in one, and the new without what is old."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal, TypeVar

from compatcheck.rollout.fresh import Fresh, camel
from compatcheck.rollout.pairs import Interface
from compatcheck.schema.model import Cardinality, Enum, Field, Message, Method, Scope

T = TypeVar("T")

Stage = Literal["<expanded>", "<contracted>"]


class Blend:
    """The universe of an old and a new scope at one stage."""

    def __init__(self, old: Scope, new: Scope, fresh: Fresh, stage: Stage) -> None:
        self._old = old
        self._new = new
        self._fresh = fresh
        self._keeps_old = stage == "<expanded>"
        self._messages: dict[str, Message] = {}
        self._enums: dict[str, Enum] = {}
        self._renamed: dict[str, str] = {}
        """Map entries of fresh fields, under names of their own -> their names in the new schema."""

    def message(self, full_name: str) -> Message:
        if full_name not in self._messages:
            self._messages[full_name] = self._build(full_name)
        return self._messages[full_name]

    def enum(self, full_name: str) -> Enum:
        if full_name not in self._enums:
            self._enums[full_name] = self._build_enum(full_name)
        return self._enums[full_name]

    def extensions(self, full_name: str) -> tuple[Field, ...]:
        found = {one.number: one for one in self._new.extensions(full_name)}
        if self._keeps_old:
            found |= {one.number: one for one in self._old.extensions(full_name)}
        return tuple(replace(one, scope=self) for one in found.values())

    def _build(self, full_name: str) -> Message:
        if full_name in self._renamed:
            entry = self._new.message(self._renamed[full_name])
            return self._with(entry, entry.fields)
        old, new = _found(self._old.message, full_name), _found(self._new.message, full_name)
        if new is None or (old is not None and old.is_map_entry and self._keeps_old):
            assert old is not None
            return self._with(old, old.fields)
        coming = [self._coming(full_name, one) for one in new.fields]
        if old is None:
            return self._with(new, coming)
        if not self._keeps_old:
            return self._with(new, coming, old)
        added = [one for one in coming if one.number not in old.numbers]
        return self._with(old, (*old.fields, *added))

    def _coming(self, message: str, wanted: Field) -> Field:
        """A new field as it is added."""
        made = self._fresh.fields.get((message, wanted))
        if made is not None:
            if made.cardinality is Cardinality.MAP:
                name = camel(f"_{made.name}")
                alias = f"{message}.{name}Entry"
                self._renamed[alias] = wanted.type_name
                made = replace(made, type_name=alias)
            return made
        if (message, wanted.number) in self._fresh.required:
            return replace(wanted, cardinality=Cardinality.OPTIONAL)
        return wanted

    def _with(self, message: Message, fields: Iterable[Field], before: Message | None = None) -> Message:
        """The message with these fields; it reserves what it had `before`."""
        kept = tuple(replace(one, scope=self) for one in fields)
        gone = [one for one in before.fields if one not in kept] if before is not None else []
        return replace(
            message,
            fields=kept,
            scope=self,
            numbers={one.number: one for one in kept},
            names={one.name: one for one in kept},
            reserved_numbers=(
                *message.reserved_numbers,
                *(range(one.number, one.number + 1) for one in gone),
            ),
            reserved_names=message.reserved_names | {one.name for one in gone},
        )

    def _build_enum(self, full_name: str) -> Enum:
        old, new = _found(self._old.enum, full_name), _found(self._new.enum, full_name)
        if new is None or old is None or not self._keeps_old:
            found = new or old
            assert found is not None
            return found
        names = {one.name for one in old.values}
        added = [one for one in new.values if one.number not in old.numbers and one.name not in names]
        values = (*old.values, *added)
        return replace(old, values=values, numbers=frozenset(one.number for one in values))


def blended(old: Interface, new: Interface, fresh: Fresh, stage: Stage) -> Interface:
    """The interface of a version that does not exist yet: of several copies in one schema it takes the first."""
    scopes: dict[tuple[int, int], Blend] = {}

    def scope(one: Scope, other: Scope) -> Blend:
        return scopes.setdefault((id(one), id(other)), Blend(one, other, fresh, stage))

    old_scope, new_scope = (_any_scope(one) for one in (old, new))
    methods: dict[str, tuple[Method, ...]] = {}
    for name, (wanted, *_) in new.methods.items():
        before = old.methods.get(name, (None,))[0]
        universe = scope(before.scope if before is not None else old_scope or wanted.scope, wanted.scope)
        simple = fresh.methods.get(name)
        if simple is not None:
            full_name = f"{name.rpartition('.')[0]}.{simple}"
            methods[full_name] = (replace(wanted, full_name=full_name, name=simple, scope=universe),)
        else:
            methods[name] = (replace(wanted, scope=universe),)
    if stage == "<expanded>":
        for name, (kept, *_) in old.methods.items():
            after = new.methods.get(name, (None,))[0]
            universe = scope(kept.scope, after.scope if after is not None else new_scope or kept.scope)
            methods[name] = (replace(kept, scope=universe),)
    messages = {}
    for name in (old.messages.keys() | new.messages.keys()) if stage == "<expanded>" else new.messages:
        one, other = (interface.messages.get(name, (None,))[0] for interface in (old, new))
        known = one or other
        assert known is not None
        messages[name] = (scope((one or known).scope, (other or known).scope).message(name),)
    missing = {**old.missing, **new.missing} if stage == "<expanded>" else new.missing
    return Interface(methods, missing, messages)


def _any_scope(interface: Interface) -> Scope | None:
    methods = (copies[0].scope for copies in interface.methods.values())
    return next(methods, None)


def _found(look: Callable[[str], T], name: str) -> T | None:
    try:
        return look(name)
    except KeyError:
        return None
