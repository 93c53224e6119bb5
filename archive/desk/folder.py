"""The folder in which archives are kept: which there are, and what a new one may be called."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Final

from archive.desk.problem import FormError
from archive.reading.forums import list_forums
from archive.schema import is_archive, open_to_read

SUFFIX: Final = ".db"
_NAME: Final = re.compile(r"[^\W_][\w .()-]*")
_MAX_NAME_BYTES: Final = 200
_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]+")
_ADDRESSES: Final = "SELECT address FROM crawls ORDER BY site_id"


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """An archive of the folder: `forums` by name, `addresses` that it was crawled
    from."""

    name: str
    size_bytes: int
    forums: tuple[str, ...]
    addresses: tuple[str, ...]


def list_archives(folder: Path) -> list[ArchiveFile]:
    """The archives of a folder, by name."""
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if not _is_plain(path):
            continue
        archive = _look_at(path)
        if archive:
            found.append(archive)
    return found


def known_archive(folder: Path, name: str) -> str:
    """The name of an archive of the folder, as a form sent it. FormError where there is none."""
    if name in {archive.name for archive in list_archives(folder)}:
        return name
    raise FormError("no_archive", name=name)


def new_name(folder: Path, typed: str, host: str) -> str:
    """What an archive is to be called: as typed, else after the forum's host. FormError for
    a name that leads out of the folder or that a system does not take."""
    name = typed.strip() or _NOT_IN_NAMES.sub("-", host).strip("-.")
    if not name.endswith(SUFFIX):
        name += SUFFIX
    is_odd = (
        not _NAME.fullmatch(name)
        or len(os.fsencode(name)) > _MAX_NAME_BYTES
        or PureWindowsPath(name).is_reserved()
    )
    if is_odd:
        raise FormError("odd_name", name=name)
    path = folder / name
    if os.path.lexists(path) and not _is_plain(path):
        raise FormError("odd_name", name=name)
    return name


def write_cookies(folder: Path, archive: str, text: str) -> str:
    """Keep cookies beside an archive, for nobody else to read; the file's name."""
    name = f"{archive.removesuffix(SUFFIX)}-cookies.txt"
    path = folder / name
    path.unlink(missing_ok=True)
    handle = os.open(
        path,
        os.O_WRONLY | os.O_CREAT | os.O_EXCL,
        0o600,
    )
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return name


def _is_plain(path: Path) -> bool:
    """Whether it is a file of the folder itself, whose name is no option of a command."""
    return path.is_file() and not path.is_symlink() and not path.name.startswith("-")


def _look_at(path: Path) -> ArchiveFile | None:
    """What is in a file; None where it is no archive."""
    try:
        with closing(open_to_read(path)) as conn:
            if not is_archive(conn):
                return None
            return ArchiveFile(
                name=path.name,
                size_bytes=path.stat().st_size,
                forums=tuple(forum.title for forum in list_forums(conn)),
                addresses=tuple(row[0] for row in conn.execute(_ADDRESSES)),
            )
    except (sqlite3.Error, OSError):
        return None
