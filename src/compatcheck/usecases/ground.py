"""Where a question about services is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compatcheck.config import Config
from compatcheck.source.git.place import Place


@dataclass(frozen=True, slots=True)
class Ground:
    """A repository, its configuration, and what a process knows of its surroundings."""

    config: Config
    place: Place
    env: Mapping[str, str]
    cwd: Path
