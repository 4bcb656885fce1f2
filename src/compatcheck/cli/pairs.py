"""`compatcheck pairs`: which client versions and provider versions can talk."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from compatcheck.cli import options


@click.command(short_help="Show which versions of services can talk.")
@click.option("--client", metavar="SERVICE", help="Only the pairs in which this service calls.")
@click.option("--provider", metavar="SERVICE", help="Only the pairs in which this service is called.")
@click.option("--env", "environment", metavar="NAME", help="Only versions that are live in this environment.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
@options.repo
@options.config
@options.color
def pairs(
    client: str | None,
    provider: str | None,
    environment: str | None,
    exit_zero: bool,
    format_: str,
    repo: str | None,
    config_file: str | None,
    color: str,
) -> None:
    """Show which versions of the declared services can talk to which versions of the services they call.

    Exit codes: 0 all pairs are safe, 1 there is a mismatch, 2 wrong usage or configuration, 3 no mismatch, but
    something is not known.
    """
    from compatcheck.cli.terminal import progress, wants_color, width
    from compatcheck.usecases.ask import ground
    from compatcheck.usecases.pairs import all_pairs

    with progress("compatcheck: comparing versions"):
        where = ground(repo, config_file, os.environ, Path.cwd())
        answer = all_pairs(where, client, provider, environment)
    if format_ == "json":
        from compatcheck.cli.version import version
        from compatcheck.report.rollout_json import render_pairs_json

        out = render_pairs_json(answer, version())
    else:
        from compatcheck.report.pairs import render_pairs

        out = render_pairs(answer, color=wants_color(color, os.environ, sys.stdout), width=width())
    click.echo(out, nl=False, color=True)
    sys.exit(0 if exit_zero else answer.verdict.exit_code)
