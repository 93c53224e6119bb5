"""Runs an export: into one file, into a folder, or nowhere, to tell how much it would be."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.export.files import CountedStream, new_file, remove_abandoned
from archive.export.folder import write_folder
from archive.export.form import Form, Part, Write
from archive.export.job import Job
from scraper.core.errors import InputError, StorageError


@dataclass(frozen=True, slots=True)
class Size:
    """How much was written, or would be."""

    files: int
    bytes: int


def is_one_file(form: Form, name: str, target: Path) -> bool:
    """Whether a form goes into one file there, as the end of its name says. InputError where
    the form cannot be had like that."""
    has_suffix = target.name.lower().endswith(form.suffixes)
    usual = form.suffixes[0]
    if has_suffix and form.write is None:
        raise InputError(f"{name} makes a folder of files: name one without {usual}")
    if not has_suffix and form.parts is None:
        raise InputError(
            f"{name} makes one file: give it a name that ends with {usual}"
        )
    if not has_suffix and target.is_file():
        raise InputError(
            f"{target} is a file: name a folder, or a file that ends with {usual}"
        )
    if has_suffix and target.is_dir():
        raise InputError(
            f"{target} is a folder: name a file, or a folder without {usual}"
        )
    return has_suffix


def export_to(
    form: Form,
    job: Job,
    target: Path,
    about: Mapping[str, object],
    *,
    one_file: bool,
) -> Size:
    """Write what was chosen. `about` stands in the manifest of a folder."""
    if one_file:
        write = form.write
        assert write
        return write_one(
            target,
            lambda out: write(job, out),
            job.now,
        )
    assert form.parts
    return write_many(
        target,
        form.parts(job),
        about,
        job.now,
    )


def write_one(target: Path, write: Write, now: datetime) -> Size:
    """Write one file."""
    _check_place(target)
    remove_abandoned(target.parent, now.timestamp(), target.name)
    with new_file(target) as file:
        write(file)
    return Size(1, target.stat().st_size)


def write_many(
    target: Path, parts: Iterable[Part], about: Mapping[str, object], now: datetime
) -> Size:
    """Write the files of a folder."""
    _check_place(target)
    if target.is_dir():
        remove_abandoned(target, now.timestamp())
    written = write_folder(target, parts, about)
    sizes = [each.bytes for each in written]
    return Size(len(sizes), sum(sizes))


def _check_place(target: Path) -> None:
    parent = target.parent
    if not parent.is_dir():
        raise StorageError(f"{target}: there is no folder {parent}; make it first")


def measure(form: Form, job: Job, *, one_file: bool) -> Size:
    """How much it would be: all is made, and nothing kept."""
    if one_file:
        write = form.write
        assert write
        return Size(1, _measured(lambda out: write(job, out)))

    assert form.parts
    sizes = [_measured(part.write) for part in form.parts(job)]
    return Size(len(sizes), sum(sizes))


def _measured(write: Write) -> int:
    stream = CountedStream()
    with io.BufferedWriter(stream) as out:
        write(out)
        out.flush()
        return stream.size_bytes
