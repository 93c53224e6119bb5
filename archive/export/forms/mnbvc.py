"""The forum format of the Chinese corpus MNBVC: a thread a line, in files of some 500 MB, with
threads that nearly repeat an earlier one marked, and personal data removed where it is asked.

Fields as its own checks have them (论坛语料格式): https://wiki.mnbvc.org/doku.php/现有语料格式
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, BinaryIO, Final, TypeAlias

from archive.export.form import Form, Part
from archive.export.job import ChosenThread, Job
from archive.export.near_copies import NearCopies
from archive.export.personal import PersonalData
from archive.export.tables import moment_of
from archive.reading.forums import Forum
from archive.reading.posts import ThreadPost

_FILE_BYTES: Final = 500_000_000
"""A file ends with the thread that makes it larger."""
_DAY: Final = "%Y%m%d"
_TIME: Final = "%Y%m%d %H:%M:%S"
_COPIES: Final = "threads that nearly repeat an earlier one"
_NO_DAY: Final = "00010101"
_Values: TypeAlias = dict[str, Any]


class _Corpus:
    """The lines of the corpus, one thread after the other."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._copies = NearCopies()
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
        said = {
            "threads": self._job.told["threads"],
            "posts": self._job.told["posts"],
            "near_copies": self._job.told[_COPIES],
            "personal_data_removed": dict(self._personal.removed),
        }
        text = json.dumps(said, ensure_ascii=False, indent=1)
        return f"{text}\n".encode()

    def tell(self) -> None:
        """Count what was removed among what a person is told."""
        for kind, count in self._personal.removed.items():
            self._job.told[f"removed: {kind}"] = count

    def _thread_lines(self) -> Iterator[bytes]:
        for chosen in self._job.threads():
            thread = self._thread(chosen)
            line = json.dumps(thread, ensure_ascii=False)
            encoded = line.encode("utf-8", "replace")
            yield encoded + b"\n"

    def _thread(self, chosen: ChosenThread) -> _Values:
        replies = []
        for posts in self._job.posts(chosen.post_ids):
            for post in posts:
                reply = self._reply(post, chosen.forum)
                replies.append(reply)
        title = self._cleaned(chosen.thread.title)
        words = [title, *(reply["回复"] for reply in replies)]
        copies = self._copies.earlier(_key(chosen), "\n".join(words))
        self._job.told[_COPIES] += bool(copies)

        summary = chosen.summary
        opened = _local(summary.created_at, chosen.forum, _TIME)
        day = opened or _local(chosen.thread.last_seen_at, chosen.forum, _DAY)
        more = {
            "标签": chosen.thread.type,
            "原文": chosen.url,
            "版块": self._cleaned(chosen.board),
            "主题标签": [self._cleaned(tag) for tag in chosen.tags],
            "近似重复": copies,
        }
        return {
            "ID": _number(chosen),
            "主题": title,
            "来源": chosen.forum.title,
            "回复": replies,
            "元数据": {
                "发帖时间": opened,
                "回复数": len(replies) - 1,
                "扩展字段": _packed(more),
            },
            "时间": day[: len(_NO_DAY)] or _NO_DAY,
        }

    def _reply(self, post: ThreadPost, forum: Forum) -> dict[str, str]:
        more: _Values = {
            "回复人": self._cleaned(post.author),
            "回复时间": _local(post.posted_at, forum, _TIME),
            "楼层": post.floor,
            "标题": "" if post.opening else self._cleaned(post.subject),
            "隐藏": self._cleaned(post.withheld),
            "消失时间": _local(post.gone_at, forum, _TIME),
        }
        for quote in post.quotes[:1]:
            more["引用ID"] = "" if quote.pid is None else str(quote.pid)
            more["引用人"] = self._cleaned(quote.author)
        return {
            "楼ID": f"row{post.id}" if post.pid is None else str(post.pid),
            "回复": self._cleaned(post.text),
            "扩展字段": _packed(more),
        }

    def _cleaned(self, text: str) -> str:
        if not self._job.removes_personal:
            return text
        return self._personal.without(text)


def _write(job: Job, out: BinaryIO) -> None:
    corpus = _Corpus(job)
    corpus.write(out)
    corpus.tell()


def _parts(job: Job) -> Iterator[Part]:
    corpus = _Corpus(job)
    number = 0
    while not corpus.is_at_end:
        number += 1
        yield Part(f"forum-{number:04}.jsonl", _writer(corpus))
    corpus.tell()
    report = corpus.report()
    yield Part("report.json", lambda out: _put(out, report))


def _writer(corpus: _Corpus) -> Callable[[BinaryIO], None]:
    def write(out: BinaryIO) -> None:
        corpus.write(out, _FILE_BYTES)

    return write


def _put(out: BinaryIO, data: bytes) -> None:
    out.write(data)


def _number(chosen: ChosenThread) -> int:
    """The thread's number; below 0 the row of one that has none."""
    tid = chosen.thread.tid
    return -chosen.thread.id if tid is None else tid


def _key(chosen: ChosenThread) -> str:
    return f"{chosen.forum.title} {_number(chosen)}"


def _packed(values: _Values) -> str:
    """Fields that vary, as JSON within a text; what is not known is left out."""
    known = {
        name: value for name, value in values.items() if value not in ("", None, [])
    }
    return json.dumps(known, ensure_ascii=False)


def _local(stored: str | None, forum: Forum, form: str) -> str:
    """A time by the forum's clock; empty where it is not known."""
    moment = moment_of(stored)
    if moment is None:
        return ""
    offset = timedelta(minutes=forum.utc_offset_minutes)
    local = moment
    if stored and "T" in stored:  # a day is the forum's own already
        local = moment + offset
    return local.strftime(form)


FORM: Final = Form(
    summary="the corpus MNBVC, a thread a line",
    suffixes=(".jsonl",),
    write=_write,
    parts=_parts,
    can_remove_personal=True,
)
