"""A capture as WARC records (WARC 1.1, ISO 28500:2017): request, response, revisit,
resource; one gzip member each."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from isal import isal_zlib

from archive.store.stamps import iso
from scraper.core.records import Capture

RecordKind: TypeAlias = Literal["response", "resource", "conversion"]
"""What a capture was: an HTTP response, a file without HTTP, or a text made from a page
(WARC 1.1, section 6)."""

BLANKED_NOTE: Final = (
    "parts of this page were removed on request and are not kept; "
    "where they stood it says [removed on request]"
)
"""What the record behind one with blanked parts says."""

_LEVEL: Final = 2
"""Of ISA-L: a third of the time of zlib's level of that number, for as much space."""
_GZIP_WINDOW: Final = 31
_SPECIFICATION: Final = (
    "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
)
_HTTP_KINDS: Final = frozenset({"response", "revisit"})
_OWNER_FIELD: Final = "isPartOf"
_PROFILE: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_RENAMED: Final = frozenset({"content-encoding", "transfer-encoding"})
"""Headers of codings: the body is kept without them."""
_PREFIX: Final = "X-Archive-Orig-"
_TYPES: Final = {
    "response": WarcRecordType.response,
    "resource": WarcRecordType.resource,
    "conversion": WarcRecordType.conversion,
    "revisit": WarcRecordType.revisit,
}


@dataclass(frozen=True, slots=True)
class Packed:
    """A capture's own record, and the request record that goes after it, empty where we did
    not ask ourselves; last the `metadata` record that says what was done to it, if anything
    was."""

    record: bytes
    request: bytes = b""
    note: bytes = b""


def pack(
    capture: Capture,
    kind: str,
    digest: str,
    original: Capture | None = None,
    size_bytes: int | None = None,
) -> Packed:
    """A capture as records. `digest`: that of its body. `original`, for a revisit: what
    holds the same body, and `size_bytes`, how long that is."""
    record = _begin(_TYPES[kind], capture, digest)
    headers = record.headers
    block = b"" if original else capture.body
    if original:
        headers["WARC-Profile"] = _PROFILE
        headers["WARC-Refers-To-Target-URI"] = original.url
        headers["WARC-Refers-To-Date"] = _date(original)
    if kind in _HTTP_KINDS:
        headers["Content-Type"] = "application/http; msgtype=response"
        if size_bytes is None:
            size_bytes = len(capture.body)
        block = _response_head(capture, size_bytes) + block
    else:
        content_type = capture.header("content-type")
        headers["Content-Type"] = content_type or "text/html"
    request = b""
    if capture.asked:
        request = _pack_request(capture, digest, record.record_id)
    return Packed(
        record=_packed(record, block, digest),
        request=request,
    )


def with_note(packed: Packed, text: str) -> Packed:
    """The records with one behind them that says what was done to the capture: a `metadata`
    record that refers to it (WARC 1.1, 6.6). It names no address, so that no index of
    replayed pages takes it for one."""
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.metadata)
    headers = record.headers
    headers["WARC-Refers-To"] = id_of(packed.record)
    headers["Content-Type"] = "application/warc-fields"
    lines = f"software: discuz-archive/{software_version()}\r\ndescription: {text}\r\n"
    return replace(packed, note=_packed(record, lines.encode()))


def id_of(member: bytes) -> str:
    """The WARC-Record-ID of a packed record."""
    (record,) = ArchiveIterator(io.BytesIO(member), parse_http=False)
    return str(record.headers["WARC-Record-ID"])


def pack_info(
    name: str, archive_id: str = "", about: Mapping[str, str] | None = None
) -> bytes:
    """A `warcinfo` record of a file of this name (empty: of one that has none yet), for the
    records that follow; it names the archive that the file is part of. `about`: more fields,
    of the run that writes."""
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.warcinfo)
    if name:
        record.headers["WARC-Filename"] = name
    record.headers["Content-Type"] = "application/warc-fields"
    fields = {
        "software": f"discuz-archive/{software_version()}",
        "format": "WARC File Format 1.1",
        "conformsTo": _SPECIFICATION,
    }
    if archive_id:
        fields[_OWNER_FIELD] = _owner(archive_id)
    fields.update(about or {})
    lines = [f"{name}: {value}\r\n" for name, value in fields.items()]
    return _packed(record, "".join(lines).encode())


def fields_of(record: WarcRecord) -> dict[str, str]:
    """The fields of a record of `application/warc-fields`."""
    text = record.reader.read().decode("utf-8", "replace")
    found = {}
    for line in text.splitlines():
        field, mark, value = line.partition(":")
        if mark:
            found[field.strip()] = value.strip()
    return found


def names_owner(record: WarcRecord, name: str, archive_id: str) -> bool:
    """Whether a record is the `warcinfo` of a file of this name of this archive."""
    if record.record_type != WarcRecordType.warcinfo:
        return False
    if record.headers.get("WARC-Filename") != name:
        return False
    expected = _owner(archive_id) if archive_id else ""
    return fields_of(record).get(_OWNER_FIELD, "") == expected


def sha1_base32(data: bytes) -> str:
    """A digest as WARC files have it (without the label)."""
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    return base64.b32encode(digest).decode()


def software_version() -> str:
    """Our version, as installed; empty when run from a bare checkout."""
    try:
        return version("discuz-archive")
    except PackageNotFoundError:
        return ""


def _owner(archive_id: str) -> str:
    return f"discuz-archive:{archive_id}"


def _begin(kind: WarcRecordType, capture: Capture, digest: str) -> WarcRecord:
    """A record named after what is captured: whoever packs it, it has the same length."""
    at = _date(capture)
    name = f"{kind} {capture.url} {at} {digest}"
    record_id = uuid5(NAMESPACE_URL, name)
    record = WarcRecord()
    record.init_headers(record_type=kind, record_urn=f"uuid:{record_id}".encode())
    record.headers["WARC-Target-URI"] = capture.url
    record.headers["WARC-Date"] = at
    return record


def _date(capture: Capture) -> str:
    return iso(capture.fetched_at) or ""


def _pack_request(capture: Capture, digest: str, response_id: str | None) -> bytes:
    """What we asked, as a record that names the response it belongs to (WARC 1.1, 6.5)."""
    record = _begin(WarcRecordType.request, capture, digest)
    record.headers["WARC-Concurrent-To"] = response_id or ""
    record.headers["Content-Type"] = "application/http; msgtype=request"
    parts = urlsplit(capture.url)
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    return _packed(record, _head(f"GET {path} HTTP/1.1", capture.asked))


def _packed(record: WarcRecord, block: bytes, body_digest: str = "") -> bytes:
    """The record as one gzip member, with the digest of its block, and that of its body
    where one is given.

    Digests are ours because FastWARC would give a revisit the digest of its empty body.
    """
    record.set_bytes_content(block)
    if body_digest:
        record.headers["WARC-Payload-Digest"] = f"sha1:{body_digest}"
    record.headers["WARC-Block-Digest"] = f"sha1:{sha1_base32(block)}"
    out = io.BytesIO()
    record.write(out)
    packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP_WINDOW)
    return packer.compress(out.getvalue()) + packer.flush()


def _response_head(capture: Capture, size_bytes: int) -> bytes:
    """Status line and headers; those that speak of a coding which the body no longer has
    are renamed."""
    try:
        phrase = HTTPStatus(capture.status).phrase
    except ValueError:
        phrase = ""
    headers = []
    for name, value in capture.headers:
        lowered = name.lower()
        if lowered == "content-length":
            value = str(size_bytes)
        if lowered in _RENAMED:
            name = _PREFIX + name
        headers.append((name, value))
    return _head(f"HTTP/1.1 {capture.status:03} {phrase}", headers)


def _head(first: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [first]
    for name, value in headers:
        one_line = " ".join(value.split())
        lines.append(f"{name}: {one_line}")
    lines += ["", ""]
    return b"\r\n".join(map(_encoded, lines))


def _encoded(line: str) -> bytes:
    try:
        # as FastWARC decodes headers, so that their bytes come back
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")
