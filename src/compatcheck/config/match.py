"""Which files and rules the patterns of a configuration speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from compatcheck.config.model import Config, Setting
from compatcheck.errors import UsageError


def excluder(config: Config) -> Callable[[str], bool]:
    """Whether a path (relative to the repository's top) is excluded, by the rules of `.gitignore` files.

    UsageError: a pattern that is none.
    """
    if not config.exclude:
        return lambda _path: False
    # Costs time to import, and most repositories exclude nothing.
    from pathspec import GitIgnoreSpec

    try:
        spec = GitIgnoreSpec.from_lines(config.exclude)
    except ValueError as error:
        raise UsageError(f"{config.where}: exclude: {error}") from None
    prefix = f"{config.folder}/" if config.folder else ""
    return lambda path: path.startswith(prefix) and spec.match_file(path.removeprefix(prefix))


def severity_of(severity: Mapping[str, Setting], rule: str) -> Setting | None:
    """What a rule's findings are set to count as: by its id, else by the longest glob that matches it."""
    if rule in severity:
        return severity[rule]
    globs = [pattern for pattern in severity if fnmatchcase(rule, pattern)]
    return severity[max(globs, key=len)] if globs else None
