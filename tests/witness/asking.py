"""Checks with witnesses, and the runtime built once more to ask it again."""

from __future__ import annotations

from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message as Value
from google.protobuf.message_factory import GetMessageClass

from checking import Texts, source
from compatcheck.config import Config
from compatcheck.reads.effects import Direction, Effect
from compatcheck.reads.json import JsonSettings
from compatcheck.schema.loaded import LoadedSide
from compatcheck.schema.loading.load import load
from compatcheck.usecases.check import check
from compatcheck.usecases.results import Check
from compatcheck.witness.result import NoWitness, Witness
from reads.observed import seen_on_wire
from reads.observed_json import seen_in_json


def with_witnesses(old: Texts, new: Texts, config: Config | None = None) -> Check:
    """The check of two sources with a witness of every finding, or the reason for none."""
    done = check(source(old, "old"), source(new, "new"), config or Config(), wants_witness=lambda _: True)
    assert not done.undecided, done.undecided
    return done


def witnesses(old: Texts, new: Texts, config: Config | None = None) -> dict[str, Witness | NoWitness]:
    """By `rule element`."""
    done = with_witnesses(old, new, config)
    return {f"{one.rule} {one.element}": done.witnesses[one.fingerprint] for one in done.findings}


class Runtime:
    """Both sides in pools of their own; none of the code under test is asked."""

    def __init__(self, old: Texts, new: Texts) -> None:
        loaded = load(source(old, "old"), source(new, "new"))
        self._sides = {Direction.BACKWARD: _pools(loaded.old), Direction.FORWARD: _pools(loaded.new)}

    def written(self, witness: Witness) -> Value:
        """The message that a witness says was written, from what travelled."""
        message = self._empty(witness.effect.direction, witness.writer)
        if isinstance(witness.data, str):
            json_format.Parse(witness.data, message)
        else:
            message.MergeFromString(witness.data)
            assert message.SerializePartialToString(deterministic=True) == witness.data
        return message

    def seen(self, witness: Witness) -> set[Effect]:
        """What the oracle of the tests sees happening to it."""
        written, reader = self.written(witness), self._empty(_other(witness), witness.reader)
        if isinstance(witness.data, str):
            return {effect for effect, _ in seen_in_json(written, reader, JsonSettings())}
        return {effect for effect, _ in seen_on_wire(written, reader)}

    def knows(self, direction: Direction, name: str) -> bool:
        """Whether the writer of this direction has a message of that name."""
        return any(_has(pool, name) for pool in self._sides[direction])

    def _empty(self, direction: Direction, name: str) -> Value:
        pool = next(pool for pool in self._sides[direction] if _has(pool, name))
        return GetMessageClass(pool.FindMessageTypeByName(name))()


def _other(witness: Witness) -> Direction:
    return next(one for one in Direction if one is not witness.effect.direction)


def _pools(side: LoadedSide) -> list[DescriptorPool]:
    pools = []
    for universe in side.universes:
        pool = DescriptorPool()
        for data in universe.descriptors.values():
            pool.AddSerializedFile(data)
        pools.append(pool)
    return pools


def _has(pool: DescriptorPool, name: str) -> bool:
    try:
        pool.FindMessageTypeByName(name)
    except KeyError:
        return False
    return True
