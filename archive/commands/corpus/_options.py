"""What the steps of `corpus` have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from archive.commands._zone import Zone
from archive.intake.opening import is_address

if TYPE_CHECKING:
    from archive.corpus.outputs import Output

_Command = TypeVar("_Command", bound=Callable[..., Any])

master_option: Final = click.option(
    "--master",
    default="",
    metavar="ADDRESS",
    help="The Spark cluster (spark://…, k8s://…, yarn); two tasks at a time on this machine "
    "by default, or what spark-submit says.",
)


def parts_option(meaning: str) -> Callable[[_Command], _Command]:
    """Into how many parts the work of a step is divided; `meaning`: its help."""
    return click.option(
        "--parts",
        default=16,
        show_default=True,
        metavar="N",
        type=click.IntRange(1, 100_000),
        help=meaning,
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
