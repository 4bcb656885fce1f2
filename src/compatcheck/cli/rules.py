"""`compatcheck rules`: lists the rules."""

from __future__ import annotations

import os
import sys

import click

from compatcheck.cli import options

_PAGES = "docs/rules"
"""The folder of the rules' pages, in the source and below the address of the documentation."""


@click.command(short_help="List the rules.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
@options.color
def rules(format_: str, color: str) -> None:
    """List the rules, one a line."""
    from compatcheck.cli.terminal import wants_color
    from compatcheck.report.rules import render_rules, render_rules_json
    from compatcheck.rules.registry import RULES

    if format_ == "json":
        from compatcheck.cli.version import version

        out = render_rules_json(RULES, version(), _PAGES)
    else:
        out = render_rules(RULES, color=wants_color(color, os.environ, sys.stdout))
    click.echo(out, nl=False, color=True)
