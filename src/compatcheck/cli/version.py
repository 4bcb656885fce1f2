"""The version of the installed package."""

from __future__ import annotations


def version() -> str:
    # 70 ms to import, for a line that is rarely asked for.
    from importlib.metadata import version as installed

    return installed("compatcheck")
