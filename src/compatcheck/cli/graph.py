"""`compatcheck graph`: the services, and who calls whom."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compatcheck.cli import options

if TYPE_CHECKING:
    from compatcheck.usecases.rollouts import GraphAnswer


@click.command(short_help="Show services, their versions, and who calls whom.")
@click.argument("services", nargs=-1, metavar="[SERVICE]...")
@options.environment
@options.live
@click.option(
    "--depth",
    type=click.IntRange(min=0),
    help="With SERVICE: how many calls away others may be. Default: 1.",
)
@options.versions
@click.option("--evidence", is_flag=True, help="Show every line of code that calls, not one for each method.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@options.drawn
@options.repo
@options.config
@options.color
def graph(
    services: tuple[str, ...],
    environment: str | None,
    live: tuple[str, ...],
    depth: int | None,
    versions: tuple[str, ...],
    evidence: bool,
    exit_zero: bool,
    format_: str,
    repo: str | None,
    config_file: str | None,
    color: str,
) -> None:
    """Show the services, their versions and what they serve, and who calls whom with which methods.

    With SERVICE, only what is around it. Without --env, --live or --versions it shows HEAD only, whatever is
    live: of a service in another repository its latest version.

    Exit codes: 0 all pairs of the versions shown are safe, 1 there is a mismatch, 2 wrong usage or configuration,
    3 no mismatch, but something is not known.
    """
    from compatcheck.cli.terminal import progress
    from compatcheck.usecases.ask import ground
    from compatcheck.usecases.graph import graph as answer_for

    with progress("compatcheck: looking for services"):
        where = ground(repo, config_file, os.environ, Path.cwd())
        answer = answer_for(
            where,
            services,
            environment=environment,
            live=live,
            depth=depth,
            versions=options.split(versions),
        )
    click.echo(_rendered(answer, format_, color, evidence), nl=False, color=True)
    sys.exit(0 if exit_zero else answer.verdict.exit_code)


def _rendered(answer: GraphAnswer, format_: str, color: str, evidence: bool) -> str:
    if format_ == "json":
        from compatcheck.cli.version import version
        from compatcheck.report.rollout_json import render_graph_json

        return render_graph_json(answer, version())
    if format_ == "text":
        from compatcheck.cli.terminal import wants_color, width
        from compatcheck.report.graph import render_graph

        colored = wants_color(color, os.environ, sys.stdout)
        return render_graph(answer, color=colored, width=width(), evidence=evidence)
    from compatcheck.report.dot import render_dot
    from compatcheck.report.drawing import of_graph
    from compatcheck.report.mermaid import render_mermaid

    drawing = of_graph(answer)
    return render_dot(drawing) if format_ == "dot" else render_mermaid(drawing)
