"""What is told from text alone: quoted names, the order of versions."""

from __future__ import annotations

import random

import pytest

from compatcheck.source.content import mentioned
from compatcheck.source.git.released import is_prerelease, latest, version_key


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b'import "a.proto";', ("a.proto",)),
        (b"import public 'a b/c.proto';", ("a b/c.proto",)),
        (b'import "a.proto"; import "b.proto"; import "a.proto";', ("a.proto", "b.proto")),
        (b'// don\'t\nimport "a.proto";', ("a.proto",)),
        (b"/* don't */ import \"a.proto\"; // isn't", ("a.proto",)),
        (b'import "it\'s.proto";', ("it's.proto",)),
        (b'/* " */ import "a.proto";', ("a.proto",)),
        (b"/* \" */ import 'a.proto';", ("a.proto",)),
        (b'option x = "not a proto"; string s = 1 [default = "a.proto2"];', ()),
        (b"message Proto { string a = 1; } // see a.proto", ()),
        ('import "grüße.proto";'.encode(), ("grüße.proto",)),
        (b'import "\xff.proto";', ("\udcff.proto",)),
    ],
)
def test_every_quoted_name_is_found(text: bytes, names: tuple[str, ...]) -> None:
    assert mentioned(text) == names


ORDERED = (
    *(
        "v0.9",
        "v1.0.0-alpha",
        "v1.0.0-alpha.2",
        "v1.0.0-beta.2",
        "v1.0.0-beta.11",
        "v1.0.0-rc1",
        "v1.0.0-RC2",
    ),
    *("v1.0.0", "v1.0.0-hotfix1", "v1.0.1", "v1.2.0", "v1.10.0", "v2.0.0a1", "v2.0.0b1", "v2.0.0"),
    *("v10.0.0", "v20240131", "v" + 5000 * "9"),
)


def test_versions_are_ordered_as_versions() -> None:
    shuffled = list(ORDERED)
    random.Random(1).shuffle(shuffled)
    assert tuple(sorted(shuffled, key=version_key)) == ORDERED


def test_the_latest_release_is_not_a_pre_release_unless_there_is_no_other() -> None:
    assert latest(["v1.9.0", "v2.0.0-rc1", "v1.10.0"]) == "v1.10.0"
    assert latest(["v2.0.0-rc1", "v2.0.0-rc10"]) == "v2.0.0-rc10"
    assert latest(["beta/v1.0", "beta/v2.0"]) == "beta/v2.0"
    assert latest([]) is None
    assert not is_prerelease("alpha-service/1.0")
