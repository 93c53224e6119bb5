"""An input's bytes, wherever they lie: opened as often as wanted, and never held as a whole."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, cast

from archive.intake.budget import Budget
from archive.intake.inputs import printable
from scraper.core.random_access import RandomAccess

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD_BYTES: Final = 4096
_IN_MEMORY_BYTES: Final = 16 << 20
_TOLD_FOLDERS: Final = 4
"""So many folders above a file may say whose it is."""
_COPIED_BYTES: Final = 1 << 20


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end."""


class Folder(Protocol):
    """Files that lie together: a folder of a disk, or an archive of one. `name`: its own and
    those of the folders above it, where they may say whose files these are."""

    name: str

    def files(self) -> Iterator[Source]:
        """All of them, those of the folders within, too, in the order of names."""

    def find(self, place: str) -> Source | None:
        """The file at a place (`pictures/a.png`); None where there is none, and for a place
        that lies without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Bytes that can be opened, and read from any place.

    `name`: as people are told of it; `place`: where it lies in its `folder`, with slashes;
    `look`: opens it for a look at its first bytes, where that is less work; `depth`: in how
    many archives it lies, and `budget` what may be unpacked of these.
    """

    name: str
    place: str
    open: Callable[[], BinaryIO]
    size_bytes: int
    modified_s: float
    look: Callable[[], BinaryIO] | None = None
    depth: int = 0
    budget: Budget | None = field(default=None, repr=False, compare=False)
    folder: Folder | None = field(default=None, repr=False, compare=False)

    @property
    def file_name(self) -> str:
        """The last part of its place."""
        return self.place.rpartition("/")[2]

    def head(self) -> bytes:
        """Its first bytes. OSError where it cannot be read."""
        look = self.look or self.open
        with look() as file:
            return file.read(HEAD_BYTES)

    def read(self, most_bytes: int) -> bytes:
        """Its bytes, one more than the limit at most."""
        with self.open() as file:
            return file.read(most_bytes + 1)


class Window(RandomAccess):
    """A part of an open file as a file of its own. The file stays open when it is closed."""

    def __init__(self, file: BinaryIO, start: int, size_bytes: int) -> None:
        super().__init__(size_bytes)
        self._file = file
        self._start = start

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer as far as there are bytes."""
        view = memoryview(buffer)
        left = self.size_bytes - self._at
        wanted = min(left, view.nbytes)
        if wanted <= 0:
            return 0
        place = self._start + self._at
        self._file.seek(place)
        piece = self._file.read(wanted)
        got = len(piece)
        view[:got] = piece
        self._at += got
        return got


def window(file: BinaryIO, start: int, size_bytes: int) -> BinaryIO:
    """A part of an open file, buffered."""
    return io.BufferedReader(Window(file, start, size_bytes))


def file_source(path: Path) -> Source:
    """A file of a disk; those of its folder lie beside it. OSError where there is none."""
    return placed_source(path, path.name, DiskFolder(path.parent))


def placed_source(path: Path, place: str, folder: Folder) -> Source:
    """A file of a disk, at a place in a folder. OSError where there is none."""
    status = path.stat()
    return Source(
        name=printable(path),
        place=place,
        open=lambda: path.open("rb"),
        size_bytes=status.st_size,
        modified_s=status.st_mtime,
        folder=folder,
    )


def stream_source(stream: Readable, like: Source) -> Source:
    """What a stream gives, as a source that is otherwise `like` another."""
    held = held_copy(stream)
    size_bytes = held.tell()
    return replace(
        like, open=lambda: window(held, 0, size_bytes), size_bytes=size_bytes
    )


def held_copy(stream: Readable) -> BinaryIO:
    """All that a stream gives, in memory where it is short, else in a file without a name
    that goes when it is no longer wanted; it stands at its end."""
    held = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - outlives this
    while piece := stream.read(_COPIED_BYTES):
        held.write(piece)
    return cast(BinaryIO, held)


class DiskFolder:
    """A folder of a disk. What is hidden (`.name`) is passed over, links to folders are not
    followed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        above = root.absolute().parts[-_TOLD_FOLDERS:]
        self.name = "/".join(above)

    def files(self) -> Iterator[Source]:
        """All files, in the order of their paths."""
        yield from self._below(self._root, "")

    def find(self, place: str) -> Source | None:
        """The file at a place below the folder."""
        path = self._root / place
        try:
            if not path.is_file():
                return None
            root = self._root.resolve()
            path = path.resolve()
            if not path.is_relative_to(root):
                return None
            return placed_source(path, place, self)
        except (OSError, ValueError):  # a name that no file can have
            return None

    def _below(self, folder: Path, above: str) -> Iterator[Source]:
        for path in sorted(folder.iterdir()):
            if path.name.startswith("."):
                continue
            place = above + path.name
            if path.is_dir():
                if not path.is_symlink():
                    yield from self._below(path, f"{place}/")
            elif path.is_file():
                yield placed_source(path, place, self)
