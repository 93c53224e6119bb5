"""The option that says how many processes share the work of a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from archive.processes.cores import usual_count


def _option(help_text: str) -> Callable[[Any], Any]:
    return click.option(
        "--jobs",
        type=click.IntRange(1, 256),
        default=usual_count,
        show_default="one a core",
        help=help_text,
    )


jobs_option = _option("Processes that parse pages, beside the one that stores them.")
index_jobs_option = _option(
    "Processes that make the index; each takes some 200 MB of memory."
)
