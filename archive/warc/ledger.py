"""What is known of each WARC file, its size and the digests of its ends, and whether the file is
still that."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

Trouble: TypeAlias = Literal["", "missing", "cut", "exchanged", "altered", "unreadable"]
"""What is wrong with a file. missing: it is not there; cut: it ends before what was written;
exchanged: another file has its name; altered: its ends are not what was written; unreadable:
the system does not let us read it."""

END_BYTES: Final = 16 << 10
"""How much of a file's beginning and end is known by its digest."""
_NUMBER: Final = re.compile(r"-(\d{5,})\.warc\.gz\Z")

_FILES: Final = """
  SELECT name, is_ours, size_bytes, head_digest, tail_digest, is_closed, trouble, accepted
  FROM warc_files"""
_ALL: Final = f"{_FILES} ORDER BY name"
_ONE: Final = f"{_FILES} WHERE name = ?"
_BEGIN: Final = "INSERT OR IGNORE INTO warc_files(name, is_ours) VALUES (?, ?)"
_NOTE: Final = """
  UPDATE warc_files SET size_bytes = ?, head_digest = ?, tail_digest = ?, trouble = '',
    accepted = ''
  WHERE name = ?"""
_CLOSE: Final = "UPDATE warc_files SET is_closed = 1 WHERE name = ?"
_NOTE_TROUBLE: Final = "UPDATE warc_files SET trouble = ?, accepted = '' WHERE name = ?"
_ACCEPT: Final = "UPDATE warc_files SET accepted = trouble WHERE is_ours"
_NOTE_CUT: Final = """
  UPDATE warc_files SET trouble = 'cut', is_closed = 1, size_bytes = ?1, head_digest = ?2,
    tail_digest = ?3, accepted = iif(size_bytes = ?1, accepted, '')
  WHERE name = ?4"""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A row of `warc_files`. `is_closed`: nothing is added to it any more; the digests are
    empty where the file was never looked at. `accepted`: the trouble that was accepted."""

    name: str
    is_ours: bool
    size_bytes: int
    head_digest: str
    tail_digest: str
    is_closed: bool
    trouble: Trouble
    accepted: Trouble


class Ledger:
    """The table `warc_files` of one archive: the names that were ever used, and what the files
    were when they were last written. The caller sees to transactions."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def files(self) -> list[KnownFile]:
        """All files, those of people, too."""
        rows = self._conn.execute(_ALL)
        return [_known(row) for row in rows]

    def find(self, name: str) -> KnownFile | None:
        """What is known of a file; None where its name was never used."""
        row = self._conn.execute(_ONE, (name,)).fetchone()
        return _known(row) if row else None

    def last_number(self) -> int:
        """The highest number that a file of ours ever had; 0 where there was none."""
        ours = [known for known in self.files() if known.is_ours]
        numbers = [number_of(known.name) for known in ours]
        return max(numbers, default=0)

    def begin(self, name: str, *, is_ours: bool = True) -> None:
        """Take a name for good."""
        self._conn.execute(_BEGIN, (name, int(is_ours)))

    def note(self, path: Path, *, is_ours: bool = True) -> None:
        """Write down what a file is now; it is as it should be."""
        self.begin(path.name, is_ours=is_ours)
        self._conn.execute(_NOTE, (*_state_of(path), path.name))

    def note_cut(self, path: Path) -> None:
        """Write down where a file ends now, too early. Nothing is added to it any more: a
        whole copy may come to take its place."""
        self._conn.execute(_NOTE_CUT, (*_state_of(path), path.name))

    def close(self, name: str) -> None:
        """Nothing is added to a file any more."""
        self._conn.execute(_CLOSE, (name,))

    def note_trouble(self, name: str, trouble: Trouble) -> None:
        """Write down what is wrong with a file, or that nothing is."""
        self._conn.execute(_NOTE_TROUBLE, (trouble, name))

    def accept_troubles(self) -> None:
        """What is wrong with files is accepted, until something else is wrong with them."""
        self._conn.execute(_ACCEPT)


def trouble_of(
    path: Path,
    known: KnownFile,
    end_bytes: int,
    is_genuine: Callable[[Path], bool],
) -> Trouble:
    """What is wrong with a file; one that has grown is as it should be.

    `end_bytes`: where the last capture in it ends, by its row. `is_genuine`: looks into the
    file for a sign that we wrote it, where its digests cannot tell.
    """
    least_bytes = max(known.size_bytes, end_bytes)
    try:
        return _compare(path, known, least_bytes, is_genuine)
    except FileNotFoundError:
        return "missing" if least_bytes else ""
    except OSError:
        return "unreadable"


def number_of(name: str) -> int:
    """The number in a file's name; 0 where it has none."""
    found = _NUMBER.search(name)
    return int(found[1]) if found else 0


def _known(row: tuple[Any, ...]) -> KnownFile:
    name, is_ours, size_bytes, head, tail, is_closed, trouble, accepted = row
    return KnownFile(
        name=name,
        is_ours=bool(is_ours),
        size_bytes=size_bytes,
        head_digest=head,
        tail_digest=tail,
        is_closed=bool(is_closed),
        trouble=trouble,
        accepted=accepted,
    )


def _compare(
    path: Path,
    known: KnownFile,
    least_bytes: int,
    is_genuine: Callable[[Path], bool],
) -> Trouble:
    path.open("rb").close()  # a folder, or what we may not read, says so here
    size_bytes = path.stat().st_size
    ends_bytes = min(END_BYTES, known.size_bytes)
    can_tell = bool(known.head_digest) and size_bytes >= ends_bytes
    if size_bytes == 0:
        return "cut" if least_bytes else ""
    is_as_known = can_tell and _digest(path, 0, ends_bytes) == known.head_digest
    if not is_as_known and not is_genuine(path):
        return "exchanged"
    if size_bytes < least_bytes:
        return "cut"
    tail_at = known.size_bytes - ends_bytes
    if can_tell and not is_as_known:
        return "altered"
    if can_tell and _digest(path, tail_at, ends_bytes) != known.tail_digest:
        return "altered"
    return ""


def _state_of(path: Path) -> Iterator[object]:
    """A file's size and the digests of its ends."""
    size_bytes = path.stat().st_size
    end_bytes = min(END_BYTES, size_bytes)
    yield size_bytes
    yield _digest(path, 0, end_bytes)
    yield _digest(path, size_bytes - end_bytes, end_bytes)


def _digest(path: Path, offset: int, length: int) -> str:
    with path.open("rb") as file:
        file.seek(offset)
        return hashlib.sha1(file.read(length), usedforsecurity=False).hexdigest()
