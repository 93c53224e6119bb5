"""Pictures and attachments of a site: named by what they hold, so that each stands there once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from archive.export.form import Part
from archive.export.job import Job
from archive.warc.captures import Captures
from archive.web.media import picture_type
from scraper.core.errors import StorageError

FOLDER: Final = "media"
_ENDINGS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/webp": "webp",
}
_OTHER: Final = "bin"
"""What is no picture gets a name that no server shows as a page: it is a stranger's."""
_DIGEST_CHARS: Final = 40
_LOST: Final = "files whose WARC record is lost"


@dataclass(slots=True)
class MediaFiles:
    """The files that pages asked for. `_names`: file by capture, empty where it is lost."""

    job: Job
    _names: dict[int, str] = field(default_factory=dict)

    def name(self, capture_id: int) -> str:
        """The file of a capture; empty where it is lost."""
        known = self._names.get(capture_id)
        if known is None:
            known = self._find(capture_id)
            self._names[capture_id] = known
        return known

    def parts(self) -> Iterator[Part]:
        """All that pages asked for, each content once."""
        captures = {name: capture_id for capture_id, name in self._names.items()}
        for name, capture_id in sorted(captures.items()):
            if name:
                yield self._part(name, capture_id)

    def _part(self, name: str, capture_id: int) -> Part:
        def write(out: BinaryIO) -> None:
            out.write(_body(self.job, capture_id))

        return Part(name, write)

    def _find(self, capture_id: int) -> str:
        try:
            body = _body(self.job, capture_id)
        except (StorageError, OSError):
            self.job.told[_LOST] += 1
            return ""
        self.job.told["pictures and files"] += 1
        digest = hashlib.sha256(body).hexdigest()
        ending = _ENDINGS.get(picture_type(body), _OTHER)
        return f"{FOLDER}/{digest[:_DIGEST_CHARS]}.{ending}"


def _body(job: Job, capture_id: int) -> bytes:
    return Captures(job.conn).read(capture_id).body
