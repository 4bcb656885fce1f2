"""All rules, in the order in which they are listed."""

from __future__ import annotations

from collections.abc import Mapping

from compatcheck.config.names import suggestion
from compatcheck.errors import UsageError
from compatcheck.rules import enums, field_types, fields, files, http, messages, options, services, validation
from compatcheck.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    value
    for module in (files, messages, fields, field_types, enums, services, options, http, validation)
    for value in vars(module).values()
    if isinstance(value, Rule)
)
BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}


def named(rule_id: str) -> Rule:
    """The rule with an id; UsageError, with what may have been meant, if there is none."""
    if rule_id in BY_ID:
        return BY_ID[rule_id]
    raise UsageError(
        f"there is no rule {rule_id}", suggestion(rule_id, BY_ID) or "`compatcheck rules` lists them"
    )
