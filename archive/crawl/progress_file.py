"""How far a crawl is, in a small file that another program reads while it goes on: the pages
from which crawls are begun."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

PROGRESS_FILE: Final = "DISCUZ_ARCHIVE_PROGRESS"
"""The environment's name for the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumProgress:
    """How far the crawl of one forum is. `pages_left`, `files_left`: still due, as far as
    is known; `seconds_left`: None where nothing can be said yet."""

    forum: str
    boards: int
    threads: int
    pages: int
    files: int
    posts_new: int
    posts_changed: int
    posts_gone: int
    pages_left: int
    files_left: int
    delay_s: float
    seconds_left: float | None


def progress_file() -> Path | None:
    """Where this run is to write how far it is; None where nobody asks."""
    name = os.environ.get(PROGRESS_FILE)
    return Path(name) if name else None


def write_progress(path: Path, forums: Sequence[ForumProgress]) -> None:
    """Replace the file whole: a reader never sees half of it."""
    text = json.dumps([asdict(forum) for forum in forums])
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def read_progress(path: Path) -> list[ForumProgress]:
    """How far a run is; empty where it has not said so yet."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return [ForumProgress(**forum) for forum in said]
    except (OSError, ValueError, TypeError):
        return []
