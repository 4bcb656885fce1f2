"""What the terminal wants: colour or not, how wide, and a word if something takes long."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Timer
from typing import TextIO

PATIENCE = 1.0
"""Seconds before somebody who watches is told what is going on."""


def wants_color(choice: str, env: Mapping[str, str], out: TextIO | None) -> bool:
    """`always` and `never` decide; `auto` asks NO_COLOR, FORCE_COLOR, and whether `out` is a terminal.

    `out` is None where the program was started without a standard output.
    """
    if choice != "auto":
        return choice == "always"
    if env.get("NO_COLOR"):
        return False
    return bool(env.get("FORCE_COLOR")) or (out is not None and out.isatty())


def width() -> int:
    """Columns to use for text: those of the terminal, within reason."""
    return max(60, min(120, shutil.get_terminal_size((100, 24)).columns))


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Say on stderr what takes more than a second, if stderr is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return

    def tell() -> None:
        sys.stderr.write(f"{doing} …\n")
        sys.stderr.flush()

    timer = Timer(PATIENCE, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
