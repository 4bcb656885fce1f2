"""What recompiled code makes of a change: in which languages it breaks, and what protoc really generates."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from grpc_tools import protoc  # type: ignore[import-untyped]  # it has no types

from checking import schema
from compatcheck.config.model import LANGUAGES
from compatcheck.reads.effects import Aspect
from compatcheck.reads.generated import elements as generated
from compatcheck.reads.generated.languages import ALL, only_in
from compatcheck.schema.model import Message, Type

SCALARS = tuple(one for one in Type if one not in (Type.ENUM, Type.MESSAGE, Type.GROUP))


def message(body: str, syntax: str = 'syntax = "proto3"') -> Message:
    (file,) = schema(f"{syntax}; message M {{ {body} }} message N {{}} enum E {{ E_ZERO = 0; }}").files
    return file.messages[0]


def breaks(old: str, new: str, languages: frozenset[str] | None = None) -> list[tuple[Aspect, str]]:
    """What code that uses field 1 meets, each aspect with its condition."""
    outcomes = generated.field_reads(message(old).numbers[1], message(new).numbers[1], languages)
    return [(one.aspect, one.condition) for one in outcomes]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("int32 a = 1;", "sint32 a = 1;", []),
        ("int32 a = 1;", "int32 a = 1 [json_name = 'b'];", []),
        ("int32 a = 1;", "N a = 1;", [(Aspect.TYPE, "")]),
        ("N a = 1;", "M a = 1;", [(Aspect.TYPE, "")]),
        ("map<int32, N> a = 1;", "map<int32, M> a = 1;", [(Aspect.TYPE, "")]),
        (
            "string a = 1;",
            "bytes a = 1;",
            [
                (
                    Aspect.TYPE,
                    "not in C++, PHP and Ruby",
                )
            ],
        ),
        (
            "int32 a = 1;",
            "uint32 a = 1;",
            [(Aspect.TYPE, "only in C#, C++, Go, Objective-C, Rust and Swift")],
        ),
        (
            "map<int32, int32> a = 1;",
            "map<int32, uint32> a = 1;",
            [(Aspect.TYPE, "only in C#, C++, Go, Objective-C, Rust and Swift")],
        ),
        ("int32 a = 1;", "repeated int32 a = 1;", [(Aspect.CARDINALITY, "")]),
        ("int32 a = 1;", "optional int32 a = 1;", [(Aspect.PRESENCE, "only in Go, JavaScript and Rust")]),
        ("optional int32 a = 1;", "int32 a = 1;", [(Aspect.PRESENCE, "")]),
        ("int32 a = 1;", "oneof o { int32 a = 1; }", [(Aspect.ONEOF, "only in Go, JavaScript and Rust")]),
        ("oneof o { int32 a = 1; }", "int32 a = 1;", [(Aspect.ONEOF, "")]),
        ("oneof o { int32 a = 1; }", "oneof p { int32 a = 1; }", [(Aspect.ONEOF, "")]),
    ],
)
def test_a_change_breaks_code_in_these_languages(
    old: str, new: str, expected: list[tuple[Aspect, str]]
) -> None:
    assert breaks(old, new) == expected


def test_what_is_required_matters_where_it_has_another_type() -> None:
    proto2 = 'syntax = "proto2"'
    old, new = message("required int32 a = 1;", proto2), message("optional int32 a = 1;", proto2)
    outcomes = generated.field_reads(old.numbers[1], new.numbers[1])
    assert [(one.aspect, one.condition) for one in outcomes] == [(Aspect.REQUIRED, "only in Rust")]


def test_required_made_implicit_loses_its_presence_in_every_language() -> None:
    old = message("int32 a = 1 [features.field_presence = LEGACY_REQUIRED];", 'edition = "2023"')
    new = message("int32 a = 1 [features.field_presence = IMPLICIT];", 'edition = "2023"')
    outcomes = generated.field_reads(old.numbers[1], new.numbers[1])
    assert [(one.aspect, one.condition) for one in outcomes] == [(Aspect.REQUIRED, "")]


def test_only_the_languages_that_are_used_are_told() -> None:
    presence = ("int32 a = 1;", "optional int32 a = 1;")
    assert breaks(*presence, frozenset({"python", "java"})) == []
    assert breaks(*presence, frozenset({"go"})) == [(Aspect.PRESENCE, "")]
    assert breaks(*presence, frozenset({"go", "java"})) == [(Aspect.PRESENCE, "only in Go")]


def test_a_condition_names_every_language_that_can_be_configured() -> None:
    assert frozenset(LANGUAGES) == ALL
    assert len({only_in({one}, None) for one in LANGUAGES}) == len(LANGUAGES)
    assert only_in(ALL - {"cpp"}, None) == "not in C++"
    assert only_in(ALL, None) == "" and only_in((), None) is None


def test_an_enum_that_is_closed_breaks_where_its_numbers_have_accessors() -> None:
    (opened,) = schema('edition = "2023"; enum E { Z = 0; }').files
    (closed,) = schema('edition = "2023"; enum E { option features.enum_type = CLOSED; Z = 0; }').files
    found = generated.enum_reads(opened.enums[0], closed.enums[0])
    assert [(one.aspect, one.condition) for one in found] == [
        (Aspect.OPENNESS, "only in Java, Kotlin, Objective-C and PHP")
    ]
    assert generated.enum_reads(closed.enums[0], opened.enums[0]) == ()
    assert generated.enum_reads(opened.enums[0], closed.enums[0], frozenset({"go"})) == ()


def stub(folder: Path, body: str) -> str:
    """The `.pyi` that protoc generates for a message."""
    (folder / "m.proto").write_text(f'syntax = "proto3"; message N {{}} message M {{ {body} }}')
    assert protoc.main(["protoc", f"-I{folder}", f"--pyi_out={folder}", "m.proto"]) == 0
    return (folder / "m_pb2.pyi").read_text()


def test_types_are_one_type_in_python_where_protoc_says_so(tmp_path: Path) -> None:
    fields = " ".join(f"{one.value} f_{one.value} = {number};" for number, one in enumerate(SCALARS, 1))
    annotated = dict(re.findall(r"^    f_(\w+): (.+)$", stub(tmp_path, fields), re.MULTILINE))
    declared = {one: message(f"{one.value} a = 1;").numbers[1] for one in SCALARS}
    for old, new in product(SCALARS, repeat=2):
        broken = generated.field_reads(declared[old], declared[new], frozenset({"python"}))
        assert bool(broken) == (annotated[old.value] != annotated[new.value]), (old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("int32 a = 1;", "optional int32 a = 1;"),
        ("int32 a = 1;", "oneof o { int32 a = 1; }"),
        ("oneof o { int32 a = 1; }", "oneof p { int32 a = 1; }"),
    ],
)
def test_python_declares_the_same_fields_whatever_their_presence(tmp_path: Path, old: str, new: str) -> None:
    assert stub(tmp_path, old) == stub(tmp_path, new)
