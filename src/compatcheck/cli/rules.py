"""`compatcheck rules`: lists the rules."""

from __future__ import annotations

import os
import sys

import click

from compatcheck.cli import options


@click.command(short_help="List the rules.")
@options.color
def rules(color: str) -> None:
    """List the rules, one a line."""
    from compatcheck.cli.terminal import wants_color
    from compatcheck.report.rules import render_rules
    from compatcheck.rules.registry import RULES

    click.echo(render_rules(RULES, color=wants_color(color, os.environ, sys.stdout)), nl=False, color=True)
