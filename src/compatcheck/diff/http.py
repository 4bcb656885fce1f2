"""The facts about a gateway's REST surface: routes of methods, demands on fields, types of operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from compatcheck.diff.changes import Added, Change, Element, OptionChanged, Removed
from compatcheck.diff.effects import Effects, no_longer_compiles
from compatcheck.diff.pairing import Pairing
from compatcheck.diff.senders import Senders
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Effect, Surface
from compatcheck.reads.http.bindings import HTTP, RestOutcome, RouteKey, Served, bindings, http_reads
from compatcheck.reads.http.options import (
    FIELD_BEHAVIOR,
    OPERATION_INFO,
    OPERATION_PARTS,
    behaviors,
    is_declared,
    operation_info,
    operation_names,
)
from compatcheck.schema.model import Field, Method, Schema, Service
from compatcheck.schema.walk import methods_of

_PARTS = {"pattern": HTTP, "body": f"{HTTP}.body", "response_body": f"{HTTP}.response_body"}
_BECAME_REQUIRED = (Direction.BACKWARD, Effect.REJECTED)
_TOLD = ("IMMUTABLE", "INPUT_ONLY")
"""Behaviours that bind clients in some requests only, so that no effect is certain."""


_Routes = dict[tuple[str, RouteKey], list[Served]]
"""Who serves a route, by the old root and the route."""


class Rest:
    """The REST surfaces of two schemas, as far as facts about them depend on more than one element."""

    def __init__(self, old: Schema, new: Schema, pairing: Pairing) -> None:
        self._old, self._new, self._pairing = old, new, pairing

    def with_effects(self, change: Change) -> Change:
        """A change of anything, with what it does over REST besides."""
        match change:
            case Removed(old=Method() as method):
                effects = self._unserved([method], Direction.BACKWARD)
            case Added(new=Method() as method):
                effects = self._unserved([method], Direction.FORWARD)
            case Removed(old=Service() as service):
                effects = self._unserved(service.methods, Direction.BACKWARD)
            case Added(new=Service() as service):
                effects = self._unserved(service.methods, Direction.FORWARD)
            case Removed(old=Field() as field) if self._is_demanded(field, self._old_senders):
                effects = (DirectedEffect(Direction.FORWARD, Surface.HTTP, Effect.REJECTED),)
            case Added(new=Field() as field) if self._is_demanded(field, self._new_senders):
                effects = (DirectedEffect(Direction.BACKWARD, Surface.HTTP, Effect.REJECTED),)
            case _:
                return change
        return replace(change, effects=(*change.effects, *effects))

    def option_facts(self, old: Element, new: Element) -> Iterator[OptionChanged]:
        """What changed in the options of an element that both schemas have."""
        if isinstance(old, Method) and isinstance(new, Method):
            yield from self._binding_facts(old, new)
            yield from self._operation_facts(old, new)
        elif isinstance(old, Field) and isinstance(new, Field):
            yield from self._behavior_facts(old, new)

    def _binding_facts(self, old: Method, new: Method) -> Iterator[OptionChanged]:
        backward, forward = (
            self._meets(old, new, Direction.BACKWARD),
            self._meets(new, old, Direction.FORWARD),
        )
        for part, option in _PARTS.items():
            effects = (
                *_directed(Direction.BACKWARD, (one for one in backward if one.part == part)),
                *_directed(Direction.FORWARD, (one for one in forward if one.part == part)),
            )
            if effects:
                yield OptionChanged(old, new, Aspect.HTTP, option, effects)

    def _behavior_facts(self, old: Field, new: Field) -> Iterator[OptionChanged]:
        before, after = behaviors(old), behaviors(new)
        if before == after or not self._is_sent(old, new):
            return
        added, removed = after - before, before - after
        effects = []
        for direction, names, other_side, senders, field in (
            (Direction.BACKWARD, added, before, self._new_senders, new),
            (Direction.FORWARD, removed, after, self._old_senders, old),
        ):
            if "REQUIRED" in names and not senders.always_send(field):
                effects.append(_on_rest(direction, Effect.REJECTED, "only when it is not set"))
            if "OUTPUT_ONLY" in names and "IDENTIFIER" not in other_side:
                effects.append(_on_rest(direction, Effect.DROPPED, "only when a client sets it"))
        if effects or not added.isdisjoint(_TOLD):
            required = any((one.direction, one.effect) == _BECAME_REQUIRED for one in effects)
            option = f"{FIELD_BEHAVIOR}.REQUIRED" if required else FIELD_BEHAVIOR
            yield OptionChanged(old, new, Aspect.FIELD_BEHAVIOR, option, tuple(effects))

    def _operation_facts(self, old: Method, new: Method) -> Iterator[OptionChanged]:
        if old.response_name != new.response_name:
            return
        before, after = operation_info(old), operation_info(new)
        for part in OPERATION_PARTS:
            one, other = before.get(part), after.get(part)
            if one is None or (other is not None and self._is_same_type(old, one, new, other)):
                continue
            effects = [no_longer_compiles()]
            # Nobody was made for a type that the schema lacks, such as a misspelt one.
            if other is not None and is_declared(old, one) and is_declared(new, other):
                condition = "only where the metadata is read" if part == "metadata_type" else ""
                effects += (_on_rest(direction, Effect.UNRESOLVABLE, condition) for direction in Direction)
            yield OptionChanged(old, new, Aspect.OPERATION, f"{OPERATION_INFO}.{part}", tuple(effects))

    def _is_same_type(self, old: Method, one: str, new: Method, other: str) -> bool:
        """Whether both name one type; one that is called otherwise now is told there."""
        if one == other:
            return True
        root = old.place.file.root
        names = {self._pairing.new_name(root, name) for name in operation_names(old, one)}
        return not names.isdisjoint(operation_names(new, other))

    def _unserved(self, methods: Iterable[Method], direction: Direction) -> Effects:
        """What REST clients of methods meet where these are gone, in one effect for all that have no route."""
        of_each = [
            tuple(_directed(direction, self._meets(method, None, direction)))
            for method in methods
            if method.has_http
        ]
        if len(of_each) == 1:
            return of_each[0]
        all_effects = [one for effects in of_each for one in effects]
        taken_over = tuple(one for one in all_effects if one.effect is not Effect.UNROUTABLE)
        if len(taken_over) == len(all_effects):
            return taken_over
        whole = all(_on_rest(direction, Effect.UNROUTABLE, "") in effects for effects in of_each)
        condition = "" if whole else "only for routes that no other method serves"
        return (_on_rest(direction, Effect.UNROUTABLE, condition), *taken_over)

    def _meets(
        self, client: Method, provider: Method | None, direction: Direction
    ) -> tuple[RestOutcome, ...]:
        root = client.place.file.root
        if direction is Direction.BACKWARD:
            return http_reads(client, provider, lambda key: self._new_routes.get((root, key), ()))
        old_root = self._pairing.old_root(root)
        return http_reads(client, provider, lambda key: self._old_routes.get((old_root, key), ()))

    @cached_property
    def _old_routes(self) -> _Routes:
        return _routes((file.root, method) for file in self._old.files for method in methods_of(file))

    @cached_property
    def _new_routes(self) -> _Routes:
        """By the old root that a new one continues."""
        return _routes(
            (self._pairing.old_root(file.root), method)
            for file in self._new.files
            for method in methods_of(file)
        )

    def _is_demanded(self, field: Field, senders: Senders) -> bool:
        """Whether clients of both schemas send its message, and requests with the field can leave it out."""
        demanded = "REQUIRED" in behaviors(field) and not senders.always_send(field)
        return demanded and self._is_sent(field, field)

    def _is_sent(self, old: Field, new: Field) -> bool:
        """Whether clients of both schemas send the message of a field, or nobody knows what it is for."""
        known = self._old_senders.know(old) or self._new_senders.know(new)
        return not known or (self._old_senders.send(old) and self._new_senders.send(new))

    @cached_property
    def _old_senders(self) -> Senders:
        return Senders(self._old)

    @cached_property
    def _new_senders(self) -> Senders:
        return Senders(self._new)


def _routes(methods: Iterable[tuple[str, Method]]) -> _Routes:
    routes: _Routes = {}
    for root, method in methods:
        for binding in bindings(method):
            routes.setdefault((root, binding.key), []).append((method, binding))
    return routes


def _directed(direction: Direction, outcomes: Iterable[RestOutcome]) -> Iterator[DirectedEffect]:
    """Backward is what an old client meets at a new gateway, forward what a new client meets at an old one."""
    for one in outcomes:
        outcome = one.outcome
        yield DirectedEffect(direction, Surface.HTTP, outcome.effect, outcome.condition, outcome.path)


def _on_rest(direction: Direction, effect: Effect, condition: str) -> DirectedEffect:
    return DirectedEffect(direction, Surface.HTTP, effect, condition)
