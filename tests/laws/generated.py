"""Generated schemas as sources of a check, with a service that sends and returns their messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from checking import IMPORTS
from compatcheck.config import Config
from compatcheck.source.snapshot import DescriptorSet, Origin
from compatcheck.usecases.check import check
from compatcheck.usecases.results import Check
from laws.compiled import fit
from reads.mutations import changed
from reads.randomly import Parts, random_parts

SEEDS = range(150)
_SHARED = ("google/", *(f"{path.name}/" for path in IMPORTS.iterdir()))
STRICT = Config(preset="strict", json_unknown_fields="reject")


def mutated(seed: int, *counts: int) -> tuple[Parts, ...] | None:
    """A schema, and what it becomes by so many changes more each time; None if no compiler would take one."""
    random = Random(seed)
    made = [random_parts(random)]
    for count in counts:
        made.append(changed(random, made[-1], count)[0])
    return tuple(made) if all(map(builds, made)) else None


def builds(parts: Parts) -> bool:
    return fit([parts.build().file])


def file_of(parts: Parts) -> FileDescriptorProto:
    file = FileDescriptorProto()
    file.CopyFrom(parts.build().file)
    # One file that changes, also where its package does.
    file.name = "shop.proto"
    service = file.service.add(name="Shop")
    for name, request, response in (("Put", "M", "N"), ("Get", "O", "M")):
        types = f".{file.package}.{request}", f".{file.package}.{response}"
        service.method.add(name=name, input_type=types[0], output_type=types[1])
    return file


def checked(
    old: Iterable[FileDescriptorProto], new: Iterable[FileDescriptorProto], config: Config = STRICT
) -> Check:
    """The check of two sets of files; what many import is not compared, as if it came from elsewhere."""
    done = check(_source("old", old), _source("new", new), replace(config, exclude=_SHARED))
    assert not done.undecided, done.undecided
    return done


def _source(name: str, files: Iterable[FileDescriptorProto]) -> DescriptorSet:
    return DescriptorSet(
        Origin("descriptor-set", name), FileDescriptorSet(file=files).SerializeToString(deterministic=True)
    )
