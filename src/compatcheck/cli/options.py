"""Options that several commands share."""

from __future__ import annotations

import click

repo = click.option(
    "--repo",
    metavar="PATH",
    help="The repository to look at, bare ones included, instead of the one of the current folder.",
)
config = click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="A configuration file, instead of the compatcheck.toml or pyproject.toml that is found.",
)
color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the text. NO_COLOR and FORCE_COLOR are honoured.",
)
