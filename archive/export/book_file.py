"""The ZIP file of a book (EPUB 3, OCF): its chapters and pictures, and what names them all."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import BinaryIO, Final

from archive.export.templates import render

_TYPE: Final = b"application/epub+zip"
_FOLDER: Final = "book/"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its file within the book, and its title."""

    file: str
    title: str


@dataclass(frozen=True, slots=True)
class BookPicture:
    """A picture: its file within the book, and its type."""

    file: str
    content_type: str


class BookFile:
    """A book in the making. Close it with what is known of the whole."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w")
        self._chapters: list[Chapter] = []
        self._pictures: dict[str, BookPicture] = {}
        first = zipfile.ZipInfo("mimetype")  # stored, and before all others (OCF, 4.3)
        self._zip.writestr(first, _TYPE)
        container = render("container.xml")
        self._store("META-INF/container.xml", container.encode())

    def add_chapter(self, chapter: Chapter, page: str) -> None:
        """A chapter, in the order of reading."""
        self._chapters.append(chapter)
        self.add(chapter.file, page)

    def add_picture(self, picture: BookPicture, body: bytes) -> None:
        """A picture, once."""
        if picture.file in self._pictures:
            return
        self._pictures[picture.file] = picture
        self._store(_FOLDER + picture.file, body)

    def add(self, name: str, text: str) -> None:
        """Another file of the book."""
        data = text.encode("utf-8", "replace")
        self._store(_FOLDER + name, data)

    def close(self, **known: object) -> None:
        """The contents, the list of all files, and the end."""
        navigation = render(
            "nav.xhtml",
            chapters=self._chapters,
            **known,
        )
        self.add("nav.xhtml", navigation)
        style = render("book.css")
        self.add("style.css", style)
        package = render(
            "book.opf",
            chapters=self._chapters,
            pictures=list(self._pictures.values()),
            **known,
        )
        self.add("book.opf", package)
        self._zip.close()

    def _store(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, data)
