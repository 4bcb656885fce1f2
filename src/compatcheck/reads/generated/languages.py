"""The languages that code is generated for, and how a condition names those that break."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from compatcheck.config.model import LANGUAGES

ALL = frozenset(LANGUAGES)

_NAMES: Mapping[str, str] = {
    "cpp": "C++",
    "csharp": "C#",
    "go": "Go",
    "java": "Java",
    "javascript": "JavaScript",
    "kotlin": "Kotlin",
    "objc": "Objective-C",
    "php": "PHP",
    "python": "Python",
    "ruby": "Ruby",
    "rust": "Rust",
    "swift": "Swift",
}


def only_in(broken: Collection[str], used: frozenset[str] | None) -> str | None:
    """The condition of what breaks in some languages, "" if in all that are used (None: in all), None if in none."""
    used = ALL if used is None else used
    meant, spared = used & frozenset(broken), used - frozenset(broken)
    if not meant:
        return None
    if len(spared) * 2 < len(meant):
        return f"not in {_listed(spared)}" if spared else ""
    return f"only in {_listed(meant)}"


def _listed(languages: Collection[str]) -> str:
    names = sorted(_NAMES[one] for one in languages)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
