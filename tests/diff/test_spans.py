"""Arithmetic on ranges, against sets."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from compatcheck.diff.spans import span_text, spans_without

spans = st.lists(
    st.tuples(st.integers(-20, 20), st.integers(0, 8)).map(lambda two: range(two[0], sum(two))), max_size=6
)


def numbers(some: list[range] | tuple[range, ...]) -> set[int]:
    return {number for one in some for number in one}


@given(spans, spans)
def test_what_remains_is_the_difference_of_the_sets(these: list[range], taken: list[range]) -> None:
    assert numbers(spans_without(these, taken)) == numbers(these) - numbers(taken)


@given(spans, spans)
def test_what_remains_is_sorted_and_has_no_empty_or_overlapping_spans(
    these: list[range], taken: list[range]
) -> None:
    found = spans_without(these, taken)
    assert all(one.start < one.stop for one in found)
    assert all(one.stop <= other.start for one, other in pairwise(found))


@given(spans)
def test_nothing_remains_of_what_is_taken_as_a_whole(these: list[range]) -> None:
    assert spans_without(these, these) == ()


def test_ranges_that_touch_are_one() -> None:
    assert spans_without([range(5, 6), range(2, 5)], []) == (range(2, 6),)


def test_a_range_is_never_expanded() -> None:
    assert spans_without([range(1, 2**40)], [range(7, 8)]) == (range(1, 7), range(8, 2**40))


def test_a_span_is_written_as_in_source() -> None:
    assert [span_text(one) for one in (range(5, 6), range(5, 10), range(-3, -1))] == [
        "5",
        "5 to 9",
        "-3 to -2",
    ]
