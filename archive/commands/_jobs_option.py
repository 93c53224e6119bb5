"""The option that says how many processes parse pages."""

from __future__ import annotations

import click


def _usual_count() -> int:
    # imported when it runs: --help is quick
    from archive.intake.parsers import usual_count

    return usual_count()


jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=_usual_count,
    show_default="one a core",
    help="Processes that parse pages, beside the one that stores them.",
)
