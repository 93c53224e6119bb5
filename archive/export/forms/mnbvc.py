"""The forum format of the Chinese corpus MNBVC: a thread a line, in files of some 500 MB, with
threads that nearly repeat an earlier one marked, and personal data removed where it is asked.

Fields as its own checks have them (论坛语料格式): https://wiki.mnbvc.org/doku.php/现有语料格式
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, BinaryIO, Final, Protocol, TypeAlias

from archive.export.form import Form, Part, Write
from archive.export.job import ChosenThread, Job
from archive.export.near_copies import NearCopies
from archive.export.personal import PersonalData
from archive.export.tables import DAY_CHARS, moment_of
from archive.reading.forums import Forum
from archive.reading.posts import ThreadPost

_FILE_BYTES: Final = 500_000_000
"""A file ends with the thread that makes it larger."""
_DAY: Final = "%Y%m%d"
_TIME: Final = "%Y%m%d %H:%M:%S"
_COPIES: Final = "threads that nearly repeat an earlier one"
_NO_DAY: Final = "00010101"
_Values: TypeAlias = dict[str, Any]
_Reply: TypeAlias = dict[str, str]


class Threads(Protocol):
    """What the corpus is made of, a thread at a time: an archive's, or those of tables."""

    @property
    def removes_personal(self) -> bool:
        """Whether personal data is left out."""

    @property
    def told(self) -> Counter[str]:
        """What a person should know of."""

    def threads(self) -> Iterator[ChosenThread]:
        """The threads that have posts."""

    def posts(self, post_ids: Sequence[int]) -> Iterator[list[ThreadPost]]:
        """Posts of the last thread."""


class Copies(Protocol):
    """What knows of earlier threads that say nearly the same."""

    def earlier(self, chosen: ChosenThread, text: str) -> list[str]:
        """What these are called: forum and number."""


class _ComparedCopies:
    """Compares the threads with all that came before."""

    def __init__(self) -> None:
        self._near = NearCopies()

    def earlier(self, chosen: ChosenThread, text: str) -> list[str]:
        """The earlier threads, by their forums' names."""
        return self._near.earlier(f"{chosen.forum.title} {_number(chosen)}", text)


class Corpus:
    """The lines of the corpus, one thread after the other."""

    def __init__(self, job: Threads, copies: Copies) -> None:
        self._job = job
        self._copies = copies
        self._personal = PersonalData()
        self._lines = self._thread_lines()
        self._next = next(self._lines, None)

    @property
    def is_at_end(self) -> bool:
        """Whether all lines were written."""
        return self._next is None

    def write(self, out: BinaryIO, most_bytes: int | None = None) -> None:
        """Write lines, until there are so many bytes."""
        size = 0
        while self._next is not None:
            out.write(self._next)
            size += len(self._next)
            self._next = next(self._lines, None)
            if most_bytes is not None and size > most_bytes:
                break

    def report(self) -> bytes:
        """What was counted, as JSON."""
        told = self._job.told
        said = {
            "threads": told["threads"],
            "posts": told["posts"],
            "near_copies": told[_COPIES],
            "personal_data_removed": dict(self._personal.removed),
        }
        text = json.dumps(
            said,
            ensure_ascii=False,
            indent=1,
        )
        return f"{text}\n".encode()

    def tell(self) -> None:
        """Count what was removed among what a person is told."""
        removed = self._personal.removed
        for kind in removed:
            name = f"removed: {kind}"
            self._job.told[name] = removed[kind]

    def _thread_lines(self) -> Iterator[bytes]:
        for chosen in self._job.threads():
            thread = self._thread(chosen)
            line = _json(thread)
            encoded = line.encode("utf-8", "replace")
            yield encoded + b"\n"

    def _thread(self, chosen: ChosenThread) -> _Values:
        forum = chosen.forum
        title = self._cleaned(chosen.thread.title)
        replies = self._replies(chosen)
        opened = _local(
            chosen.summary.created_at,
            forum,
            _TIME,
        )
        seen = _local(
            chosen.thread.last_seen_at,
            forum,
            _DAY,
        )
        day = opened or seen or _NO_DAY
        more = {
            "标签": chosen.thread.type,
            "原文": chosen.url,
            "版块": self._cleaned(chosen.board),
            "主题标签": self._cleaned("、".join(chosen.tags)),
            "近似重复": self._copies_of(chosen, title, replies),
        }
        about = {
            "发帖时间": opened,
            "回复数": len(replies) - 1,
            "扩展字段": _packed(more),
        }
        return {
            "ID": _number(chosen),
            "主题": title,
            "来源": forum.title,
            "回复": replies,
            "元数据": about,
            "时间": day[: len(_NO_DAY)],
        }

    def _replies(self, chosen: ChosenThread) -> list[_Reply]:
        replies = []
        for posts in self._job.posts(chosen.post_ids):
            for post in posts:
                reply = self._reply(post, chosen.forum)
                replies.append(reply)
        return replies

    def _copies_of(
        self,
        chosen: ChosenThread,
        title: str,
        replies: list[_Reply],
    ) -> list[str]:
        """The earlier threads that say nearly the same."""
        words = [reply["回复"] for reply in replies]
        text = "\n".join([title, *words])
        found = self._copies.earlier(chosen, text)
        if found:
            self._job.told[_COPIES] += 1
        return found

    def _reply(self, post: ThreadPost, forum: Forum) -> _Reply:
        subject = "" if post.opening else post.subject
        more: _Values = {
            "回复人": self._cleaned(post.author),
            "回复时间": _local(post.posted_at, forum, _TIME),
            "楼层": post.floor,
            "标题": self._cleaned(subject),
            "隐藏": self._cleaned(post.withheld),
            "消失时间": _local(post.gone_at, forum, _TIME),
        }
        if post.quotes:
            quote = post.quotes[0]
            more["引用ID"] = quote.pid and str(quote.pid)
            more["引用人"] = self._cleaned(quote.author)

        number = f"row{post.id}"
        if post.pid is not None:
            number = str(post.pid)
        return {
            "楼ID": number,
            "回复": self._cleaned(post.text),
            "扩展字段": _packed(more),
        }

    def _cleaned(self, text: str) -> str:
        if not self._job.removes_personal:
            return text
        return self._personal.without(text)


def _write(job: Job, out: BinaryIO) -> None:
    write_all(Corpus(job, _ComparedCopies()), out)


def write_all(corpus: Corpus, out: BinaryIO) -> None:
    """Write one file."""
    corpus.write(out)
    corpus.tell()


def _parts(job: Job) -> Iterator[Part]:
    return parts_of(Corpus(job, _ComparedCopies()))


def parts_of(corpus: Corpus) -> Iterator[Part]:
    """The files of a folder: lines, and what was counted."""
    number = 0
    while not corpus.is_at_end:
        number += 1
        name = f"forum-{number:04}.jsonl"
        write = _writer(corpus)
        yield Part(name, write)
    corpus.tell()

    def write_report(out: BinaryIO) -> None:
        report = corpus.report()
        out.write(report)

    yield Part("report.json", write_report)


def _writer(corpus: Corpus) -> Write:
    def write(out: BinaryIO) -> None:
        corpus.write(out, _FILE_BYTES)

    return write


def _number(chosen: ChosenThread) -> int:
    """The thread's number; below 0 the row of one that has none."""
    thread = chosen.thread
    if thread.tid is None:
        return -thread.id
    return thread.tid


def _packed(values: _Values) -> str:
    """Fields that vary, as JSON within a text; what is not known is left out."""
    names = [name for name in values if values[name]]
    known = {name: values[name] for name in names}
    return _json(known)


def _json(values: _Values) -> str:
    return json.dumps(values, ensure_ascii=False)


def _local(stored: str | None, forum: Forum, form: str) -> str:
    """A time by the forum's clock; empty where it is not known."""
    moment = moment_of(stored)
    if moment is None or stored is None:
        return ""
    local = moment
    is_day = len(stored) == DAY_CHARS  # the forum's own already
    if not is_day:
        local += timedelta(minutes=forum.utc_offset_minutes)
    return local.strftime(form)


FORM: Final = Form(
    summary="lines of the corpus MNBVC",
    suffixes=(".jsonl",),
    write=_write,
    parts=_parts,
    can_remove_personal=True,
)
