"""Kinds of fields, with rules to draw from and values that tell them apart, for tests that ask the validator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

Value = int | float | str | bytes | Sequence["Value"] | Mapping[str, int]


@dataclass(frozen=True)
class Kind:
    """A kind of field: how it is declared, rules to draw from, and values that tell rules apart."""

    declared: str
    rules: tuple[str, ...]
    values: tuple[Value, ...]


def _numbers(type_: str, values: tuple[Value, ...]) -> Kind:
    limits = (-1, 0, 1, 5, 6, 10)
    bounds = tuple(f"{type_}.{name} = {limit}" for name in ("lt", "lte", "gt", "gte") for limit in limits)
    lists = tuple(f"{type_}.{name} = {limit}" for name in ("const", "in", "not_in") for limit in (0, 1, 5))
    return Kind(f"{type_} x = 1", (*bounds, *lists, *COMMON), values)


COMMON = ("required = true", "ignore = IGNORE_IF_ZERO_VALUE", "ignore = IGNORE_ALWAYS")
TEXT_RULES = (
    *(f"{name} = {limit}" for name in ("min_len", "max_len", "len") for limit in (0, 1, 2, 4)),
    *(
        f'{name} = "{text}"'
        for name in ("prefix", "suffix", "contains", "not_contains")
        for text in ("a", "ab")
    ),
    *(f'{name} = "{text}"' for name in ("const", "in", "not_in") for text in ("", "a", "ab", "abc")),
)
TEXTS = (
    *("".join(letters) for length in range(6) for letters in product("ab", repeat=length)),
    *("é" * length for length in range(1, 6)),
    *("€" * length for length in range(1, 6)),
    *("😀" * length for length in range(1, 6)),
    *(
        "€b",
        "é€",
        "éa",
        "éab",
        "abé",
        "aé",
        "a😀",
        "b😀",
        "ab😀",
        "😀ab",
        "😀a",
        "aaé",
        "é😀",
        "abc",
        "aaaaaaa",
        "abbbbba",
        "abbbbab",
        "😀😀😀a",
        "a😀ab",
    ),
)
INTEGERS = (-(2**31), -2, -1, 0, 1, 2, 4, 5, 6, 7, 9, 10, 11, 2**31 - 1)
TIMES = tuple({"seconds": one, "nanos": rest} for one in (0, 1, 2, 3, 5) for rest in (0, 1))

KINDS = {
    "int32": _numbers("int32", INTEGERS),
    "optional int32": _numbers("int32", INTEGERS),
    "double": _numbers(
        "double",
        (*(float(one) for one in INTEGERS[1:-1]), 0.5, 5.5, -0.5, float("nan"), float("inf"), float("-inf")),
    ),
    "bool": Kind("bool x = 1", ("bool.const = true", "bool.const = false", *COMMON), (False, True)),
    "enum": Kind(
        "Color x = 1",
        (
            "enum.defined_only = true",
            *(f"enum.{name} = {one}" for name in ("const", "in", "not_in") for one in (0, 1, 7)),
            *COMMON,
        ),
        (-1, 0, 1, 2, 3, 7),
    ),
    "string": Kind(
        "string x = 1",
        (
            *(f"string.{rule}" for rule in TEXT_RULES),
            *(f"string.{name}_bytes = {one}" for name in ("min", "max") for one in (0, 1, 3, 6)),
            "string.len_bytes = 3",
            *COMMON,
        ),
        TEXTS,
    ),
    "optional string": Kind("string x = 1", (*(f"string.{rule}" for rule in TEXT_RULES), *COMMON), TEXTS),
    "bytes": Kind(
        "bytes x = 1",
        (*(f"bytes.{rule}" for rule in TEXT_RULES if "not_contains" not in rule), *COMMON),
        tuple(text.encode() for text in TEXTS),
    ),
    "duration": Kind(
        "google.protobuf.Duration x = 1",
        (
            *(
                f"duration.{name} = {{seconds: {one}}}"
                for name in ("lt", "lte", "gt", "gte", "const", "in", "not_in")
                for one in (0, 1, 3)
            ),
            "required = true",
        ),
        (*TIMES, {"seconds": -1, "nanos": 0}),
    ),
    "list": Kind(
        "repeated int32 x = 1",
        (
            *(f"repeated.{name}_items = {one}" for name in ("min", "max") for one in (0, 1, 2)),
            *(
                f"repeated.items.int32.{name} = {one}"
                for name in ("lt", "gte", "not_in")
                for one in (0, 1, 5)
            ),
            "repeated.items.ignore = IGNORE_IF_ZERO_VALUE",
            "repeated.unique = true",
            *COMMON,
        ),
        tuple(chosen for length in range(4) for chosen in product((-1, 0, 1, 2, 5, 9), repeat=length)),
    ),
}
