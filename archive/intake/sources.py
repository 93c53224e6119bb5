"""Inputs as what lies in them: files, folders and archives of many kinds, one in another.

What cannot be read is a value too, a Problem with its reason: one bad file or record never
stops the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
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

_MOST_DEPTH: Final = 4


def read_captures(
    named: Iterable[Named], *, url: str = "", max_bytes: int = MAX_BYTES
) -> Iterator[Capture]:
    """All captures of some files, in order; InputError at the end names what could not be read."""
    problems = []
    for item in read_inputs(named, Hints(url, max_bytes=max_bytes)):
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
    return _Inputs(tuple(named), hints or Hints())


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
        """What one input holds; it is opened once: a stream ends."""
        name = name_of(named)
        try:
            source = self._opened.get(number) or opened(named)
        except OSError as error:
            reason = error.strerror or str(error)
            yield Problem(name, printable(f"cannot be read: {reason}"))
            return
        except (FetchError, InputError) as error:
            yield Problem(name, printable(str(error)))
            return
        if source.folder is None:
            self._opened[number] = source
        reading = _Reading(self._hints)
        yield from reading.source(source)


def _read_folder(path: Path, hints: Hints) -> Items:
    reading = _Reading(replace(hints, url="", folder_url=hints.url))
    is_empty = True
    for item in reading.folder(DiskFolder(path)):
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
        try:
            yield from _guarded(source.name, self._source(source))
        except BombError as error:
            yield Problem(source.name, str(error))

    def folder(self, folder: Folder) -> Items:
        """What lies in a folder: pages, what posts may show, and what is neither."""
        for source in folder.files():
            yield from _guarded(source.name, self._in_folder(source))

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
        plain = Head(head.plain, head.plain)
        if head.is_packed and (not head.is_gzip or container_of(plain)):
            inner = _without_packing(source, head)
            yield from self._by_head(inner, head_of(inner))
            return
        yield from read_single(source, head, self.hints)

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
        yield FoundFile(source.name, address, lambda: _file(source, address), kind)

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
    except (ValueError, FetchError) as error:
        yield Problem(name, printable(f"cannot be read: {error}"))
    except OSError as error:
        reason = error.strerror or str(error)
        yield Problem(name, printable(f"cannot be read: {reason}"))
    except Exception as error:  # one input never stops the others, whatever is in it
        reason = f"cannot be read: {type(error).__name__}: {error}"
        yield Problem(name, printable(reason))


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
    return Capture(
        url=url,
        fetched_at=modified_at.replace(microsecond=0),
        body=source.read(MAX_BYTES),
        headers=(("Content-Type", "application/octet-stream"),),
    )
