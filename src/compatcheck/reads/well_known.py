"""Types of the protobuf library that readers treat in a way of their own, by full name."""

from __future__ import annotations

from typing import Final

ANY: Final = "google.protobuf.Any"
"""The message that holds any other, with its full name."""

WRAPPERS: Final = frozenset(
    f"google.protobuf.{name}Value"
    for name in ("Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes")
)
"""The messages that hold one value each, so that it has presence."""
