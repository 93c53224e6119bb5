"""An index for the tests: what an archive exports, loaded into the engine in this process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.clickhouse.engine import Engine


def exported(db: Path, folder: Path) -> Path:
    """The Parquet files of an archive."""
    argv = [sys.executable, "-m", "archive", "export", str(db)]
    argv += ["--format", "parquet", "--to", str(folder)]
    subprocess.run(argv, check=True, capture_output=True, timeout=120)
    return folder


@contextmanager
def engine_in(folder: Path) -> Iterator[Engine]:
    """An engine with empty tables."""
    from archive.clickhouse.ddl import statements
    from archive.clickhouse.engine import connect

    with connect(f"chdb://{folder}", create=True) as engine:
        for statement in statements():
            engine.run(statement)
        yield engine
