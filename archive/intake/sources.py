"""Inputs as what lies in them: files, folders and archives of many kinds, one in another.

What cannot be read is a value too, a Problem with its reason: one bad file or record never
stops the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from archive.intake.budget import BombError, Budget
from archive.intake.containers import Items, container_of
from archive.intake.file_kinds import kind_of_bytes, kind_of_file
from archive.intake.inputs import (
    MAX_BYTES,
    FoundFile,
    Hints,
    InputItem,
    InputRecord,
    PassedOver,
    Problem,
    printable,
)
from archive.intake.opening import Named, folder_of, name_of, opened
from archive.intake.packing import Head, head_of, unpacked
from archive.intake.saved_place import address_below, address_by_place
from archive.intake.single import read_single
from archive.intake.source import (
    DiskFolder,
    Folder,
    Readable,
    Source,
    stream_source,
)
from scraper.core.errors import FetchError, InputError
from scraper.core.records import Capture

_TOLD: Final = (OSError, ValueError, FetchError, InputError)
"""Errors whose words are for people."""
_MOST_DEPTH: Final = 4


def read_captures(
    named: Iterable[Named], *, url: str = "", max_bytes: int = MAX_BYTES
) -> Iterator[Capture]:
    """All captures of some files, in order; InputError at the end names what could not be read."""
    problems = []
    hints = Hints(url, max_bytes=max_bytes)
    for item in read_inputs(named, hints):
        if isinstance(item, InputRecord):
            yield item.capture
        elif isinstance(item, Problem):
            problems.append(f"{item.source}: {item.reason}")
    if problems:
        raise InputError("; ".join(problems))


def read_inputs(
    named: Iterable[Named], hints: Hints | None = None
) -> Iterable[InputItem]:
    """Everything that some files, folders, streams and addresses hold, in the order given,
    as often as it is asked for; folders in the order of names."""
    all_named = tuple(named)
    return _Inputs(all_named, hints or Hints())


class _Inputs:
    def __init__(self, named: tuple[Named, ...], hints: Hints) -> None:
        self._named = named
        self._hints = hints
        self._opened: dict[int, Source] = {}

    def __iter__(self) -> Iterator[InputItem]:
        for number, named in enumerate(self._named):
            folder = folder_of(named)
            if folder is not None:
                yield from _read_folder(folder, self._hints)
            else:
                yield from self._read(number, named)

    def _read(self, number: int, named: Named) -> Items:
        """What one input holds."""
        try:
            source = self._source(number, named)
        except (OSError, FetchError, InputError) as error:
            name = name_of(named)
            reason = _words(error)
            yield Problem(name, reason)
            return
        reading = _Reading(self._hints)
        yield from reading.source(source)

    def _source(self, number: int, named: Named) -> Source:
        """An input, opened; a stream is opened once for all times that it is read."""
        source = self._opened.get(number)
        if source is None:
            source = opened(named)
        if source.folder is None:
            self._opened[number] = source
        return source


def _read_folder(path: Path, hints: Hints) -> Items:
    folder = DiskFolder(path)
    hints = replace(hints, url="", folder_url=hints.url)
    reading = _Reading(hints)
    is_empty = True
    for item in reading.folder(folder):
        is_empty = False
        yield item
    if is_empty:
        yield Problem(printable(path), "holds no saved pages")


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of an input and of all that lies in it."""

    hints: Hints

    def source(self, source: Source) -> Items:
        """What lies in an input, told by its first bytes and not by its name. An archive
        that unpacks to too much is read no further, nor are those that it lies in."""
        items = self._source(source)
        try:
            yield from _guarded(source.name, items)
        except BombError as error:
            reason = str(error)
            yield Problem(source.name, reason)

    def folder(self, folder: Folder) -> Items:
        """What lies in a folder: pages, what posts may show, and what is neither."""
        for source in folder.files():
            items = self._in_folder(source)
            try:
                yield from _guarded(source.name, items)
            except BombError as error:
                if source.budget is not None:  # it lies in an archive, which ends here
                    raise
                reason = str(error)
                yield Problem(source.name, reason)

    def _source(self, source: Source) -> Items:
        head = head_of(source)
        yield from self._by_head(source, head)

    def _by_head(self, source: Source, head: Head) -> Items:
        if source.depth > _MOST_DEPTH:
            reason = f"lies in more than {_MOST_DEPTH} archives, one in another"
            yield Problem(source.name, reason)
            return
        container = container_of(head)
        if container is not None:
            yield from container.read(source, self)
            return
        if not _holds_container(head):
            yield from read_single(source, head, self.hints)
            return
        inner = _without_packing(source, head)
        inner_head = head_of(inner)
        yield from self._by_head(inner, inner_head)

    def _in_folder(self, source: Source) -> Items:
        head = head_of(source)
        kind = kind_of_file(source.place, head.plain)
        is_plain = not head.is_packed and container_of(head) is None
        if not kind and is_plain:
            kind = kind_of_bytes(head.plain)
        if not kind:
            yield from self._by_head(source, head)
            return
        address = self._address(source)
        if not address:
            yield PassedOver(source.name, kind)
            return
        load = partial(_file, source, address)
        yield FoundFile(source.name, address, load, kind)

    def _address(self, source: Source) -> str:
        """The address of a file of a folder; empty where nothing tells it."""
        if self.hints.folder_url:
            return address_below(self.hints.folder_url, source)
        return address_by_place(source)


def _guarded(name: str, items: Items) -> Items:
    """What lies in an input; a Problem where reading it fails."""
    try:
        yield from items
    except (ImportError, BombError):
        raise
    except Exception as error:  # one input never stops the others, whatever is in it
        reason = _words(error)
        yield Problem(name, reason)


def _words(error: Exception) -> str:
    """Why an input cannot be read."""
    words = str(error)
    if isinstance(error, OSError) and error.strerror:
        words = error.strerror
    elif not isinstance(error, _TOLD):
        words = f"{type(error).__name__}: {words}"
    return printable(f"cannot be read: {words}")


def _holds_container(head: Head) -> bool:
    """Whether the packing is to be taken off before what is within can be told; pages in
    gzip files are read as they are."""
    if not head.is_packed:
        return False
    if not head.is_gzip:
        return True
    plain = Head(head.plain, head.plain)
    return container_of(plain) is not None


def _without_packing(source: Source, head: Head) -> Source:
    """What is packed in a file, as a source of its own. BombError where that is too much."""
    budget = source.budget or Budget(source.size_bytes)
    inner = replace(source, depth=source.depth + 1, budget=budget)
    with source.open() as file:
        stream = _Spending(unpacked(file, head), budget)
        return stream_source(stream, inner)


@dataclass(frozen=True, slots=True)
class _Spending:
    """A stream of which each byte counts."""

    stream: Readable
    budget: Budget

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
        self.budget.spend(len(piece))
        return piece


def _file(source: Source, url: str) -> Capture:
    modified_at = datetime.fromtimestamp(source.modified_s, UTC)
    modified_at = modified_at.replace(microsecond=0)
    content_type = ("Content-Type", "application/octet-stream")
    return Capture(
        url=url,
        fetched_at=modified_at,
        body=source.read(MAX_BYTES),
        headers=(content_type,),
    )
