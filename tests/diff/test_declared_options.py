"""Options that a schema defines itself and a configuration declares to have a meaning."""

from __future__ import annotations

import pytest

from checking import source
from compatcheck.config import Config
from compatcheck.usecases.check import check

DEFINITION = """
syntax = "proto3"; package p; import "google/protobuf/descriptor.proto";
message Scope { Scope inner = 1; int32 %s = 2; repeated bytes keys = 3; }
extend google.protobuf.FieldOptions { Scope scope = 50001; }
message M { string a = 1 [(scope) = { inner { %s: %d } keys: "\\xff" keys: "k" }]; }
"""


def messages(name: str) -> list[str]:
    old, new = (source({"a.proto": DEFINITION % (name, name, value)}, str(value)) for value in (1, 2))
    return [one.message for one in check(old, new, Config(options={"p.scope": "error"})).findings]


@pytest.mark.parametrize("name", ["level", "ListFields", "DESCRIPTOR", "ParseFromString"])
def test_an_option_is_read_and_shown_whatever_its_fields_are_called(name: str) -> None:
    was, now = (f"{{inner: {{{name}: {value}}}, keys: [\\xff, k]}}" for value in (1, 2))
    assert messages(name) == [f"`(p.scope)` is {now} now, it was {was}"]
