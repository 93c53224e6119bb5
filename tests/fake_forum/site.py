"""From a request to an answer, as Discuz! X3 gives it: both kinds of addresses,
permissions, redirects."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import parse_qs, quote, urlsplit

from . import notices, plain, space
from .board import board_page
from .forum import Forum
from .index import index_page
from .model import Board, Thread, User
from .own_addresses import OwnAddresses
from .skin import Skin
from .thread import page_of, thread_page
from .view import View
from .windows import window

ROBOTS = b"""#
# robots.txt for Discuz! X3.5
#

User-agent: *
Allow: /data/attachment/
Allow: /data/avatar/
Disallow: /api/
Disallow: /data/
Disallow: /source/
Disallow: /config/
Disallow: /uc_server/
Disallow: /admin.php
Disallow: /search.php
Disallow: /member.php
Disallow: /misc.php
Disallow: /forum.php?mod=redirect*
Disallow: /forum.php?mod=post*
Disallow: /home.php?mod=spacecp*
Disallow: /*?mod=misc*
Disallow: /*?mod=attachment*
Disallow: /*mobile=yes*
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response before faults: `location` for redirects, `html` pages are encoded in the
    skin's charset."""

    status: int
    body: bytes = b""
    content_type: str = ""
    location: str = ""


@dataclass
class Site:
    """A forum behind addresses. `tokens` are the login cookies that are good at the moment.

    `closed` shuts it, in `closed_words` where they are given (`{n}`: a number that differs
    by address). `barred`: what guests meet at every address. `front`: the page at the bare
    address in place of the index; `outside`: the one at the host's root, where the forum
    lies in a folder, or where that redirects to. `lastpost`: pages past a thread's end
    redirect to its last post. `noticed`: threads in whose place a notice stands, by tid.
    `guests_get_files`: attachments are for everybody. `files`: what the server has beside
    pages, by path; `head`: what stands at the end of pages' heads (see `dressing`).
    """

    forum: Forum
    skin: Skin
    tokens: dict[str, User] = field(default_factory=dict)
    closed: bool = False
    closed_words: str = ""
    barred: Literal["", "notice", "login form"] = ""
    front: str = ""
    outside: str = ""
    lastpost: bool = False
    noticed: dict[int, str] = field(default_factory=dict)
    robots: bytes = ROBOTS
    guests_get_files: bool = False
    own: OwnAddresses | None = None
    files: Callable[[str], Answer | None] | None = None
    head: str = ""

    def login(self, user: User) -> dict[str, str]:
        """Cookies that a browser has after this member's login."""
        token = f"{zlib.crc32(user.name.encode()):08x}{len(self.tokens)}"
        self.tokens[token] = user
        return {
            f"{self.skin.prefix}saltkey": "fake0000",
            f"{self.skin.prefix}auth": token,
        }

    def logout(self) -> None:
        """Forget every login: cookies that were good show guests' pages from now on."""
        self.tokens.clear()

    def respond(self, target: str, cookies: dict[str, str]) -> Answer:
        """The answer to `GET target` (a path with query, the folder of `skin.base` cut off)."""
        if self.own is not None:
            return self._in_own_form(self.own, target, cookies)
        return self._respond(target, cookies)

    def _in_own_form(
        self, own: OwnAddresses, target: str, cookies: dict[str, str]
    ) -> Answer:
        """The answer at an address of the owner's forms; where there is one for the address
        asked for, it may redirect there."""
        asked = target.lstrip("/")
        if own.ended:
            return self._without(own, target, cookies)
        other = own.link(asked, self.skin.base)
        if own.standard == "redirect" and other != asked:
            return Answer(301, location=self.skin.base + other)
        answer = self._respond(f"/{own.inwards(asked)}", cookies)
        if answer.location:
            location = answer.location.removeprefix(self.skin.base)
            return replace(answer, location=self.skin.base + own.link(location, ""))
        if not answer.content_type.startswith("text/html"):
            return answer
        charset = "gbk" if self.skin.charset == "gbk" else "utf-8"
        text = answer.body.decode(charset)
        return replace(answer, body=own.out(text, self.skin.base).encode(charset))

    def _without(
        self, own: OwnAddresses, target: str, cookies: dict[str, str]
    ) -> Answer:
        """The answer once the rewriting has ended: the server itself knows no such file."""
        asked = target.lstrip("/")
        if own.inwards(asked) != asked:
            return Answer(404, b"<html><h1>404 Not Found</h1><hr>nginx</html>")
        return self._respond(target, cookies)

    def _respond(self, target: str, cookies: dict[str, str]) -> Answer:
        path, query = self._routed(target)
        view = View(
            self.forum,
            self.skin,
            self.tokens.get(cookies.get(f"{self.skin.prefix}auth", "")),
            f"{self.skin.prefix}lastvisit" in cookies,
            self.skin.base + target.lstrip("/"),
        )
        if path == "robots.txt":
            return Answer(200, self.robots, "text/plain")
        if path.startswith("data/attachment/"):
            return Answer(
                200,
                picture(path),
                "image/jpeg" if path.endswith(".jpg") else "image/png",
            )
        if self.files and (file := self.files(path)):
            return file
        if path == "outside/" and self.outside:
            sends_on = self.outside.startswith("/")
            if sends_on:
                return Answer(302, location=self.outside)
            return self._page(self.outside)
        if self.closed:
            words = self.closed_words or notices.CLOSED
            number = str(zlib.crc32(target.encode()) % 90)
            words = words.replace("{n}", number)
            return self._page(notices.notice(view, words, login=True))
        if self.barred and view.member is None and path != "member.php":
            return self._barred(view)
        if self.front and path == "":
            return self._page(self.front)
        handler: Callable[[View, dict[str, str]], Answer] | None = {
            "": self._front,
            "index.php": self._front,
            "forum.php": self._forum,
            "home.php": self._home,
            "archiver": self._archiver,
            "misc.php": self._nothing,
            "member.php": self._member,
        }.get(path)
        if handler is None:
            return Answer(404, b"<html><h1>404 Not Found</h1></html>", "text/html")
        return handler(view, query)

    def _routed(self, target: str) -> tuple[str, dict[str, str]]:
        parts = urlsplit(target)
        path = parts.path.lstrip("/")
        query = {
            key: values[0]
            for key, values in parse_qs(parts.query, keep_blank_values=True).items()
        }
        if match := re.fullmatch(r"thread-(\d+)-(\d+)-(\d+)\.html", path):
            return "forum.php", {
                **query,
                "mod": "viewthread",
                "tid": match[1],
                "page": match[2],
            }
        if match := re.fullmatch(r"forum-(\d+)-(\d+)\.html", path):
            return "forum.php", {
                **query,
                "mod": "forumdisplay",
                "fid": match[1],
                "page": match[2],
            }
        if match := re.fullmatch(r"space-uid-(\d+)\.html", path):
            return "home.php", {**query, "mod": "space", "uid": match[1]}
        if path.startswith("archiver/"):
            asked = re.search(r"(tid|fid)-(\d+)", parts.query or path)
            page = re.search(r"page[-=](\d+)", parts.query or path)
            return "archiver", {
                **({asked[1]: asked[2]} if asked else {}),
                "page": page[1] if page else "1",
            }
        return path, query

    def _page(self, text: str, status: int = 200) -> Answer:
        text = text.replace("</head>", f"{self.head}</head>", 1)
        return Answer(
            status, self.skin.encode(text), f"text/html; charset={self.skin.charset}"
        )

    def _barred(self, view: View) -> Answer:
        """Guests may see nothing (class_core.php, `allowvisit`)."""
        if self.barred == "notice":
            return self._refused(view, notices.LOGIN_FIRST, login=True)
        form = "member.php?mod=logging&action=login&referer=" + quote(
            view.address, safe=""
        )
        return Answer(302, location=form)

    def _refused(
        self, view: View, words: str, status: int = 200, login: bool = False
    ) -> Answer:
        return self._page(notices.notice(view, words, login), status)

    def _front(self, view: View, query: dict[str, str]) -> Answer:
        gid = number(query, "gid", 0)
        if gid and gid not in {category.gid for category in self.forum.categories}:
            return self._refused(view, notices.NO_BOARD, 404)
        return self._page(index_page(view, gid))

    def _forum(self, view: View, query: dict[str, str]) -> Answer:
        handler = {
            "viewthread": self._thread,
            "forumdisplay": self._board,
            "redirect": self._redirect,
            "rss": self._rss,
            "attachment": self._file,
            "misc": self._misc,
            "post": self._member,
        }
        return handler.get(query.get("mod", ""), self._front)(view, query)

    def _board(self, view: View, query: dict[str, str]) -> Answer:
        board = self.forum.board(number(query, "fid", 0))
        if board is None:
            return self._refused(view, notices.NO_BOARD, 404)
        return self._no_entry(view, board) or self._page(
            board_page(view, board, number(query, "page", 1))
        )

    def _no_entry(self, view: View, board: Board) -> Answer | None:
        if board.access == "members" and view.member is None:
            return self._refused(view, notices.LOGIN, login=True)
        return (
            self._page(notices.password_form(view, board))
            if board.access == "password"
            else None
        )

    def _thread(self, view: View, query: dict[str, str]) -> Answer:
        tid, page = number(query, "tid", 0), number(query, "page", 1)
        thread = self.forum.threads.get(tid)
        if thread is None:
            return self._refused(view, notices.NOT_FOUND, 404)
        if tid in self.noticed:
            return self._refused(view, self.noticed[tid])
        if refused := self._no_thread(view, thread):
            return refused
        if thread.tid in self.forum.stale and query.get("action") != "printable":
            self.forum.stale.discard(
                thread.tid
            )  # X3 counts the posts again and asks the client to come back
            return Answer(
                302,
                location=f"{self.skin.base}forum.php?mod=viewthread&tid={thread.tid}",
            )
        if self.lastpost and page > page_of(view, thread, thread.last):
            return Answer(
                302, location=f"forum.php?mod=redirect&tid={tid}&goto=lastpost"
            )
        if query.get("action") == "printable":
            return self._page(plain.print_page(view, thread))
        author = number(query, "authorid", 0)
        if author and not any(p.author.uid == author for p in thread.posts):
            return self._refused(view, "未定义操作", 404)
        return self._page(
            thread_page(view, thread, page, author, query.get("ordertype") == "1")
        )

    def _no_thread(self, view: View, thread: Thread) -> Answer | None:
        if thread.moved_to:
            return Answer(
                302,
                location=f"{self.skin.base}forum.php?mod=viewthread&tid={thread.moved_to}",
            )
        board = self.forum.board(thread.fid)
        assert board is not None
        if board.access == "password":
            return Answer(
                302,
                location=f"{self.skin.base}forum.php?mod=forumdisplay&fid={board.fid}",
            )
        if board.access == "members" and view.member is None:
            return self._refused(view, notices.FORBIDDEN, login=True)
        if thread.read_level and view.member is None:
            return self._refused(
                view, notices.READ_LEVEL.format(thread.read_level), login=True
            )
        return None

    def _redirect(self, view: View, query: dict[str, str]) -> Answer:
        thread = self.forum.threads.get(number(query, "ptid", number(query, "tid", 0)))
        if query.get("goto") == "lastpost" and thread and not thread.moved_to:
            page = page_of(view, thread, thread.last)
            return Answer(
                302,
                location=f"forum.php?mod=viewthread&tid={thread.tid}&page={page}#lastpost",
            )
        try:
            thread, post = self.forum.find(number(query, "pid", 0))
        except KeyError:
            return self._refused(view, notices.NOT_FOUND, 404)
        page = page_of(view, thread, post)
        return Answer(
            301,
            location=f"forum.php?mod=viewthread&tid={thread.tid}&page={page}#pid{post.pid}",
        )

    def _rss(self, view: View, query: dict[str, str]) -> Answer:
        board = self.forum.board(number(query, "fid", 0))
        if board is None or board.access != "open":
            return self._refused(view, notices.NO_BOARD)
        return Answer(200, self.skin.encode(plain.rss(view, board)), "application/xml")

    def _file(self, view: View, query: dict[str, str]) -> Answer:
        if view.member is None and not self.guests_get_files:
            return self._refused(view, notices.NO_FILE)
        return Answer(
            200, query.get("aid", "").encode() * 100, "application/octet-stream"
        )

    def _home(self, view: View, query: dict[str, str]) -> Answer:
        user = next(
            (user for user in self.forum.users if user.uid == number(query, "uid", 0)),
            None,
        )
        if view.member is None:
            return self._refused(view, notices.LOGIN_FIRST, login=True)
        if user is None:
            return self._refused(view, "抱歉，您指定的用户空间不存在")
        return self._page(space.threads_of(view, user, number(query, "page", 1)))

    def _archiver(self, view: View, query: dict[str, str]) -> Answer:
        page = number(query, "page", 1)
        if "tid" in query:
            thread = self.forum.threads.get(number(query, "tid", 0))
            if thread is None:
                return self._refused(view, notices.NOT_FOUND, 404)
            return self._no_thread(view, thread) or self._page(
                plain.archiver_thread(view, thread, page)
            )
        if "fid" in query:
            board = self.forum.board(number(query, "fid", 0))
            if board is None:
                return self._refused(view, notices.NO_BOARD, 404)
            return self._no_entry(view, board) or self._page(
                plain.archiver_board(view, board, page)
            )
        return self._page(plain.archiver_index(view))

    def _misc(self, view: View, query: dict[str, str]) -> Answer:
        text = window(view, query)
        return self._page(text) if text else self._nothing(view, query)

    def _nothing(self, view: View, _query: dict[str, str]) -> Answer:
        return self._refused(view, "未定义操作")

    def _member(self, view: View, _query: dict[str, str]) -> Answer:
        return self._refused(view, "您需要先登录才能继续本操作", login=True)

    def under(self, base: str) -> Site:
        """The same site at another address."""
        return replace(self, skin=replace(self.skin, base=base))


def number(query: dict[str, str], key: str, otherwise: int) -> int:
    """The number at the start of a value, as PHP's intval reads it; `otherwise` where there
    is none."""
    found = re.match(r"\d+", query.get(key, ""))
    return int(found[0]) if found else otherwise


def picture(path: str) -> bytes:
    """A one pixel PNG that differs for every path."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    pixels = chunk(b"IDAT", zlib.compress(b"\0\x7f"))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"tEXt", b"Comment\0" + path.encode())
        + pixels
        + chunk(b"IEND", b"")
    )
