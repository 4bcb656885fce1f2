"""`compatcheck explain`: what a rule is about, with its example."""

from __future__ import annotations

import os
import sys

import click

from compatcheck.cli import options


@click.command(short_help="Explain a rule, with its example.")
@click.argument("rule")
@options.color
def explain(rule: str, color: str) -> None:
    """Say what RULE is about, why it matters, what to do instead, and show its example."""
    from compatcheck.cli.terminal import wants_color, width
    from compatcheck.report.rules import render_explain
    from compatcheck.rules.registry import named
    from compatcheck.usecases.examples import of_rule

    found = named(rule)
    old, new = of_rule(found.id)
    colored = wants_color(color, os.environ, sys.stdout)
    click.echo(render_explain(found, old, new, color=colored, width=width()), nl=False, color=True)
