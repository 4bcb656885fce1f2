"""`compatcheck can-i-deploy`: whether a version can be rolled out to what is live."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from compatcheck.cli import options


@click.command("can-i-deploy", short_help="Say whether a version can be deployed now.")
@click.argument("target", metavar="SERVICE@VERSION")
@options.environment
@options.live
@options.strategy
@options.json_or_text
@options.repo
@options.config
@options.color
def can_i_deploy(
    target: str,
    environment: str | None,
    live: tuple[str, ...],
    strategy: str,
    format_: str,
    repo: str | None,
    config_file: str | None,
    color: str,
) -> None:
    """Say whether a version of a service can talk to everything that it would meet during its rollout.

    VERSION may also be a revision, such as HEAD, that has no tag yet. Says, too, whether the way back stays open.

    Exit codes: 0 safe, 1 there is a mismatch, 2 wrong usage or configuration, 3 no mismatch, but something is
    not known.
    """
    from compatcheck.cli.terminal import progress, wants_color, width
    from compatcheck.rollout.live import Strategy
    from compatcheck.usecases.ask import ground
    from compatcheck.usecases.deploy import can_i_deploy as answer_for

    with progress("compatcheck: comparing versions"):
        where = ground(repo, config_file, os.environ, Path.cwd())
        answer = answer_for(where, target, environment=environment, live=live, strategy=Strategy(strategy))
    if format_ == "json":
        from compatcheck.cli.version import version
        from compatcheck.report.rollout_json import render_deploy_json

        out = render_deploy_json(answer, version())
    else:
        from compatcheck.report.deploy import render_deploy

        out = render_deploy(answer, color=wants_color(color, os.environ, sys.stdout), width=width())
    click.echo(out, nl=False, color=True)
    sys.exit(answer.verdict.exit_code)
