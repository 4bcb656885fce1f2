"""`compatcheck explain`: what a rule is about, with its example; or one finding in full, with its witness."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

from compatcheck.cli import options
from compatcheck.errors import UsageError

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


@click.command(short_help="Explain a rule, or a finding of a check.")
@click.argument("subject", metavar="RULE|FINGERPRINT")
@click.argument("new", required=False)
@options.comparison
def explain(
    subject: str,
    new: str | None,
    against: tuple[str, ...],
    staged: bool,
    against_released: str | None,
    exact: bool,
    preset: str | None,
    config_from: str,
    repo: str | None,
    config_file: str | None,
    color: str,
) -> None:
    """Say what RULE is about, why it matters, what to do instead, and show its example.

    With the FINGERPRINT of a finding (behind its place in what `compatcheck check` says), run that check again, with
    the same NEW and options, and show the finding in full, with a message that it happens to.
    """
    from compatcheck.cli.terminal import progress, wants_color, width

    colored = wants_color(color, os.environ, sys.stdout)
    if not _FINGERPRINT.fullmatch(subject):
        if new is not None:
            raise UsageError(f"{subject} is no fingerprint: only findings are explained for a NEW")
        click.echo(_rule(subject, colored, width()), nl=False, color=True)
        return
    from compatcheck.report.explain import render_finding
    from compatcheck.source.choice.select import Request
    from compatcheck.usecases.gate import Wishes, run

    wishes = Wishes(
        request=Request(new, against, staged, against_released, exact, repo),
        config_file=config_file,
        config_from_old=config_from == "old",
        preset=preset,
        wants_witness=lambda finding: finding.fingerprint == subject,
    )
    with progress("compatcheck: comparing schemas"):
        gate = run(wishes, os.environ, Path.cwd())
    found = [(check, one) for check in gate.checks for one in check.findings if one.fingerprint == subject]
    if not found:
        raise UsageError(
            f"no finding has the fingerprint {subject}",
            "ask with the NEW and the options of the check that had it",
        )
    click.echo(render_finding(*found[0], color=colored, width=width()), nl=False, color=True)


def _rule(rule_id: str, colored: bool, columns: int) -> str:
    from compatcheck.report.rules import render_explain
    from compatcheck.rules.registry import named
    from compatcheck.usecases.examples import of_rule

    found = named(rule_id)
    old, new = of_rule(found.id)
    return render_explain(found, old, new, color=colored, width=columns)
