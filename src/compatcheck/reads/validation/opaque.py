"""Rules whose valid values are not known: which of them imply others, and what they say to the empty text."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from compatcheck.reads.validation.constraints import Constraints
from compatcheck.reads.validation.words import FORMATS

Rule = tuple[str, str]
"""Its name and its value."""

_EMPTY_FORMATS = frozenset({"uri_ref", "http_header_value", "one_line"})
"""The well-known formats that the empty text has as well."""
_WIDER = {
    "ipv4": {"ip", "address"},
    "ipv6": {"ip", "address"},
    "ip": {"address"},
    "hostname": {"address"},
    "uri": {"uri_ref"},
    "http_header_name": {"http_header_name, not strict", "one_line"},
    "http_header_name, not strict": {"one_line"},
    "http_header_value": {"one_line"},
    "ipv4_with_prefixlen": {"ip_with_prefixlen"},
    "ipv6_with_prefixlen": {"ip_with_prefixlen"},
    "ip_prefix": {"ip_with_prefixlen"},
    "ipv4_prefix": {"ip_prefix", "ip_with_prefixlen", "ipv4_with_prefixlen"},
    "ipv6_prefix": {"ip_prefix", "ip_with_prefixlen", "ipv6_with_prefixlen"},
}
"""Formats, and those that every value of theirs has as well."""
_LONGEST, _MOST_CHOICES = 200, 10
"""Patterns are untrusted, and Python's engine tries every combination of choices."""


def unmatched(writer: Constraints, reader: Constraints) -> Iterator[Rule]:
    """The reader's opaque rules that the writer does not have."""
    known = writer.opaque | {
        (wider, value) for name, value in writer.opaque for wider in _WIDER.get(name, ())
    }
    for rule in sorted(reader.opaque - known):
        if rule[0] == "unique" and writer.sizes.most <= 1:
            continue
        yield rule


def empty_passes(rule: Rule) -> bool | None:
    """Whether the empty text satisfies an opaque rule; None if nobody can tell."""
    name, value = rule
    if name == "pattern":
        return _matches_empty(value)
    return name in _EMPTY_FORMATS if name in FORMATS else None


def _matches_empty(pattern: str) -> bool | None:
    """By RE2, as both libraries use it; None if that cannot be told cheaply, or Python reads it otherwise."""
    choices = sum(pattern.count(sign) for sign in "*+?|")
    if (
        len(pattern) > _LONGEST
        or choices > _MOST_CHOICES
        or re.search(r"\{\d{2}|\{,|\}.*\}|\)\{|\\[BCpPz]", pattern)
    ):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return re.search(pattern, "") is not None
        except (re.error, Warning, OverflowError, RecursionError):
            return None
