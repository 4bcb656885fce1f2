"""`compatcheck can-i-deploy`: whether a version can be rolled out to what is live."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from compatcheck.cli import options


@click.command("can-i-deploy", short_help="Say whether a version can be deployed now.")
@click.argument("target", metavar="SERVICE@VERSION")
@click.option("--env", "environment", metavar="NAME", required=True, help="Where to: an [environments.NAME].")
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
def can_i_deploy(
    target: str, environment: str, format_: str, repo: str | None, config_file: str | None, color: str
) -> None:
    """Say whether a version of a service can talk to everything that it would meet during its rollout.

    VERSION may also be a revision, such as HEAD, that has no tag yet.

    Exit codes: 0 safe, 1 there is a mismatch, 2 wrong usage or configuration, 3 no mismatch, but something is
    not known.
    """
    from compatcheck.cli.terminal import progress, wants_color
    from compatcheck.usecases.ask import ground
    from compatcheck.usecases.deploy import can_i_deploy as answer_for

    with progress("compatcheck: comparing versions"):
        answer = answer_for(ground(repo, config_file, os.environ, Path.cwd()), target, environment)
    if format_ == "json":
        from compatcheck.cli.version import version
        from compatcheck.report.rollout_json import render_deploy_json

        out = render_deploy_json(answer, version())
    else:
        from compatcheck.report.deploy import render_deploy

        out = render_deploy(answer, color=wants_color(color, os.environ, sys.stdout))
    click.echo(out, nl=False, color=True)
    sys.exit(answer.verdict.exit_code)
