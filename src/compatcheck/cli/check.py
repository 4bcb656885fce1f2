"""`compatcheck check`: compares two versions of the schemas, and gates."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from compatcheck.cli import options


@click.command(short_help="Compare with an older version, and gate on what breaks.")
@click.argument("new", required=False)
@options.comparison
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    help="The severity that fails. Default: as configured, else error.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found, for dry runs.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as annotations of GitHub Actions.",
)
@click.option(
    "--witness", is_flag=True, help="Show each finding on wire or JSON happening to a real message."
)
def check(
    new: str | None,
    against: tuple[str, ...],
    staged: bool,
    against_released: str | None,
    exact: bool,
    preset: str | None,
    fail_on: str | None,
    exit_zero: bool,
    format_: str,
    witness: bool,
    config_from: str,
    repo: str | None,
    config_file: str | None,
    color: str,
) -> None:
    """Compare NEW (default: the work tree) with an older version, and say what breaks, for whom and when.

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage or configuration, 3 no findings, but
    something could not be decided.
    """
    plain = not (new or against_released or repo or config_file) and format_ == "text"
    if staged and against == ("HEAD",) and plain and _nothing_staged():
        click.echo("No .proto file differs between HEAD and the index.")
        return
    # Everything below costs time that a hook without a changed .proto file must not pay.
    from compatcheck.cli.terminal import progress, wants_color, width
    from compatcheck.source.choice.select import Request
    from compatcheck.usecases.gate import Wishes, exit_code, run

    wishes = Wishes(
        request=Request(new, against, staged, against_released, exact, repo),
        config_file=config_file,
        config_from_old=config_from == "old",
        preset=preset,
        fail_on=fail_on,
        wants_witness=(lambda _: True) if witness else None,
    )
    with progress("compatcheck: comparing schemas"):
        gate = run(wishes, os.environ, Path.cwd())
    if format_ == "json":
        from compatcheck.cli.version import version
        from compatcheck.report.json import render_json

        out = render_json(gate.checks, version())
    elif format_ == "github":
        from compatcheck.report.github import render_github

        out = render_github(gate.checks)
    else:
        from compatcheck.report.text import render_text

        out = render_text(gate.checks, color=wants_color(color, os.environ, sys.stdout), width=width())
    click.echo(out, nl=False, color=True)
    sys.exit(0 if exit_zero else exit_code(gate))


def _nothing_staged() -> bool:
    from compatcheck.source.unchanged import nothing_relevant

    return nothing_relevant("HEAD", None, Path.cwd())
