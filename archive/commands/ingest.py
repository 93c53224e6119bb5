"""`discuz-archive ingest`: saved pages into an archive, with a summary of what was stored
and what was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive.commands._jobs_option import jobs_option
from archive.commands._zone import Zone
from archive.intake.inputs import (
    MAX_BYTES,
    Hints,
    InputItem,
    InputRecord,
    printable,
)


@click.command()
@click.argument("db", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--url",
    default="",
    help=(
        "Address that a single saved page had, where the page does not tell it; of a "
        "folder: the address that it is a copy of."
    ),
)
@click.option(
    "--zone",
    type=Zone(),
    default=None,
    help="The forum's time zone, hours east of Greenwich (usually +8).",
)
@click.option(
    "--captured-at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]),
    help=(
        "When single saved pages were saved (UTC), where neither the page nor the "
        "file's date tells it."
    ),
)
@click.option(
    "--max-mb",
    type=click.FloatRange(min=0),
    default=MAX_BYTES >> 20,
    show_default=True,
    help="Pages bigger than this are named and passed over.",
)
@jobs_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print the summary as one JSON object."
)
def command(
    db: Path,
    files: tuple[str, ...],
    url: str,
    zone: int | None,
    captured_at: datetime | None,
    max_mb: float,
    jobs: int,
    as_json: bool,
) -> int:
    """Read saved pages (WARC, HTML, MHTML, text, folders of them) into the archive DB.

    It is made if it is not there. FILE is a file or folder of any kind, told by its bytes
    (also WACZ, ARC, HAR, ZIP, mirrors of wget and HTTrack), `-` for standard input, or the
    address of a file (https:, s3:).

    Exit code 0: something was stored, or all of it was there already; 3: nothing that could
    be read; 4: pages of a forum that no parser could read; 5: the archive cannot be
    written.
    """
    # imported when it runs: --help is quick
    from archive.commands._reading import Run, read_into
    from archive.intake.sources import read_inputs
    from archive.schema import connect

    names = " ".join(printable(Path(file).name) for file in files)
    run = Run(
        command="ingest",
        arguments=names,
        started=datetime.now(UTC),
    )
    hints = Hints(
        url=url,
        captured_at=captured_at.replace(tzinfo=UTC) if captured_at else None,
        max_bytes=round(max_mb * (1 << 20)),
    )
    inputs = read_inputs(files, hints)
    with _place(db, inputs) as place:
        return read_into(
            connect(place),
            run,
            lambda ingest: ingest.run(inputs),
            zone=zone,
            jobs=jobs,
            as_json=as_json,
        )


@contextmanager
def _place(db: Path, inputs: Iterable[InputItem]) -> Iterator[Path]:
    """Where the archive is: elsewhere, for as long as the command runs, where there is none
    yet and the inputs hold nothing that could be stored."""
    is_new = not db.exists() and db.parent.is_dir()
    if not is_new or any(isinstance(item, InputRecord) for item in inputs):
        yield db
        return
    with TemporaryDirectory() as folder:
        yield Path(folder) / db.name
