"""Finds the witness of a change: the first of its effects that a message shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from compatcheck.diff.changes import Change, Changed, element_of
from compatcheck.diff.pairing import Pairing
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Effect, Surface
from compatcheck.reads.json import JsonSettings
from compatcheck.reads.presence import all_fields, element
from compatcheck.schema.loaded import Loaded
from compatcheck.schema.model import Enum, EnumValue, File, Message, Schema
from compatcheck.schema.pool import NotTakenError
from compatcheck.witness.counterparts import Counterparts
from compatcheck.witness.fill import RequiresItselfError, TooLargeError
from compatcheck.witness.make import Trial
from compatcheck.witness.packed import packed, sides_of
from compatcheck.witness.pools import Pools
from compatcheck.witness.result import NoWitness, Reason, Witness
from compatcheck.witness.targets import Target, inner, targets
from compatcheck.witness.tell import told
from compatcheck.witness.travel import Road
from compatcheck.witness.way import way_of

MOST_EFFECTS, MOST_TARGETS = 8, 4
"""Effects of a change, and places of an effect, that are tried."""
MOST_IN_VAIN = 1000
"""Searches that find nothing before no more are made: a schema must not be able to keep a check busy for hours."""
DEEPEST = 60
"""Steps of a way: the runtime gives up at 100 messages inside of each other."""

_SILENT: Mapping[Surface, Reason] = {
    Surface.GRPC: Reason.ROUTING,
    Surface.HTTP: Reason.OPTION,
    Surface.VALIDATION: Reason.OPTION,
    Surface.GENERATED: Reason.GENERATED,
}


class Finder:
    """Finds witnesses in one comparison, with one pool for each universe."""

    def __init__(
        self, loaded: Loaded, old: Schema, new: Schema, pairing: Pairing, json: JsonSettings
    ) -> None:
        self._pools = {Direction.BACKWARD: Pools(loaded.old), Direction.FORWARD: Pools(loaded.new)}
        self._counterparts = Counterparts(old, new, pairing)
        self._json = json
        self._in_vain = 0

    def witness(self, change: Change, effects: Iterable[DirectedEffect]) -> Witness | NoWitness:
        """A message that shows the first of the effects that one can show; else why none shows the first."""
        effects = tuple(effects)
        sent = [one for one in effects if one.surface in (Surface.WIRE, Surface.JSON)]
        if not sent:
            silent = [
                reason for surface, reason in _SILENT.items() if surface in {one.surface for one in effects}
            ]
            return NoWitness(silent[0] if silent else Reason.GENERATED)
        reasons: list[Reason] = []
        for effect in sent[:MOST_EFFECTS]:
            found = self._of_effect(change, effect)
            if isinstance(found, Witness):
                return found
            reasons.append(found)
        return NoWitness(next((one for one in reasons if one is not Reason.ABSENT), reasons[0]))

    def _of_effect(self, change: Change, effect: DirectedEffect) -> Witness | Reason:
        if isinstance(change, Changed) and change.aspect is Aspect.RESERVED:
            return Reason.LATER
        if effect.effect is Effect.ABSENT:
            return Reason.ABSENT
        if isinstance(element_of(change), Message | File):
            return self._in_any(change, effect)
        reason: Reason | None = None
        for target in islice(targets(change, effect, self._counterparts, self._json), MOST_TARGETS):
            try:
                found = self._at(target, effect)
            except RequiresItselfError:
                found = Reason.REQUIRES_ITSELF
            except TooLargeError:
                found = Reason.TOO_LARGE
            except NotTakenError:
                found = Reason.RUNTIME
            if isinstance(found, Witness):
                return found
            reason = reason or found
        return reason or _unheld(change)

    def _in_any(self, change: Change, effect: DirectedEffect) -> Witness | Reason:
        """What happens to a whole type happens where it is packed."""
        sides = sides_of(change, effect.direction)
        if sides is None:
            return Reason.ANY
        message, reader = sides
        try:
            pools = (
                self._pools[effect.direction].of(message.place.file.root),
                self._pools[_other(effect.direction)].of(reader),
            )
        except NotTakenError:
            return Reason.RUNTIME
        return packed(message.full_name, effect, Road(effect.surface, *pools, self._json)) or Reason.ANY

    def _at(self, target: Target, effect: DirectedEffect) -> Witness | Reason:
        if len(target.steps) > DEEPEST:
            return Reason.TOO_LARGE
        if self._in_vain >= MOST_IN_VAIN:
            return Reason.GIVEN_UP
        writers = self._pools[effect.direction]
        readers = self._pools[_other(effect.direction)]
        pools = writers.of(target.writer.place.file.root), readers.of(target.reader.place.file.root)
        trial = Trial(
            effect=effect.effect,
            way=way_of(target, *pools),
            number=target.number,
            moved=_is_moved(target),
            road=Road(effect.surface, *pools, self._json),
            writer=writers.type_of(target.writer),
            reader=readers.type_of(target.reader),
        )
        shown = trial.find()
        if shown is not None:
            return told(shown, effect, target, trial.way)
        self._in_vain += 1
        milder = effect.surface is Surface.JSON and self._json.profile == "portable"
        return Reason.LENIENT if milder else Reason.HIDDEN


def _other(direction: Direction) -> Direction:
    return Direction.FORWARD if direction is Direction.BACKWARD else Direction.BACKWARD


def _is_moved(target: Target) -> bool:
    """Whether the two fields at the end are not one to who wrote the schemas: a name of them has another number."""
    writer, reader = target.steps[-1].writer, target.steps[-1].reader
    if writer is None or reader is None or element(writer) == element(reader):
        return False
    around = (target.writer, target.reader) if len(target.steps) == 1 else inner(target.steps[-2])
    if around is None:
        return False
    names = [{element(field) for field in all_fields(message).values()} for message in around]
    return element(writer) in names[1] or element(reader) in names[0]


def _unheld(change: Change) -> Reason:
    """Why an effect has no place at all."""
    return Reason.NOT_HELD if isinstance(element_of(change), Enum | EnumValue) else Reason.ONE_SIDED
