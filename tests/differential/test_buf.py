"""Every example, judged by `buf breaking` as well: where the two differ, a reason stands here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from checking import FIXTURES, differences, examples, judged, sides, source
from compatcheck.config import Config
from compatcheck.rules.finding import Finding, Severity
from compatcheck.schema.build import build
from compatcheck.schema.loaded import Loaded, Universe
from compatcheck.schema.loading.load import load

BUF = Path(sys.executable).with_name("buf")
WIRE = '{"version": "v2", "breaking": {"use": ["WIRE"]}}'
FOUND = 100
"""How buf exits with violations."""
CALLS = Config(surfaces=("wire", "grpc"))
"""Only what buf's category is about: the binary format and calls."""

Case = tuple[str, str]
"""An example, and a rule of buf's or of ours."""

BUF_IS_TOO_STRICT: dict[str, tuple[Case, ...]] = {
    "the name of a type is not on the wire, and the shape is the same": (
        ("ok/message-renamed", "FIELD_WIRE_COMPATIBLE_TYPE"),
        ("ok/nested-type-moved-out", "FIELD_WIRE_COMPATIBLE_TYPE"),
        ("ok/recursive-renamed", "RPC_SAME_REQUEST_TYPE"),
        ("ok/recursive-renamed", "RPC_SAME_RESPONSE_TYPE"),
        ("rules/enum-renamed", "FIELD_WIRE_COMPATIBLE_TYPE"),
        ("rules/message-renamed", "FIELD_WIRE_COMPATIBLE_TYPE"),
        ("rules/message-renamed/moved-into-another", "FIELD_WIRE_COMPATIBLE_TYPE"),
    ),
    "the package is part of the path of a call, and this file has no service": (
        ("rules/file-package-changed/without-services", "FILE_SAME_PACKAGE"),
    ),
    "the two requests read each other; only their names differ": (
        ("rules/method-request-type-changed/readable", "RPC_SAME_REQUEST_TYPE"),
    ),
    "an open enum and int32 read the same varints": (
        ("rules/field-type-changed/enum-to-int32", "FIELD_WIRE_COMPATIBLE_TYPE"),
    ),
    "the name of a oneof is not on the wire, and its members stay together": (
        ("ok/oneof-renamed", "FIELD_SAME_ONEOF"),
        ("rules/message-oneof-renamed", "FIELD_SAME_ONEOF"),
    ),
    "one field with presence as the first member of a new oneof excludes no other": (
        ("ok/optional-into-new-oneof", "FIELD_SAME_ONEOF"),
    ),
    "idempotency_level does not touch native gRPC": (
        ("ok/options-without-meaning", "RPC_SAME_IDEMPOTENCY_LEVEL"),
    ),
    "the field is required in both: buf does not count the feature LEGACY_REQUIRED": (
        ("ok/proto2-as-edition", "MESSAGE_SAME_REQUIRED_FIELDS"),
    ),
    "nothing is left in the file that a package could be the package of": (
        ("ok/empty-file", "FILE_SAME_PACKAGE"),
    ),
}

WE_KNOW_MORE: dict[str, tuple[Case, ...]] = {
    "the method is UNIMPLEMENTED for those who still call it": (
        ("rules/method-removed", "method-removed"),
        ("rules/method-removed/route-kept", "method-removed"),
        ("rules/method-removed/with-a-route", "method-removed"),
        ("rules/service-removed", "service-removed"),
        ("rules/service-removed/with-routes", "service-removed"),
        ("rules/service-renamed", "service-renamed"),
    ),
    "a closed enum drops the numbers that it does not name": (
        ("rules/enum-closed", "enum-closed"),
        ("rules/enum-opened", "enum-opened"),
        ("rules/enum-value-added/closed", "enum-value-added"),
        ("rules/enum-value-added/closed-in-a-map", "enum-value-added"),
        ("rules/enum-value-added/closed-where-required", "enum-value-added"),
        ("rules/file-syntax-changed/proto2-to-proto3", "enum-opened"),
    ),
    "the number means another value, or none, to the other side": (
        ("rules/enum-value-renumbered", "enum-value-renumbered"),
        ("rules/enum-value-renumbered/to-make-room", "enum-value-added"),
        ("rules/enum-value-renumbered/to-make-room", "enum-value-renumbered"),
    ),
    "two fields of one type swap numbers: each is misread as the other": (
        ("rules/field-renumbered/swapped", "field-renumbered"),
    ),
    "the number belongs to something else, which misreads what was written": (
        ("rules/field-number-reused", "field-number-reused"),
    ),
    "bytes that are not UTF-8 make a reader reject the whole message": (
        ("rules/field-type-changed/string-to-bytes", "field-type-changed"),
        ("rules/field-utf8-validation-changed", "field-utf8-validation-changed"),
        ("rules/field-utf8-validation-changed/by-the-syntax", "field-utf8-validation-changed"),
        ("rules/field-utf8-validation-changed/in-a-map", "field-utf8-validation-changed"),
        ("rules/field-utf8-validation-changed/no-longer-checked", "field-utf8-validation-changed"),
        ("rules/file-syntax-changed/proto2-to-proto3", "field-utf8-validation-changed"),
    ),
    "a value beyond the range of the narrower type is truncated": (
        ("rules/field-type-changed/int64-to-int32", "field-type-changed"),
        ("rules/map-value-type-changed", "map-value-type-changed"),
    ),
    "an old reader misses the field, and its name can be used again": (
        ("rules/field-removed/only-the-number-is-reserved", "field-removed"),
    ),
    "an extension is a field, too": (
        ("rules/field-removed/extension", "field-removed"),
        ("rules/field-renumbered/extension", "field-renumbered"),
    ),
    "the added field is required: buf does not count the feature LEGACY_REQUIRED": (
        ("rules/field-required-added/in-an-edition", "field-required-added"),
    ),
    "the messages are the same under another package: buf pairs them by full names, so it compares nothing inside": (
        ("rules/file-package-changed/with-changes-inside", "field-type-changed"),
    ),
}


@dataclass(frozen=True)
class Violation:
    rule: str
    place: tuple[str, int]
    words: frozenset[str]


@dataclass(frozen=True)
class Judgement:
    """What both say of one example."""

    example: str
    violations: tuple[Violation, ...]
    findings: tuple[Finding, ...]

    def unseen(self) -> Iterator[Case]:
        """Violations that none of our findings, from warnings up, is about."""
        told = [one for one in self.findings if one.severity >= Severity.WARNING]
        for violation in self.violations:
            if not any(is_about(one, violation) for one in told):
                yield self.example, violation.rule

    def unmatched(self) -> Iterator[Case]:
        """Errors of ours that none of buf's violations is about."""
        for finding in self.findings:
            if finding.severity is Severity.ERROR and not any(
                is_about(finding, one) for one in self.violations
            ):
                yield self.example, finding.rule


def is_about(finding: Finding, violation: Violation) -> bool:
    """Whether both point at one line, or name one element or the one that holds it."""
    line = finding.location.line if finding.location else 0
    if (finding.path, line) == violation.place:
        return True
    return not violation.words.isdisjoint(finding.element.split(".")[-2:])


@cache
def judgements() -> tuple[Judgement, ...]:
    folders = [folder for kind in ("rules", "ok") for folder in examples(kind)]
    loads = [load(*(source(texts) for texts in sides(folder))) for folder in folders]
    with ThreadPoolExecutor(max_workers=2) as pool:
        violations = list(pool.map(violations_of, loads))
    return tuple(
        Judgement(folder.relative_to(FIXTURES).as_posix(), found, findings_of(loaded, CALLS))
        for folder, loaded, found in zip(folders, loads, violations, strict=True)
    )


def findings_of(loaded: Loaded, config: Config) -> tuple[Finding, ...]:
    return judged(differences(build(loaded.old), build(loaded.new), loaded.pairs), config)


def violations_of(loaded: Loaded, rules: str = WIRE) -> tuple[Violation, ...]:
    """What buf says, by the rules that a configuration of its chooses."""
    if not loaded.old.universes:
        # buf refuses to compare with nothing, and what was not there cannot break.
        return ()
    return tuple(breaking(image(loaded.old.universes), image(loaded.new.universes), rules))


def image(universes: Sequence[Universe]) -> bytes:
    (universe,) = universes
    files = FileDescriptorSet()
    for descriptor in universe.descriptors.values():
        files.file.add().MergeFromString(descriptor)
    return files.SerializeToString()


def breaking(old: bytes, new: bytes, rules: str) -> Iterator[Violation]:
    """What `buf breaking` says of two images; it fails if buf cannot read one of them."""
    with TemporaryDirectory() as folder:
        for name, data in (("old", old), ("new", new)):
            (Path(folder) / f"{name}.binpb").write_bytes(data)
        done = subprocess.run(
            [BUF, "breaking", "new.binpb", "--against=old.binpb", "--config", rules, "--error-format=json"],
            cwd=folder,
            capture_output=True,
            text=True,
        )
    assert (done.returncode, done.stderr) in ((0, ""), (FOUND, "")), done.stderr
    for line in done.stdout.splitlines():
        said = cast("dict[str, str]", json.loads(line))
        place = (said.get("path", ""), int(said.get("start_line", 0)))
        yield Violation(said["type"], place, frozenset(re.findall(r"\w+", said["message"])))


def cases(table: dict[str, tuple[Case, ...]]) -> set[Case]:
    return {case for listed in table.values() for case in listed}


def test_what_buf_finds_on_the_wire_we_find_or_say_why_it_is_none() -> None:
    assert {case for one in judgements() for case in one.unseen()} == cases(BUF_IS_TOO_STRICT)


def test_what_only_we_find_on_the_wire_stands_here_with_the_reason() -> None:
    assert {case for one in judgements() for case in one.unmatched()} == cases(WE_KNOW_MORE)
