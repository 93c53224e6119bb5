"""The table of posts, with all that hangs on each, and that of their quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Final

from archive.export.job import ChosenThread, Job
from archive.export.tables import (
    Column,
    Table,
    Values,
    moment_of,
    stated_time,
    with_time,
)
from archive.reading.chosen import load_markdown, post_addresses
from archive.reading.posts import (
    Attachment,
    Comment,
    Poll,
    Quote,
    Rating,
    ThreadPost,
)

PLACE: Final = (
    Column("site_id", "number", "number of the forum in the archive"),
    Column("site", "text", "name of the forum, else its address"),
    Column("board", "text", "name of the board"),
    Column("tid", "number", "the forum's number of the thread"),
    Column("thread_id", "number", "row of the thread in the archive"),
)
_QUOTE: Final = (
    Column(
        "pid", "number", "the forum's number of the quoted post, where it is printed"
    ),
    Column("author", "text", "author of the quoted post, as the quote names it"),
    *stated_time("posted_at", "when the quoted post was written, as the quote says"),
    Column("text", "text", "the quoted words"),
)
_ATTACHMENT: Final = (
    Column("aid", "number", "the forum's number of the file"),
    Column("name", "text", "name of the file"),
    Column("url", "text", "address as the page has it"),
    Column("size_bytes", "number", "size as printed, often rounded"),
    Column("image", "flag", "whether it is a picture"),
    Column("downloads", "number", "downloads that the forum states"),
    Column("price", "number", "price of it, in the forum's credits"),
    Column("description", "text", "what the author says of it"),
)
_RATING: Final = (
    Column("author", "text", "who rated"),
    Column("uid", "number", "the forum's number of who rated"),
    Column("score", "number", "points given, or taken when negative"),
    Column("credit", "text", "name of the credit"),
    Column("reason", "text", "reason stated"),
    *stated_time("rated_at", "when, where a page prints it"),
)
_COMMENT: Final = (
    Column("author", "text", "who commented"),
    Column("uid", "number", "the forum's number of who commented"),
    *stated_time("posted_at", "when, as printed"),
    Column("text", "text", "the comment"),
)
_OPTION: Final = (
    Column("text", "text", "the option"),
    Column("votes", "number", "votes; empty where the forum hides them"),
    Column("percent", "share", "share of the votes, as printed"),
)
COLUMNS: Final = (
    *PLACE,
    Column("base_url", "text", "address of the forum"),
    Column("software", "text", "what the forum runs, as it says"),
    Column("fid", "number", "the forum's number of the board"),
    Column("thread", "text", "title of the thread"),
    Column(
        "pid", "number", "the forum's number of the post; empty where none is printed"
    ),
    Column("post_id", "number", "row of the post in the archive"),
    Column("floor", "number", "floor as printed; 1 is the opening post"),
    Column("opening", "flag", "whether it opens its thread"),
    Column("author", "text", "name of the author; empty for an anonymous one"),
    Column("uid", "number", "the forum's number of the author"),
    Column("anonymous", "flag", "whether the author is hidden"),
    *stated_time("posted_at", "when it was posted"),
    Column("location", "text", "where the forum says it was written"),
    Column("subject", "text", "its own title"),
    Column("text", "text", "the author's own words, without quotes and marks"),
    Column("markdown", "text", "the message as Markdown, quotes included"),
    Column("html", "text", "the message as served, not made safe"),
    Column(
        "withheld", "text", "the forum's words for hiding it; empty where it does not"
    ),
    Column(
        "withheld_reason", "text", "why it is hidden: blocked, banned, paid, reply …"
    ),
    Column("edited_by", "text", "who edited it last"),
    *stated_time("edited_at", "when it was edited last"),
    Column("versions", "number", "older versions of its words in the archive"),
    Column("best_answer", "flag", "whether it is the best answer of a reward thread"),
    Column("side", "text", "side that it takes in a debate"),
    Column("signature", "text", "signature under it"),
    Column("first_seen_at", "time", "when a page first showed it"),
    Column("last_seen_at", "time", "when a page last showed it"),
    Column("gone_at", "time", "when a page no longer showed it; empty where it stands"),
    Column("url", "text", "its public address, or the nearest that is known"),
    Column("quotes", "rows", "what it quotes", _QUOTE),
    Column("attachments", "rows", "files that hang on it", _ATTACHMENT),
    Column("ratings", "rows", "ratings of it (评分)", _RATING),
    Column("ratings_total", "number", "how many rated it, by the forum's own count"),
    Column("comments", "rows", "short comments under it (点评)", _COMMENT),
    Column("comments_total", "number", "how many comments it has at least"),
    Column("poll", "rows", "options of its poll", _OPTION),
    Column("poll_voters", "number", "voters of its poll, where a page tells"),
    Column("poll_multiple", "flag", "whether several options may be chosen"),
    Column("poll_ended", "flag", "whether its poll is over"),
    Column("images", "texts", "addresses of pictures in it"),
    Column("links", "texts", "addresses that it links to"),
)
SAME_NAMES: Final = (
    "pid",
    "floor",
    "opening",
    "author",
    "uid",
    "anonymous",
    "location",
    "subject",
    "text",
    "html",
    "withheld",
    "withheld_reason",
    "edited_by",
    "versions",
    "best_answer",
    "side",
    "signature",
    "ratings_total",
    "comments_total",
)
"""Columns that are a post's own values, under their own names."""
_SEEN: Final = ("first_seen_at", "last_seen_at", "gone_at")


def place_of(chosen: ChosenThread) -> Values:
    """The columns that say where a row belongs."""
    return {
        "site_id": chosen.forum.id,
        "site": chosen.forum.title,
        "board": chosen.board,
        "tid": chosen.thread.tid,
        "thread_id": chosen.thread.id,
    }


def post_rows(job: Job, chosen: ChosenThread) -> Iterator[list[Values]]:
    """The posts of a thread as rows."""
    place = place_of(chosen)
    place["base_url"] = chosen.forum.base_url
    place["software"] = chosen.forum.software
    place["fid"] = chosen.fid
    place["thread"] = chosen.thread.title
    for posts in job.posts(chosen.post_ids):
        yield _rows_of(job, posts, place)


def _rows_of(job: Job, posts: Sequence[ThreadPost], place: Values) -> list[Values]:
    ids = [post.id for post in posts]
    markdowns = load_markdown(job.conn, ids)
    addresses = post_addresses(job.conn, ids)
    rows = []
    for post in posts:
        row = _post_values(post)
        row |= place
        row["markdown"] = markdowns.get(post.id, "")
        row["url"] = addresses.get(post.id, "")
        rows.append(row)
    return rows


def _post_values(post: ThreadPost) -> Values:
    values: Values = {}
    for name in SAME_NAMES:
        values[name] = getattr(post, name)
    for name in _SEEN:
        stored = getattr(post, name)
        values[name] = moment_of(stored)
    values["post_id"] = post.id
    with_time(values, "posted_at", post.posted_at)
    with_time(values, "edited_at", post.edited_at)

    values["quotes"] = _timed_rows(post.quotes, "posted_at")
    values["ratings"] = _timed_rows(post.ratings, "rated_at")
    values["comments"] = _timed_rows(post.comments, "posted_at")
    values["attachments"] = _files(post.attachments)
    values["poll"] = _options(post.poll)
    values["poll_voters"] = post.poll.voters if post.poll else None
    values["poll_multiple"] = bool(post.poll and post.poll.multiple)
    values["poll_ended"] = bool(post.poll and post.poll.ended)
    values["images"] = list(post.images)
    values["links"] = list(post.links)
    return values


def _timed_rows(hanging: Sequence[Quote | Rating | Comment], time: str) -> list[Values]:
    """What hangs on a post as rows; `time` is the name of their time."""
    rows = []
    for each in hanging:
        row = _timed(each, time)
        rows.append(row)
    return rows


def _timed(each: Quote | Rating | Comment, time: str) -> Values:
    values: Values = asdict(each)
    stored = values[time]
    with_time(values, time, stored)
    return values


def _files(attachments: Sequence[Attachment]) -> list[Values]:
    rows = []
    for file in attachments:
        row = asdict(file)
        row["image"] = bool(file.image)
        rows.append(row)
    return rows


def _options(poll: Poll | None) -> list[Values]:
    if poll is None:
        return []
    rows = []
    for option in poll.options:
        row = asdict(option)
        rows.append(row)
    return rows


def _rows(job: Job) -> Iterator[list[Values]]:
    threads = job.threads(by_number=True)
    for chosen in threads:
        yield from post_rows(job, chosen)


def _quote_rows(job: Job) -> Iterator[list[Values]]:
    threads = job.threads(
        by_number=True,
        counted=False,
    )
    for chosen in threads:
        place = place_of(chosen)
        chunks = job.posts(
            chosen.post_ids,
            counted=False,
        )
        for posts in chunks:
            yield _quotes_of(posts, place)


def _quotes_of(posts: Sequence[ThreadPost], place: Values) -> list[Values]:
    rows = []
    for post in posts:
        for position, quote in enumerate(post.quotes, 1):
            row = _quote_values(post, quote)
            row |= place
            row["position"] = position
            rows.append(row)
    return rows


def _quote_values(post: ThreadPost, quote: Quote) -> Values:
    values = _timed(quote, "posted_at")
    values["quoted_pid"] = quote.pid
    values["quoted_author"] = quote.author
    values["pid"] = post.pid
    values["post_id"] = post.id
    values["author"] = post.author
    return values


_QUOTE_COLUMNS: Final = (
    *PLACE,
    Column("pid", "number", "the forum's number of the post that quotes"),
    Column("post_id", "number", "row of the post that quotes"),
    Column("author", "text", "author of the post that quotes"),
    Column("position", "number", "place of the quote in its post, from 1"),
    Column("quoted_pid", "number", "the forum's number of the quoted post"),
    Column("quoted_author", "text", "author of the quoted post, as the quote names it"),
    *stated_time("posted_at", "when the quoted post was written, as the quote says"),
    Column("text", "text", "the quoted words"),
)

POSTS: Final = Table("posts", "posts, a row each", COLUMNS, _rows)
QUOTES: Final = Table("quotes", "who quotes whom", _QUOTE_COLUMNS, _quote_rows)
