"""The folder of WARC files looked over: what is missing or is not what was written is noted, and
what a crash left is mended."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fastwarc.warc import WarcRecord

from archive.schema import transaction
from archive.warc.examine import Read, captures_in, examine
from archive.warc.files import (
    Ownership,
    RecordLocation,
    names_us,
    own_files,
    read_record,
    scan,
    unpack,
    warc_files_in,
)
from archive.warc.ledger import KnownFile, Ledger, Trouble, trouble_of
from archive.warc.records import sha1_base32
from archive.warc.rows import CaptureRows, Clean
from scraper.core.errors import StorageError

_KINDS: Final = frozenset({"response", "resource", "conversion", "revisit"})
_LEFT_ALONE: Final = ("missing", "exchanged", "unreadable")
_WORDS: Final = {
    "missing": "is missing",
    "cut": "was cut",
    "exchanged": "is another file than the one that was written under this name",
    "altered": "was altered",
    "unreadable": "cannot be read (its permissions?)",
}
_NAMED: Final = 3
_ALL: Final = "*.warc.gz"
_ADVICE: Final = "`discuz-archive check` says what is lost, and what can be done"
"""So many files in trouble are named on the error stream."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileTrouble:
    """What is wrong with a WARC file, how many captures that may cost, and whether that was
    accepted."""

    path: Path
    trouble: Trouble
    captures: int
    is_accepted: bool

    def __str__(self) -> str:
        place = f"{self.path.parent.name}/{self.path.name}"
        return f"{place} {_WORDS[self.trouble]}"


class Folder:
    """The WARC files of one archive, beside what is known of them."""

    def __init__(self, conn: sqlite3.Connection, folder: Path) -> None:
        self.path = folder
        self._conn = conn
        self._rows = CaptureRows(conn)
        self._ledger = Ledger(conn)
        self._troubles: dict[str, Trouble] = {}
        self._left_alone: frozenset[str] = frozenset()
        self._is_noted = True

    def ownership(self) -> Ownership:
        """What the writer of WARC files has to know, and whom it tells."""
        return Ownership(
            archive_id=self._rows.archive_id,
            is_recorded=self._is_recorded,
            is_taken=self._is_taken,
            is_open=self._is_open,
            last_number=self._ledger.last_number,
            begun=lambda path: self._ledger.begin(path.name),
            written=self._note_written,
        )

    def look_over(self) -> list[FileTrouble]:
        """Compare every file of ours with what is known of it; what is wrong with which."""
        found = []
        self._troubles.clear()
        for known in self._ledger.files():
            if not known.is_ours:
                continue
            trouble = self._trouble_of(known)
            self._troubles[known.name] = trouble
            if not trouble:
                continue
            each = self._file_trouble(known, trouble)
            # what lay in it may have been kept again
            if each.captures or trouble != "missing":
                found.append(each)
        left_alone = [each for each in found if each.trouble in _LEFT_ALONE]
        self._left_alone = frozenset(each.path.name for each in left_alone)
        self._is_noted = False
        return found

    def files_left_alone(self) -> Collection[str]:
        """Names of the files of ours that cannot be read, as they were looked over last."""
        return self._left_alone

    def note_troubles(self) -> None:
        """Write down what was found wrong with a file, or no longer is: from then on, the
        captures in it count as lost, or no longer do."""
        if self._is_noted:
            return
        self._is_noted = True
        with transaction(self._conn):
            for known in self._ledger.files():
                trouble = self._troubles.get(known.name, known.trouble)
                self._note_trouble(known, trouble)

    def mend(self, read: Read) -> None:
        """Before writing. Files in trouble are named; of a file that was cut, what is left
        stays. After a crash: whole records without a row get one, a torn one is cut off."""
        troubles = self.look_over()
        _warn(troubles)
        for each in troubles:
            if each.trouble == "altered":
                altered = captures_in(self._conn, each.path.name)
                examine(self._conn, altered, read)
                self._ledger.close(each.path.name)
        for path in own_files(self.path, self.ownership()):
            with transaction(self._conn):
                self._mend_file(path, read)
        self._note_files_of_others()

    def _trouble_of(self, known: KnownFile) -> Trouble:
        end_bytes = self._rows.end_of(known.name)
        return trouble_of(
            self.path / known.name,
            known,
            end_bytes,
            self._is_genuine,
        )

    def _note_trouble(self, known: KnownFile, trouble: Trouble) -> None:
        path = self.path / known.name
        if trouble == "cut" and self._costs_captures(path):
            self._ledger.note_cut(path)
        elif trouble != known.trouble:
            self._ledger.note_trouble(known.name, trouble)

    def _costs_captures(self, path: Path) -> bool:
        """Whether a file ends before the last capture in it does."""
        end_of_captures = self._rows.end_of(path.name)
        size_bytes = path.stat().st_size
        return end_of_captures > size_bytes

    def _file_trouble(self, known: KnownFile, trouble: Trouble) -> FileTrouble:
        path = self.path / known.name
        from_bytes = 0
        if trouble == "cut":
            from_bytes = path.stat().st_size
        captures = self._rows.count_in(known.name, from_bytes)
        return FileTrouble(
            path=path,
            trouble=trouble,
            captures=captures,
            is_accepted=trouble == known.accepted,
        )

    def _is_genuine(self, path: Path) -> bool:
        """Whether a file's first record names this archive, as those of older versions do
        not, or the first capture that should lie in it does."""
        archive_id = self._rows.archive_id()
        if names_us(path, archive_id):
            return True
        first = self._rows.first_in(path.name)
        if first is None:
            return False
        location, _ = self._rows.location(first)
        try:
            record = unpack(self.path, location)
        except StorageError:
            return False
        digest = sha1_base32(record.body)
        return digest == self._rows.digest_of(first)

    def _mend_file(self, path: Path, read: Read) -> None:
        is_cut = self._costs_captures(path)
        size_bytes = path.stat().st_size
        start = self._rows.end_of(path.name, size_bytes)
        for location, record in scan(path, start):
            self._adopt_if_whole(location, record, read)
        if is_cut:
            self._ledger.note_cut(path)
        else:
            self._note(path)

    def _adopt_if_whole(
        self,
        location: RecordLocation,
        record: WarcRecord,
        read: Read,
    ) -> None:
        """Adopt a record, unless it is one that cannot be read or kept: such a one must not
        keep the archive shut."""
        try:
            with transaction(self._conn):
                self._adopt(location, record, read)
        except (ValueError, OverflowError, KeyError, StorageError):
            return

    def _adopt(
        self,
        location: RecordLocation,
        record: WarcRecord,
        read: Read,
    ) -> None:
        kind = record.headers.get("WARC-Type") or ""
        if kind not in _KINDS:
            return
        capture = read_record(record)
        refers_to = None
        if kind == "revisit":
            digest = record.headers.get("WARC-Payload-Digest") or ""
            original = self._rows.original(digest.removeprefix("sha1:"))
            if original is None:
                return
            refers_to = original.id
            capture = replace(capture, body=read(refers_to).body)
        what = Clean(capture, sha1_base32(capture.body))
        if not self._rows.find(what):
            self._rows.insert(what, location, kind, refers_to)

    def _note_files_of_others(self) -> None:
        """Their names are taken for good, too."""
        with transaction(self._conn):
            for path in warc_files_in(self.path):
                if not self._is_taken(path.name):
                    self._ledger.note(path, is_ours=False)

    def _note_written(self, path: Path) -> None:
        """As `_note`, where that can be: on a full disk it cannot, and the next writer does
        it."""
        with suppress(sqlite3.Error):
            self._note(path)

    def _note(self, path: Path) -> None:
        """Write down what a file of ours is now, unless that is known."""
        known = self._ledger.find(path.name)
        size_bytes = path.stat().st_size
        if known and known.head_digest and known.size_bytes == size_bytes:
            return
        with transaction(self._conn):
            self._ledger.note(path)

    def _is_recorded(self, name: str) -> bool:
        known = self._ledger.find(name)
        if known is None:
            return self._rows.is_recorded(name)
        trouble = self._troubles.get(name, known.trouble)
        return known.is_ours and trouble not in _LEFT_ALONE

    def _is_taken(self, name: str) -> bool:
        is_known = self._ledger.find(name) is not None
        return is_known or self._rows.is_recorded(name)

    def _is_open(self, name: str) -> bool:
        known = self._ledger.find(name)
        return known is None or not known.is_closed


def _warn(troubles: Sequence[FileTrouble]) -> None:
    """Say what is wrong with files, the first few by name, unless it was accepted."""
    news = [each for each in troubles if not each.is_accepted]
    is_folder_empty = bool(news) and not any(news[0].path.parent.glob(_ALL))
    if is_folder_empty:
        captures = sum(each.captures for each in news)
        _log.warning(
            "%s has none of its files (%d): %d captures lay there; %s",
            news[0].path.parent,
            len(news),
            captures,
            _ADVICE,
        )
        return
    for each in news[:_NAMED]:
        _log.warning("%s: %d captures lay there", each, each.captures)
    if len(news) > _NAMED:
        _log.warning("… and %d more files", len(news) - _NAMED)
    if news:
        _log.warning(_ADVICE)
