"""Every small service in fixtures/discover is found to serve and to call what stands in its expected.json.

`fixtures/discover/<language>/<case>/`: code, `service.proto`, and `expected.json` with the full names of the gRPC
services that it provides and of the methods that it calls (`shop.v1.Cart.*`: methods unknown).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compatcheck.discover.service import uses_of
from discover.trees import known_services, tree_of

TOP = Path(__file__).parents[2] / "fixtures" / "discover"
CASES = sorted(path.parent for path in TOP.glob("*/*/expected.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.relative_to(TOP)))
def test_a_small_service_serves_and_calls_what_is_expected_of_it(case: Path) -> None:
    files = {
        path.relative_to(case).as_posix(): path.read_bytes()
        for path in case.rglob("*")
        if path.is_file() and path.name != "expected.json"
    }
    found = uses_of(tree_of(files), [""], known_services(files["service.proto"].decode()))
    expected = json.loads((case / "expected.json").read_text())
    calls = [f"{called.service}.{called.method or '*'}" for called in found.calls]
    assert {"provides": [provided.service for provided in found.provides], "calls": calls} == expected
    evidence = [*(item.evidence for item in found.provides), *(item.evidence for item in found.calls)]
    assert all(lines and lines[0].text for lines in evidence)
