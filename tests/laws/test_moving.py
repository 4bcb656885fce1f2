"""Where things stand means nothing to anybody who reads data: not the order of elements, not the names of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FileDescriptorProto
from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from google.protobuf.message import Message

from compatcheck.reads.effects import DirectedEffect, Surface
from compatcheck.rules.finding import Break, Severity
from compatcheck.usecases.results import Check
from laws.compiled import EXAMPLES, Files, compiled, imports_of, is_own, name_of, renamed
from laws.generated import SEEDS, checked, file_of, mutated

T = TypeVar("T", bound=Message)
Facts = Counter[tuple[str, str, Severity, DirectedEffect | Break]]
_FOLDER = "elsewhere/"


def facts(check: Check) -> Facts:
    """Each effect on data and calls, and each break, with its rule, element and severity."""
    return Counter(
        (finding.rule, finding.element.removeprefix(_FOLDER), finding.severity, fact)
        for finding in check.findings
        for fact in (*_sent(finding.effects), *finding.breaks)
    )


def _sent(effects: Iterable[DirectedEffect]) -> Iterator[DirectedEffect | Break]:
    yield from (_without_list(one) for one in effects if one.surface is not Surface.GENERATED)


def _without_list(effect: DirectedEffect) -> DirectedEffect:
    """A condition may end with some names of values, in the order of their declaration."""
    return replace(effect, condition=effect.condition.partition(": ")[0])


def shuffled(random: Random, files: Iterable[FileDescriptorProto]) -> Files:
    made = []
    for file in files:
        other = FileDescriptorProto()
        other.CopyFrom(file)
        made.append(other)
        if not is_own(file):
            continue
        _shuffle(random, other.message_type)
        _shuffle(random, other.enum_type)
        _shuffle(random, other.service)
        _shuffle(random, other.extension)
        for service in other.service:
            _shuffle(random, service.method)
        for enum in other.enum_type:
            _shuffle_values(random, enum)
        for message in other.message_type:
            _shuffle_message(random, message)
    return tuple(_imports_first(random.sample(made, len(made))))


def _imports_first(files: Iterable[FileDescriptorProto]) -> Iterator[FileDescriptorProto]:
    """The files in this order, but each after those that it imports, as compilers write them."""
    waiting = {file.name: file for file in files}
    while waiting:
        ready = next(file for file in waiting.values() if waiting.keys().isdisjoint(imports_of(file)))
        yield waiting.pop(ready.name)


def _shuffle_message(random: Random, message: DescriptorProto) -> None:
    if message.options.map_entry:
        return
    for fields in (message.field, message.extension):
        _shuffle(random, fields)
    _shuffle(random, message.nested_type)
    _shuffle(random, message.enum_type)
    _shuffle(random, message.reserved_range)
    _shuffle(random, message.extension_range)
    for enum in message.enum_type:
        _shuffle_values(random, enum)
    for nested in message.nested_type:
        _shuffle_message(random, nested)


def _shuffle_values(random: Random, enum: EnumDescriptorProto) -> None:
    """The first value is the default, and of aliases the first is the one that JSON prints: these stay."""
    often = Counter(value.number for value in enum.value)
    free = [index for index, value in enumerate(enum.value) if index and often[value.number] == 1]
    values = list(enum.value)
    for index, other in zip(free, random.sample(free, len(free)), strict=True):
        values[index] = enum.value[other]
    del enum.value[:]
    enum.value.extend(values)


def _shuffle(random: Random, elements: RepeatedCompositeFieldContainer[T]) -> None:
    values = random.sample(list(elements), len(elements))
    del elements[:]
    elements.extend(values)


def reordered(files: Files) -> Files:
    return shuffled(Random(1), files)


def moved(files: Files) -> Files:
    return renamed(files, lambda name: f"{_FOLDER}{name}")


@pytest.mark.parametrize("folder", EXAMPLES, ids=name_of)
def test_the_order_of_elements_changes_nothing(folder: Path) -> None:
    random = Random(name_of(folder))
    old, new = compiled(folder)
    check = checked(old, new)
    for one, other in ((shuffled(random, old), new), (old, shuffled(random, new))):
        again = checked(one, other)
        assert facts(again) == facts(check)
        assert again.orders == check.orders
    assert not checked(new, shuffled(random, new)).findings


@pytest.mark.parametrize("folder", EXAMPLES, ids=name_of)
def test_the_names_of_files_change_nothing(folder: Path) -> None:
    old, new = compiled(folder)
    check, again = checked(old, new), checked(old, moved(new))
    assert facts(again) == facts(check)
    assert again.orders == check.orders
    assert not facts(checked(new, moved(new)))


@pytest.mark.parametrize("move", [reordered, moved])
def test_generated_changes_are_the_same_wherever_things_stand(move: Callable[[Files], Files]) -> None:
    telling = 0
    for seed in SEEDS:
        made = mutated(seed, 1 + seed % 3)
        if made is None:
            continue
        old, new = ((file_of(parts),) for parts in made)
        check, again = checked(old, new), checked(old, move(new))
        assert facts(again) == facts(check), seed
        assert again.orders == check.orders, seed
        telling += bool(facts(check))
    assert telling > len(SEEDS) // 3
