"""WACZ 1.1.1: the pages as a WARC file with its index and a list of them, in one ZIP file that
ReplayWeb.page opens (https://specs.webrecorder.net/wacz/1.1.1/)."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass
from typing import BinaryIO, Final

import surt

from archive.export.form import Form
from archive.export.job import Job
from archive.export.tables import written_time
from archive.export.web_captures import WrittenRecord, write_captures

_VERSION: Final = "1.1.1"
_WARC: Final = "data.warc.gz"
_SHOWN_KINDS: Final = frozenset({"thread", "board", "index", "profile"})
"""What readers of the list want to see; notices and pictures are found by their addresses."""
_PAGES_HEAD: Final = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
_TIME_SIGNS: Final = str.maketrans("", "", "-:TZ")


@dataclass(frozen=True, slots=True)
class _Resource:
    """A file of the package, as its manifest names it."""

    name: str
    path: str
    hash: str
    bytes: int


class _Package:
    """A ZIP file in the making, with the manifest of what went into it."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w")
        self._resources: list[_Resource] = []
        self.records: list[WrittenRecord] = []

    def add_captures(self, job: Job) -> None:
        """The WARC file: stored, so that a reader finds a record by its place."""
        path = f"archive/{_WARC}"
        digest = hashlib.sha256()
        size = 0
        entry = zipfile.ZipInfo(path)
        file = self._zip.open(
            entry,
            "w",
            force_zip64=True,
        )

        def write(data: bytes) -> None:
            nonlocal size
            file.write(data)
            digest.update(data)
            size += len(data)

        with file:
            for record in write_captures(job, write):
                self.records.append(record)
        self._note(path, digest.hexdigest(), size)

    def add(self, path: str, text: str) -> None:
        """A text."""
        data = text.encode()
        self._store(path, data)
        digest = _sha256(data)
        self._note(path, digest, len(data))

    def close(self, job: Job) -> None:
        """The manifest, its digest, and the end of the ZIP file."""
        manifest = self._manifest(job)
        said = json.dumps(
            manifest,
            ensure_ascii=False,
            indent=2,
        )
        data = said.encode()
        self._store("datapackage.json", data)

        digest = _sha256(data)
        sealed = {
            "path": "datapackage.json",
            "hash": f"sha256:{digest}",
        }
        seal = json.dumps(sealed)
        self._store("datapackage-digest.json", seal.encode())
        self._zip.close()

    def _manifest(self, job: Job) -> dict[str, object]:
        created = written_time(job.now)
        resources = [asdict(resource) for resource in self._resources]
        manifest: dict[str, object] = {
            "profile": "data-package",
            "wacz_version": _VERSION,
            "title": self._title(job),
            "created": created,
            "modified": created,
            "software": "discuz-archive",
            "resources": resources,
        }
        main = self._main_page()
        if main is not None:
            manifest["mainPageUrl"] = main.capture.url
            manifest["mainPageDate"] = main.capture.fetched_at
        return manifest

    def _title(self, job: Job) -> str:
        """The names of the forums whose pages these are."""
        wanted = {record.capture.site_id for record in self.records}
        forums = [forum for forum in job.forums.values() if forum.id in wanted]
        titles = [forum.title for forum in forums]
        return "、".join(titles)

    def _main_page(self) -> WrittenRecord | None:
        shown = [record for record in self.records if _is_page(record)]
        return shown[0] if shown else None

    def _note(self, path: str, digest: str, size: int) -> None:
        _, _, name = path.rpartition("/")
        resource = _Resource(
            name=name,
            path=path,
            hash=f"sha256:{digest}",
            bytes=size,
        )
        self._resources.append(resource)

    def _store(self, path: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(path)
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, data)


def _write(job: Job, out: BinaryIO) -> None:
    package = _Package(out)
    package.add_captures(job)
    records = package.records

    lines = [_index_line(record) for record in records]
    lines.sort(key=str.encode)
    index = "".join(lines)
    package.add("indexes/index.cdx", index)  # pywb knows no index by another name

    head = _line(_PAGES_HEAD)
    lines = [_page_line(record) for record in records if _is_page(record)]
    pages = head + "".join(lines)
    package.add("pages/pages.jsonl", pages)
    package.close(job)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _index_line(record: WrittenRecord) -> str:
    """A record in the index (CDXJ): sortable address, time, and where it lies."""
    capture = record.capture
    values = {
        "url": capture.url,
        "mime": _mime_of(record),
        "status": str(capture.status),
        "digest": f"sha1:{capture.digest}",
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": _WARC,
    }
    if not capture.status:  # no response of a server's
        del values["status"]
    key = surt.surt(capture.url)
    time = capture.fetched_at.translate(_TIME_SIGNS)
    said = _line(values)
    return f"{key} {time} {said}"


def _mime_of(record: WrittenRecord) -> str:
    if record.is_revisit:
        return "warc/revisit"
    mime, _, _ = record.capture.content_type.partition(";")
    return mime.strip()


def _is_page(record: WrittenRecord) -> bool:
    return record.capture.kind in _SHOWN_KINDS


def _page_line(record: WrittenRecord) -> str:
    capture = record.capture
    page = {
        "id": str(capture.id),
        "url": capture.url,
        "ts": capture.fetched_at,
        "title": capture.title or capture.url,
    }
    return _line(page)


def _line(values: dict[str, str]) -> str:
    text = json.dumps(values, ensure_ascii=False)
    return f"{text}\n"


FORM: Final = Form(
    summary="WACZ, the pages for ReplayWeb.page",
    suffixes=(".wacz",),
    write=_write,
    needs_posts=False,
)
