"""Reads an archive: forums, boards, lists of threads, threads with their posts, as typed values.

SQL in, frozen dataclasses out. Nothing here knows of HTML or of a server: the web pages
show what these functions return, and so may any other program.

Imports `schema`, `store` (for its description of a post's columns) and `scraper.core`.
Open `thread.py` first: `read_thread` reads a thread with its posts.
"""

from __future__ import annotations

from archive.reading.boards import Board, BoardNode, board_tree
from archive.reading.chosen_posts import ChosenPosts
from archive.reading.forums import (
    Forum,
    Holdings,
    count_holdings,
    get_forum,
    list_forums,
)
from archive.reading.lookup import MissingError
from archive.reading.posts import (
    Attachment,
    Comment,
    Poll,
    PollOption,
    Quote,
    Rating,
    ThreadPost,
    load_posts,
)
from archive.reading.thread import Thread, ThreadView, read_thread
from archive.reading.thread_lists import ThreadList, ThreadSummary, threads_of_board
from archive.reading.versions import PostVersion, read_versions

__all__ = [
    "Attachment",
    "Board",
    "BoardNode",
    "ChosenPosts",
    "Comment",
    "Forum",
    "Holdings",
    "MissingError",
    "Poll",
    "PollOption",
    "PostVersion",
    "Quote",
    "Rating",
    "Thread",
    "ThreadList",
    "ThreadPost",
    "ThreadSummary",
    "ThreadView",
    "board_tree",
    "count_holdings",
    "get_forum",
    "list_forums",
    "load_posts",
    "read_thread",
    "read_versions",
    "threads_of_board",
]
