"""What the steps of `corpus` have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from archive.commands._zone import Zone
from archive.intake.opening import is_address

if TYPE_CHECKING:
    from archive.corpus.outputs import Output

master_option: Final = click.option(
    "--master",
    default="",
    metavar="ADDRESS",
    help="The Spark cluster (spark://…, k8s://…, yarn); two tasks at a time on this machine "
    "by default, or what spark-submit says.",
)
zone_option: Final = click.option(
    "--zone",
    "utc_offset_minutes",
    type=Zone(),
    default=None,
    help="The forums' time zone, hours east of Greenwich (usually +8).",
)


def output_of(out: str) -> Output:
    """The folder or address for results."""
    # what it is made of comes with the extra `cluster`
    from pathlib import Path

    from archive.corpus.outputs import Output

    return Output(out if is_address(out) else str(Path(out).absolute()))
