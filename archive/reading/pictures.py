"""The pictures of posts, counted from 1 in each post: those that stand in its message, then
those that hang on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from archive.reading.posts import ThreadPost

_OF_THREAD: Final = """
SELECT p.id, p.pid, shown.url
FROM posts p JOIN (
  SELECT post_id, 0 AS hangs, position, url FROM images
  UNION ALL
  SELECT post_id, 1, position, url FROM attachments WHERE image = 1
) shown ON shown.post_id = p.id
WHERE p.thread_id = ? AND shown.url <> ''
ORDER BY p.posted_at, p.pid, p.position, p.id, shown.hangs, shown.position
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of that number in a post: `post_id` is the post's row, `pid` the forum's
    own number, `url` the picture's address as the post has it."""

    post_id: int
    pid: int | None
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """A picture among the `total` of its thread: it is the one at `index`, from 1. None
    before the first and after the last."""

    picture: Picture
    index: int
    total: int
    before: Picture | None
    after: Picture | None


def pictures_of(post: ThreadPost) -> list[str]:
    """The addresses of a post's pictures, in order, each once."""
    hanging = [file.url for file in post.attachments if file.image and file.url]
    return _each_once([*post.images, *hanging])


def place_of_picture(
    conn: sqlite3.Connection, thread_id: int, post_id: int, number: int
) -> PicturePlace | None:
    """Where a picture is in its thread; None where the post has no picture of that number."""
    pictures = _pictures_of_thread(conn, thread_id)
    for index, picture in enumerate(pictures):
        if picture.post_id == post_id and picture.number == number:
            return PicturePlace(
                picture=picture,
                index=index + 1,
                total=len(pictures),
                before=pictures[index - 1] if index else None,
                after=pictures[index + 1] if index + 1 < len(pictures) else None,
            )
    return None


def _pictures_of_thread(conn: sqlite3.Connection, thread_id: int) -> list[Picture]:
    """All pictures of a thread in the order of its posts."""
    rows = conn.execute(_OF_THREAD, (thread_id,))
    pictures = []
    for (post_id, pid), of_post in groupby(rows, itemgetter(0, 1)):
        urls = [url for _, _, url in of_post]
        for number, url in enumerate(_each_once(urls), 1):
            pictures.append(Picture(post_id, pid, number, url))
    return pictures


def _each_once(urls: Sequence[str]) -> list[str]:
    kept = [url for url in urls if url]
    return list(dict.fromkeys(kept))
