"""Versions, tags and templates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compatcheck.config import Service
from compatcheck.rollout.versions import find_release, releases, templates, version_of
from compatcheck.source.git.tags import Tag


@pytest.mark.parametrize(
    ("pattern", "tag", "version"),
    [
        ("cart-v*", "cart-v1.0", "1.0"),
        ("cart-v*", "card-v1.0", None),
        ("cart-v*", "cart-v", None),
        ("v[0-9]*", "v1.2.0", "1.2.0"),
        ("v[0-9]*", "vnext", None),
        ("v*-cart", "v1.0-cart", "1.0"),
        ("*", "2026-01", "2026-01"),
        ("cart/{version}", "cart/1.0", "1.0"),
        ("cart/{version}", "cart/", None),
        ("cart/{version}", "other/cart/1.0", None),
        ("{version}-final", "1.0-final", "1.0"),
        ("v?.?", "v1.0", "1.0"),
    ],
)
def test_a_version_is_what_the_fixed_text_of_a_pattern_leaves(
    pattern: str, tag: str, version: str | None
) -> None:
    assert version_of(pattern, tag) == version


@given(st.text(alphabet="v0123456789./-", min_size=1), st.sampled_from(["cart-v*", "cart/{version}", "*"]))
def test_different_tags_are_different_versions_of_one_pattern(version: str, pattern: str) -> None:
    tag = pattern.replace("{version}", version).replace("*", version)
    assert version_of(pattern, tag) == version


def test_releases_are_in_the_order_of_history_and_then_of_numbers() -> None:
    tags = [Tag("v1.10", "c", 5), Tag("v1.9", "c", 5), Tag("v2.0", "b", 3), Tag("other", "a", 1)]
    found = releases(Service("cart", versions=("v*",)), tags)
    assert [one.version for one in found] == ["2.0", "1.9", "1.10"]
    assert [one.revision for one in found] == ["refs/tags/v2.0", "refs/tags/v1.9", "refs/tags/v1.10"]


def test_the_first_pattern_wins_where_two_name_one_version() -> None:
    tags = [Tag("cart/1.0", "a", 1), Tag("v1.0", "b", 2)]
    found = releases(Service("cart", versions=("v*", "cart/{version}")), tags)
    assert [(one.version, one.revision) for one in found] == [("1.0", "refs/tags/v1.0")]


def test_a_release_is_found_by_version_and_by_tag() -> None:
    found = releases(Service("cart", versions=("cart-v*",)), [Tag("cart-v1.0", "a", 1)])
    assert find_release(found, "1.0") == find_release(found, "cart-v1.0") == found[0]
    assert find_release(found, "1.1") is None


def test_a_template_names_revisions_that_no_tag_has() -> None:
    assert templates(Service("cart", versions=("v*", "release/{version}")), "1.0") == ("release/1.0",)


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=4),
    st.lists(st.integers(0, 300), min_size=1, max_size=4),
)
def test_numbers_in_versions_compare_as_numbers(one: list[int], other: list[int]) -> None:
    tags = [Tag("v" + ".".join(map(str, parts)), "c", 5) for parts in (one, other)]
    found = [release.version for release in releases(Service("cart", versions=("v*",)), tags)]
    assert found == [".".join(map(str, parts)) for parts in sorted({tuple(one), tuple(other)})]
