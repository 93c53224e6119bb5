"""An Atom feed (RFC 4287) of a thread, a board or an author: the newest posts, newest first."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final
from uuid import NAMESPACE_URL, uuid5

from markupsafe import Markup

from archive.export.form import Form
from archive.export.job import ChosenThread, Job
from archive.export.messages import shown_in_file
from archive.export.tables import stamp_of
from archive.export.templates import render
from archive.export.words import GAP, author_of, floor_of, remarks_of
from archive.reading.chosen import post_addresses, times_of_posts
from archive.web.shown_posts import ShownPost

MOST_ENTRIES: Final = 500
"""A feed is read whole, again and again: of more posts it has the newest."""
_LEFT_OUT: Final = "older posts that the feed leaves out"
_EPOCH: Final = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A post in the feed. Times as RFC 3339 has them; `published` is empty where unknown."""

    title: str
    id: str
    url: str
    published: str
    updated: str
    author: str
    content: str


def _write(job: Job, out: BinaryIO) -> None:
    threads = list(_newest(job))
    entries: list[_Entry] = []
    for chosen in threads:
        entries += _entries(job, chosen)
    entries.sort(key=_time, reverse=True)

    title, url = _title(job, threads)
    identity = f"{url} {title}"
    latest = max((entry.updated for entry in entries), default=_EPOCH)
    feed = render(
        "feed.atom",
        title=title,
        id=_urn(identity),
        url=url,
        updated=latest,
        entries=entries,
    )
    out.write(feed.encode("utf-8", "replace"))


def _newest(job: Job) -> Iterator[ChosenThread]:
    """The threads of the newest posts, each with those of its posts."""
    threads = list(job.threads())
    times: dict[int, str] = {}
    for chosen in threads:
        times |= times_of_posts(job.conn, chosen.post_ids)
    newest = heapq.nlargest(
        MOST_ENTRIES,
        times,
        key=lambda post_id: (times[post_id], post_id),
    )
    job.told[_LEFT_OUT] += len(times) - len(newest)

    wanted = set(newest)
    for chosen in threads:
        post_ids = [each for each in chosen.post_ids if each in wanted]
        if post_ids:
            yield replace(chosen, post_ids=tuple(post_ids))


def _entries(job: Job, chosen: ChosenThread) -> Iterator[_Entry]:
    addresses = post_addresses(job.conn, chosen.post_ids)
    messages = shown_in_file(
        job,
        chosen,
        has_anchors=False,
    )
    for shown in messages:
        url = addresses.get(shown.post.id, chosen.url)
        yield _entry(chosen, shown, url)


def _entry(chosen: ChosenThread, shown: ShownPost, url: str) -> _Entry:
    post = shown.post
    published = stamp_of(post.posted_at)
    seen = stamp_of(post.first_seen_at)
    edited = stamp_of(post.edited_at)
    remarks = Markup("")
    for remark in remarks_of(post, chosen.forum):
        remarks += Markup("<p><em>{}</em></p>").format(remark)
    number = f"row {post.id}" if post.pid is None else str(post.pid)
    identity = f"{chosen.forum.base_url} post {number}"
    content = remarks + shown.message
    return _Entry(
        title=f"{chosen.title}{GAP}{floor_of(post)}",
        id=_urn(identity),
        url=url,
        published=published,
        updated=edited or published or seen or _EPOCH,
        author=author_of(post),
        content=str(content),
    )


def _title(job: Job, threads: list[ChosenThread]) -> tuple[str, str]:
    """What the feed is of, and the address of that."""
    if not threads:
        return "论坛存档", ""
    first = threads[0]
    words = [job.choice.author]
    boards = {chosen.board for chosen in threads}
    forums = {chosen.forum.title for chosen in threads}
    url = first.forum.base_url
    if len(threads) == 1:
        words.append(first.title)
        url = first.url
    if len(boards) == 1:
        words += boards
    if len(forums) == 1:
        words += forums
    title = GAP.join(word for word in words if word)
    return title or "论坛存档", url


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, name).urn


def _time(entry: _Entry) -> tuple[str, str]:
    return entry.published, entry.id


FORM: Final = Form(
    summary="an Atom feed",
    suffixes=(".atom", ".xml"),
    write=_write,
)
