"""Path templates, held against all short paths by what google/api/http.proto says that they match."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest

from compatcheck.reads.http.template import Template, Variable, parse

LITERALS = ("v1", "carts")
PATHS = [path for length in range(4) for path in product((*LITERALS, "7"), repeat=length)]
TEMPLATES = [
    Template((*segments, *end), "", ())
    for length in range(3)
    for segments in product((*LITERALS, "*"), repeat=length)
    for end in ((), ("**",))
]


def matches(segments: Sequence[str], path: Sequence[str]) -> bool:
    if not segments or not path:
        return tuple(segments) in ((), ("**",)) and not path
    if segments[0] == "**":
        return True
    return segments[0] in ("*", path[0]) and matches(segments[1:], path[1:])


def test_a_template_covers_another_if_it_matches_every_path_of_it() -> None:
    for one, other in product(TEMPLATES, repeat=2):
        theirs = [path for path in PATHS if matches(other.segments, path)]
        covers = all(matches(one.segments, path) for path in theirs)
        overlaps = any(matches(one.segments, path) for path in theirs)
        assert (one.covers(other), one.overlaps(other)) == (covers, overlaps), (one.segments, other.segments)


@pytest.mark.parametrize(
    ("text", "segments", "suffix", "variables"),
    [
        ("/v1/carts", ("v1", "carts"), "", ()),
        ("/v1/{id}", ("v1", "*"), "", (Variable("id", 1, None),)),
        ("/v1/{id=*}", ("v1", "*"), "", (Variable("id", 1, None),)),
        ("/v1/{id=carts/*}/items", ("v1", "carts", "*", "items"), "", (Variable("id", 1, 3),)),
        ("/{cart.id=carts/**}:buy", ("carts", "**"), "buy", (Variable("cart.id", 0, None),)),
        ("/v1/carts:batchGet", ("v1", "carts"), "batchGet", ()),
        ("/v1/carts/*/{id}", ("v1", "carts", "*", "*"), "", (Variable("id", 3, None),)),
    ],
)
def test_a_template_is_read_by_its_grammar(
    text: str, segments: tuple[str, ...], suffix: str, variables: tuple[Variable, ...]
) -> None:
    assert parse(text) == Template(segments, suffix, variables)


@pytest.mark.parametrize(
    "text", ["", "/", "v1/carts", "/v1/", "/v1/{id", "/v1/x{id}", "/v1/**/carts", "/{a={b}}"]
)
def test_what_is_no_template_equals_only_itself(text: str) -> None:
    assert parse(text) == Template((text,), "", ())
    assert parse(text).covers(parse(text))
    assert not parse("/**").covers(parse("/v1/carts:buy"))


def test_a_suffix_is_another_route() -> None:
    assert not parse("/v1/{id}").overlaps(parse("/v1/{id}:buy"))
    assert not parse("/v1/{id=**}").covers(parse("/v1/{id}:buy"))


def test_a_long_text_is_read_in_no_time() -> None:
    text = "/" + ":" * 50_000 + "}" + "{" * 50_000
    assert parse(text).segments == (text,)
