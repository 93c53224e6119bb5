"""Addresses in forms that a forum's owner made up: pages are rewritten as they go out and
requests as they come in, as Discuz! and a web server do it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scraper.addresses.urls import parse_url

_HREF = re.compile(r'(?<=href=")[^"]+')
_SPACE_NAME = re.compile(r"home\.php\?mod=space&username=([^&]+)$")
_TAG = re.compile(r"misc\.php\?mod=tag&id=(\d+)$")


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """One owner's forms. `further`: of a thread's pages but the first, where they have a
    form of their own. `standard`: what Discuz!'s own addresses of such pages do.
    `ended`: the server does not know these forms any more, and pages link Discuz!'s own."""

    thread: str
    board: str
    user: str
    post: str
    last: str
    category: str
    tag: str
    name: str = "people-{name}"
    further: str = ""
    standard: Literal["answer", "redirect"] = "answer"
    ended: bool = False

    def out(self, text: str, base: str) -> str:
        """A page with the links of this owner's forms."""

        def link(found: re.Match[str]) -> str:
            return self.link(found[0], base)

        return _HREF.sub(link, text)

    def link(self, href: str, base: str) -> str:
        """A link in this owner's form; the same where he has none for it."""
        plain = html.unescape(href)
        own = self._own(plain.removeprefix(base))
        if own is None:
            return href
        return f"{base}{own}" if plain.startswith(base) else own

    def _own(self, plain: str) -> str | None:
        plain, _, fragment = plain.partition("#")
        named = _SPACE_NAME.match(plain)
        if named:
            return self.name.format(name=named[1])
        tag = _TAG.match(plain)
        if tag:
            return self.tag.format(id=tag[1])

        target = parse_url(plain)
        if target is None or not target.id or target.filtered or target.descending:
            return None
        if target.view != "desktop" or target.kind not in self._forms():
            return None
        form = self._forms()["last" if target.last else target.kind]
        if target.kind == "thread" and target.page > 1 and self.further:
            form = self.further
        own = form.format(id=target.id, page=target.page)
        return f"{own}#{fragment}" if fragment else own

    def inwards(self, path: str) -> str:
        """The address of Discuz!'s own that one of these forms stands for; the same for
        any other."""
        for kind, pattern in self._patterns():
            found = re.fullmatch(pattern, path)
            if found is None:
                continue
            number, page = found["id"], found.groupdict().get("page") or "1"
            return _STANDARD[kind].format(id=number, page=page)
        return path

    def _forms(self) -> dict[str, str]:
        return {
            "thread": self.thread,
            "board": self.board,
            "user": self.user,
            "post": self.post,
            "last": self.last,
            "category": self.category,
        }

    def _patterns(self) -> Iterator[tuple[str, str]]:
        forms = [*self._forms().items(), ("thread", self.further)]
        for kind, form in forms:
            if form:
                pattern = re.escape(form).replace(r"\{id\}", r"(?P<id>\d+)")
                yield kind, pattern.replace(r"\{page\}", r"(?P<page>\d+)")


_STANDARD = {
    "thread": "forum.php?mod=viewthread&tid={id}&page={page}",
    "board": "forum.php?mod=forumdisplay&fid={id}&page={page}",
    "user": "home.php?mod=space&uid={id}",
    "post": "forum.php?mod=redirect&goto=findpost&pid={id}",
    "last": "forum.php?mod=redirect&goto=lastpost&tid={id}",
    "category": "forum.php?gid={id}",
}

SHORT = OwnAddresses(
    thread="w{id}-{page}",
    board="bk{id}-{page}",
    user="suid-{id}",
    post="p{id}",
    last="w{id}-last",
    category="cat{id}",
    tag="label-{id}",
)
PHPWIND = OwnAddresses(
    thread="read-htm-tid-{id}.html",
    further="read-htm-tid-{id}-page-{page}.html",
    board="thread-htm-fid-{id}-page-{page}.html",
    user="u.php?uid-{id}",
    post="job-htm-topost-{id}.html",
    last="read-htm-tid-{id}-lastpost.html",
    category="cate-htm-{id}.html",
    tag="tags-{id}.html",
)
FOLDERS = OwnAddresses(
    thread="topic/{id}/page/{page}",
    board="section/{id}/page/{page}",
    user="people/{id}",
    post="go/post/{id}",
    last="topic/{id}/latest",
    category="part/{id}",
    tag="tagged/{id}",
)
UNDERSCORES = OwnAddresses(
    thread="topic_{id}.htm",
    further="topic_{id}_p{page}.htm",
    board="list_{id}_{page}.htm",
    user="user_{id}.htm",
    post="reply_{id}.htm",
    last="newest_{id}.htm",
    category="group_{id}.htm",
    tag="tag_{id}.htm",
)
OWNERS = {
    "short": SHORT,
    "phpwind": PHPWIND,
    "folders": FOLDERS,
    "underscores": UNDERSCORES,
}
