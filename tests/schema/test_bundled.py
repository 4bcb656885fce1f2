"""The files that come with the tool's packages."""

from __future__ import annotations

import pytest

from compatcheck.schema.compiling.bundled import bundled, is_bundled
from compatcheck.schema.compiling.compiler import compile_files
from compatcheck.schema.compiling.imports import scan


@pytest.mark.parametrize(
    "name",
    [
        "google/protobuf/any.proto",
        "google/protobuf/compiler/plugin.proto",
        "google/api/annotations.proto",
        "google/rpc/status.proto",
        "google/type/money.proto",
        "google/longrunning/operations.proto",
    ],
)
def test_a_bundled_file_compiles_with_its_imports(name: str) -> None:
    files: dict[str, bytes] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        text = bundled(one)
        assert text is not None
        if one not in files:
            files[one] = text
            waiting += scan(text).imports
    assert compile_files(files, [name]).failed == {}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "google",
        "google/protobuf",
        "any.proto",
        "google/protobuf/../protobuf/any.proto",
        "google/\0.proto",
        f"google/{'a' * 5000}.proto",
    ],
)
def test_other_names_are_not_bundled(name: str) -> None:
    assert bundled(name) is None
    assert not is_bundled(name)
