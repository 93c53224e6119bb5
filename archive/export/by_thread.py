"""Forms that are read: a file a thread with a list of them, or all threads in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from archive.export.form import Part
from archive.export.job import ChosenThread, Job
from archive.export.words import byline_of

Pieces: TypeAlias = Iterator[str]
"""The text of a file, bit by bit."""


@dataclass(frozen=True, slots=True)
class ListedThread:
    """A thread in the list of all: its title, what is said below it, and its file."""

    title: str
    words: str
    file: str


def nothing(_job: Job) -> Pieces:
    """What stands around the threads of a form that has nothing there."""
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """How threads are written as text: what a file begins and ends with, what a thread is,
    and the list of all files of a folder."""

    suffix: str
    thread: Callable[[Job, ChosenThread], Pieces]
    contents: Callable[[list[ListedThread]], Pieces]
    begin: Callable[[Job], Pieces] = nothing
    end: Callable[[Job], Pieces] = nothing

    def write(self, job: Job, out: BinaryIO) -> None:
        """All threads in one file."""
        threads = job.threads()
        self._write(job, threads, out)

    def parts(self, job: Job) -> Iterator[Part]:
        """A file for each thread, and the list of them last."""
        listed = []
        for chosen in job.threads():
            part = self._part(job, chosen)
            yield part
            thread = ListedThread(
                title=chosen.title,
                words=byline_of(chosen),
                file=part.name,
            )
            listed.append(thread)

        def write_contents(out: BinaryIO) -> None:
            contents = self.contents(listed)
            _write(out, contents)

        name = f"index{self.suffix}"
        yield Part(name, write_contents)

    def _part(self, job: Job, chosen: ChosenThread) -> Part:
        def write(out: BinaryIO) -> None:
            self._write(job, [chosen], out)

        name = f"{chosen.name}{self.suffix}"
        return Part(name, write)

    def _write(self, job: Job, threads: Iterable[ChosenThread], out: BinaryIO) -> None:
        begin = self.begin(job)
        _write(out, begin)
        for chosen in threads:
            thread = self.thread(job, chosen)
            _write(out, thread)
        end = self.end(job)
        _write(out, end)


def _write(out: BinaryIO, pieces: Pieces) -> None:
    for piece in pieces:
        encoded = piece.encode("utf-8", "replace")
        out.write(encoded)
