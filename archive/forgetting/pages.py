"""What of a page is forgotten: a pure function of what the page says and of the marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.forgetting.views import text_of
from archive.store.forgotten import Tombstones, is_nothing, squeeze
from scraper.core.records import (
    BoardPage,
    Comment,
    Content,
    FeedPage,
    IndexPage,
    Post,
    PostExtras,
    ProfilePage,
    Quote,
    Rating,
    ThreadPage,
    ThreadRow,
)


@dataclass(frozen=True, slots=True)
class Message:
    """A post's message as it stands on a page, squeezed: its markup's text, the poster's
    words, and these line by line."""

    shown: str
    words: str
    lines: tuple[str, ...]
    is_hidden: bool


@dataclass(slots=True)
class Shown:
    """What of a page is forgotten. `words`: squeezed, blanked wherever they stand; `urls`
    too, though a page may have them in other forms; `names` and `uids` of members;
    `messages`: of all posts, in page order; `is_all`: the page shows nothing else.

    False where nothing of it is left to be blanked.
    """

    words: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    uids: set[int] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    is_all: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.names or self.uids)

    def add_words(self, *texts: str) -> None:
        """Words to blank, unless they are blank already."""
        for text in texts:
            words = squeeze(text)
            if not is_nothing(words):
                self.words.add(words)

    def add_name(self, name: str) -> None:
        """A member's name."""
        if not is_nothing(squeeze(name)):
            self.names.add(name.strip())


def find_forgotten(content: Content, site_id: int, forgotten: Tombstones) -> Shown:
    """What of a page is forgotten; false where nothing is."""
    finder = _Finder(site_id, forgotten)
    match content:
        case ThreadPage():
            finder.thread(content)
        case BoardPage() | FeedPage():
            finder.rows(content.threads)
            if isinstance(content, BoardPage):
                finder.moderators(content.boards)
        case IndexPage():
            finder.moderators(content.boards)
        case ProfilePage():
            finder.profile(content)
        case PostExtras():
            finder.window(content)
        case _:
            pass
    return finder.shown


class _Finder:
    """Gathers what of one page is forgotten."""

    def __init__(self, site_id: int, forgotten: Tombstones) -> None:
        self.shown = Shown()
        self._site_id = site_id
        self._forgotten = forgotten

    def thread(self, page: ThreadPage) -> None:
        is_whole = self._hides("thread", page.tid)
        if is_whole or self._is_opening(page.tid):
            self.shown.add_words(page.title)
            self.shown.add_words(*(each.value for each in page.fields))
        hidden = 0
        for post in page.posts:
            is_hidden = is_whole or self._forgotten.hides_post(self._site_id, post)
            hidden += is_hidden
            self._post(
                post,
                is_hidden=is_hidden,
            )
        self.shown.is_all = is_whole or 0 < hidden == len(page.posts)

    def rows(self, rows: Iterable[ThreadRow]) -> None:
        for row in rows:
            is_theirs = self._is_member(row.uid, row.author)
            is_hidden = self._hides("thread", row.tid) or self._is_opening(row.tid)
            if is_theirs or is_hidden:
                self.shown.add_words(row.title, row.excerpt)
            self._is_member(None, row.last_author)

    def moderators(self, boards: Iterable[object]) -> None:
        for board in boards:
            for name in getattr(board, "moderators", ()):
                self._is_member(None, name)

    def profile(self, page: ProfilePage) -> None:
        if not self._is_member(page.uid, page.name):
            return
        self.shown.is_all = True
        self.shown.add_words(*(each.value for each in page.fields))

    def window(self, page: PostExtras) -> None:
        is_hidden = self._hides("post", page.pid) or self._hides("thread", page.tid)
        self.shown.is_all = is_hidden
        self._remarks(
            page.ratings,
            page.comments,
            is_hidden=is_hidden,
        )
        for voter in page.voters:
            self._is_member(voter.uid, voter.author)

    def _post(self, post: Post, *, is_hidden: bool) -> None:
        self.shown.messages.append(_message(post, is_hidden=is_hidden))
        if not post.anonymous:
            self._is_member(post.uid, post.author)
        self._is_member(None, post.edited_by)
        self._remarks(
            post.ratings,
            post.comments,
            is_hidden=is_hidden,
        )
        if is_hidden:
            self._words_of(post)
            return
        for quote in post.quotes:
            self._quote(quote)

    def _words_of(self, post: Post) -> None:
        """All that a forgotten post says, but what it quotes."""
        add = self.shown.add_words
        add(post.text, post.subject)
        # it stands under all posts of its author
        if self._forgotten.hides_member(self._site_id, post.uid, post.author):
            add(*post.signature.splitlines())
        urls = {*post.images, *post.links}
        for file in post.attachments:
            add(file.name, file.description)
            urls.add(file.url)
        self.shown.urls |= set(filter(None, map(squeeze, urls)))
        if post.poll:
            add(*(option.text for option in post.poll.options))

    def _quote(self, quote: Quote) -> None:
        is_theirs = self._is_member(None, quote.author)
        if is_theirs or self._is_of_forgotten(quote):
            self.shown.add_words(quote.text)

    def _is_of_forgotten(self, quote: Quote) -> bool:
        if self._hides("post", quote.pid):
            return True
        if self._forgotten.hides_moment(self._site_id, quote.author, quote.posted_at):
            return True
        return bool(self._forgotten.word_spans(squeeze(quote.text)))

    def _remarks(
        self,
        ratings: Iterable[Rating],
        comments: Iterable[Comment],
        *,
        is_hidden: bool,
    ) -> None:
        for rating in ratings:
            if self._is_member(rating.uid, rating.author) or is_hidden:
                self.shown.add_words(rating.reason)
        for comment in comments:
            if self._is_member(comment.uid, comment.author) or is_hidden:
                self.shown.add_words(comment.text)

    def _is_member(self, uid: int | None, name: str) -> bool:
        """Whether somebody is a forgotten member; then the name and number are blanked."""
        is_hidden = self._forgotten.hides_member(
            self._site_id,
            uid,
            name,
        )
        if is_hidden:
            self.shown.add_name(name)
            if uid:
                self.shown.uids.add(uid)
        return is_hidden

    def _is_opening(self, tid: int | None) -> bool:
        """Whether a thread stays whose opening post was forgotten."""
        return self._hides("opening", tid)

    def _hides(self, kind: str, number: int | None) -> bool:
        return self._forgotten.hides(
            self._site_id,
            kind,
            number,
        )


def _message(post: Post, *, is_hidden: bool) -> Message:
    words = squeeze(post.text)
    shown = text_of(post.html) or words
    lines = [squeeze(line) for line in post.text.splitlines()]
    return Message(
        shown="" if is_nothing(shown) else shown,
        words=words,
        lines=tuple(filter(None, lines)),
        is_hidden=is_hidden,
    )
