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
@options.environment
@options.live
@options.versions
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@options.json_or_text
@options.repo
@options.config
@options.color
def pairs(
    client: str | None,
    provider: str | None,
    environment: str | None,
    live: tuple[str, ...],
    versions: tuple[str, ...],
    exit_zero: bool,
    format_: str,
    repo: str | None,
    config_file: str | None,
    color: str,
) -> None:
    """Show which versions of services can talk to which versions of the services they call.

    All versions, or those that are live with --env or --live.

    Exit codes: 0 all pairs are safe, 1 there is a mismatch, 2 wrong usage or configuration, 3 no mismatch, but
    something is not known.
    """
    from compatcheck.cli.terminal import progress, wants_color, width
    from compatcheck.usecases.ask import ground
    from compatcheck.usecases.pairs import all_pairs

    with progress("compatcheck: comparing versions"):
        where = ground(repo, config_file, os.environ, Path.cwd())
        answer = all_pairs(
            where, client, provider, environment=environment, live=live, versions=options.split(versions)
        )
    if format_ == "json":
        from compatcheck.cli.version import version
        from compatcheck.report.rollout_json import render_pairs_json

        for piece in render_pairs_json(answer, version()):
            click.echo(piece, nl=False, color=True)
    else:
        from compatcheck.report.pairs import render_pairs

        out = render_pairs(answer, color=wants_color(color, os.environ, sys.stdout), width=width())
        click.echo(out, nl=False, color=True)
    sys.exit(0 if exit_zero else answer.verdict.exit_code)
