"""Turns what a configuration says of a comparison into the settings of the layers that compare."""

from __future__ import annotations

from fnmatch import fnmatchcase

from compatcheck.config import Config
from compatcheck.diff.settings import Settings
from compatcheck.reads.json import JsonSettings


def json_settings(config: Config) -> JsonSettings:
    return JsonSettings(
        unknown_fields=config.json_unknown_fields,
        profile=config.json_profile,
        names=config.json_names,
        enums=config.json_enums,
    )


def settings(config: Config) -> Settings:
    """The settings of a comparison of two schemas."""

    def travels_in_any(full_name: str) -> bool:
        return any(fnmatchcase(full_name, pattern) for pattern in config.travels_in_any)

    return Settings(
        json=json_settings(config),
        languages=None if config.languages is None else frozenset(config.languages),
        options=frozenset(config.options),
        travels_in_any=travels_in_any,
    )
