"""JSON text for every command: two spaces of indentation, ASCII only, a line end behind it.

ASCII, because a terminal, a log and a pipe of any encoding show it, and no escape sequence or bidirectional
override of a repository gets through. A path that is not UTF-8 comes from git with lone surrogates, which
strict parsers reject: such a byte is written as the text `\\xff`, another lone surrogate as U+FFFD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Object: TypeAlias = Mapping[str, Json]

_SURROGATE = re.compile("[\ud800-\udfff]")
_ENCODER = json.JSONEncoder(ensure_ascii=True, allow_nan=False)
_AT_ONCE = 1000
"""So many values of a list make one piece of a streamed document."""


def dump(value: Json) -> str:
    """`value` as a document; keys stay in the order in which they were put."""
    return json.dumps(_encodable(value), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def stream(fields: Mapping[str, Json | Iterator[Json]]) -> Iterator[str]:
    """The object `fields` as a document in pieces; what an iterator yields is a list with a line for each value.

    Nothing is kept of what is yielded, so that a list may be longer than memory.
    """
    before = "{\n"
    for key, value in fields.items():
        yield f"{before}  {json.dumps(key)}: "
        if isinstance(value, Iterator):
            yield from _lines(value)
        else:
            yield dump(value).rstrip("\n").replace("\n", "\n  ")
        before = ",\n"
    yield "\n}\n"


def _lines(values: Iterable[Json]) -> Iterator[str]:
    rest = iter(values)
    before = "["
    while some := [_line(one) for one in islice(rest, _AT_ONCE)]:
        yield f"{before}\n    " + ",\n    ".join(some)
        before = ","
    yield "[]" if before == "[" else "\n  ]"


def _line(value: Json) -> str:
    text = _ENCODER.encode(value)
    # Looking through every string costs more than writing it: only what may hold a surrogate is looked at.
    return _ENCODER.encode(_encodable(value)) if "\\ud" in text else text


def _encodable(value: Json) -> Json:
    if isinstance(value, str):
        return _SURROGATE.sub(_spelled, value)
    if isinstance(value, Mapping):
        return {_SURROGATE.sub(_spelled, key): _encodable(one) for key, one in value.items()}
    if isinstance(value, Sequence):
        return [_encodable(one) for one in value]
    return value


def _spelled(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else "\ufffd"
