"""Shows the value of an option as source would write it, about."""

from __future__ import annotations

from collections.abc import Mapping

from compatcheck.schema.model import OptionValue


def source_text(value: OptionValue) -> str:
    """A value about as source writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(source_text, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {source_text(one)}' for name, one in value.items())}}}"
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
