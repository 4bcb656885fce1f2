"""`compatcheck plan`: in which order several services can go to new versions."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compatcheck.cli import options

if TYPE_CHECKING:
    from compatcheck.usecases.rollouts import PlanAnswer


@click.command(short_help="Find an order in which several versions can be deployed.")
@click.argument("targets", nargs=-1, required=True, metavar="SERVICE@VERSION...")
@options.environment
@options.live
@options.strategy
@options.drawn
@options.repo
@options.config
@options.color
def plan(
    targets: tuple[str, ...],
    environment: str | None,
    live: tuple[str, ...],
    strategy: str,
    format_: str,
    repo: str | None,
    config_file: str | None,
    color: str,
) -> None:
    """Find an order, in waves, in which services can go to new versions so that whoever meets can talk.

    If there is none: which services block each other, why, and the ways out.

    Exit codes: 0 there is a safe order, 1 there is none, 2 wrong usage or configuration, 3 something is not known.
    """
    from compatcheck.cli.terminal import progress
    from compatcheck.rollout.live import Strategy
    from compatcheck.usecases.ask import ground
    from compatcheck.usecases.plan import plan as answer_for

    with progress("compatcheck: looking for an order"):
        where = ground(repo, config_file, os.environ, Path.cwd())
        answer = answer_for(where, targets, environment=environment, live=live, strategy=Strategy(strategy))
    click.echo(_rendered(answer, format_, color), nl=False, color=True)
    sys.exit(answer.verdict.exit_code)


def _rendered(answer: PlanAnswer, format_: str, color: str) -> str:
    if format_ == "json":
        from compatcheck.cli.version import version
        from compatcheck.report.rollout_json import render_plan_json

        return render_plan_json(answer, version())
    if format_ == "text":
        from compatcheck.cli.terminal import wants_color, width
        from compatcheck.report.plan import render_plan

        return render_plan(answer, color=wants_color(color, os.environ, sys.stdout), width=width())
    from compatcheck.report.dot import render_dot
    from compatcheck.report.drawing import of_plan
    from compatcheck.report.mermaid import render_mermaid

    drawing = of_plan(answer)
    return render_dot(drawing) if format_ == "dot" else render_mermaid(drawing)
