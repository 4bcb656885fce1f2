"""`compatcheck who-uses`: which versions of services use a method, message, enum or field."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from compatcheck.cli import options


@click.command("who-uses", short_help="Say who uses a method, message or field.")
@click.argument("element", metavar="METHOD|MESSAGE|FIELD|ENUM.VALUE")
@options.environment
@options.live
@options.versions
@options.json_or_text
@options.repo
@options.config
@options.color
def who_uses(
    element: str,
    environment: str | None,
    live: tuple[str, ...],
    versions: tuple[str, ...],
    format_: str,
    repo: str | None,
    config_file: str | None,
    color: str,
) -> None:
    """Say which versions of which services use ELEMENT (a full name), and so must be gone before it may go.

    With --env or --live, only what is live there.

    Exit codes: 0 it is known who uses it, 2 wrong usage or configuration, 3 it is not known in full.
    """
    from compatcheck.cli.terminal import progress, wants_color, width
    from compatcheck.usecases.ask import ground
    from compatcheck.usecases.who_uses import who_uses as answer_for

    with progress("compatcheck: looking for users"):
        where = ground(repo, config_file, os.environ, Path.cwd())
        answer = answer_for(
            where, element, environment=environment, live=live, versions=options.split(versions)
        )
    if format_ == "json":
        from compatcheck.cli.version import version
        from compatcheck.report.rollout_json import render_users_json

        out = render_users_json(answer, version())
    else:
        from compatcheck.report.who_uses import render_users

        out = render_users(answer, color=wants_color(color, os.environ, sys.stdout), width=width())
    click.echo(out, nl=False, color=True)
    sys.exit(3 if answer.gaps or any(one.doubt for one in answer.users) else 0)
