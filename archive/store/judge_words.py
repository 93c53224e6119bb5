"""What a page's words are to the stored ones: the same, more, fewer, others. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from archive.store.edits import is_edited_between
from archive.store.layouts import TOUCH
from archive.store.observation import Observation
from archive.store.smilies import comparable
from archive.store.stamps import iso
from archive.store.stored_post import StoredPost
from archive.store.upsert import is_newer
from archive.store.views import Views, compare
from archive.store.wording import alike, has_lines_of, squeezed
from archive.store.wordless import has_no_words_yet, marks_hidden_part, shows_no_words
from scraper.core.records import Post

Words: TypeAlias = Literal[
    "keep",
    "similar",
    "unlike",
    "take",
    "replace",
    "retitled",
    "stray",
    "absent",
    "reread",
]
"""What a page's words are to the stored ones.

keep: the same, or a view of them with less; similar: another layout's print of what may be
these words, or older ones; take: the same fuller, or the first ever; replace: other words,
the old ones become a version; retitled: a view with less under another title, the old
title becomes a version and the words stay; stray: other words that become a version
themselves; absent: the page shows none; reread: the stored ones come from this very
capture, which a better parser reads again.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A stored post and a page that shows it again. `stored_text`, `text`: the words of
    both, smilies by their numbers where they tell more than their codes. `extras_differ`:
    other quotes, pictures and so on hang on it."""

    stored: StoredPost
    post: Post
    seen: Observation
    views: Views
    stored_text: str
    text: str
    extras_differ: bool

    @property
    def is_part(self) -> bool:
        """Whether the page shows one part of the post."""
        return self.seen.part and bool(self.stored.opening)

    @property
    def has_same_text(self) -> bool:
        """Whether the words are the same, the title aside."""
        words = squeezed(self.text)
        stored_words = squeezed(self.stored_text)
        return words == stored_words

    @property
    def has_same_title(self) -> bool:
        """Whether the title is the same, where both have one."""
        subject = self.post.subject
        stored_subject = self.stored.subject
        if not subject or not stored_subject:
            return True
        title = squeezed(subject)
        stored_title = squeezed(stored_subject)
        return title == stored_title

    @property
    def shows_fewer_words(self) -> bool:
        """Whether the page has nothing but lines of the stored words, and not all of them."""
        words = squeezed(self.text)
        stored_words = squeezed(self.stored_text)
        if len(words) >= len(stored_words):
            return False
        return has_lines_of(self.stored_text, self.text)


def case_of(
    stored: StoredPost,
    post: Post,
    fingerprint: str,
    seen: Observation,
    stored_html: Callable[[], str],
) -> Case:
    """A case to be judged. `fingerprint` is the page's, of what hangs on the post;
    `stored_html` is asked for the stored message as served where words differ by smilies."""
    stored_text, text = comparable(
        stored.text,
        stored_html,
        post,
    )
    return Case(
        stored=stored,
        post=post,
        seen=seen,
        views=compare(stored, post, seen),
        stored_text=stored_text,
        text=text,
        extras_differ=fingerprint != stored.fingerprint,
    )


def judge_words(case: Case) -> Words:
    """What the page's words are to the stored ones."""
    stored = case.stored
    seen = case.seen
    if _is_of_same_capture(stored, seen):
        return "reread"
    if shows_no_words(case.post):
        return "absent"
    if has_no_words_yet(stored, seen):
        return "take" if _says_more_or_is_newer(case) else "keep"
    by_view = _judge_by_view(case)
    return by_view or _judge_by_layout(case)


def has_newer_words(stored: StoredPost, seen: Observation) -> bool:
    """Whether no newer page has shown the words that are stored."""
    words_seen_in = stored.capture_id
    if stored.words_seen_at == stored.last_seen_at:
        words_seen_in = stored.last_capture_id
    return is_newer(
        seen.at,
        seen.capture_id,
        stored.words_seen_at,
        words_seen_in,
    )


def _judge_by_view(case: Case) -> Words | None:
    """Where one of the two views has less than the other, and no mark says that the post
    was edited between; None where views do not tell."""
    seen = case.seen
    before = case.views.before
    now = case.views.now
    if before == now and not seen.all_parts:
        return None
    if is_edited_between(case.stored, case.post, seen.at):
        return None
    if case.has_same_text:
        return _judge_same_text(case)
    if now.lacks_words(before) and case.shows_fewer_words:
        return _keep_or_retitle(case)
    has_more = before.lacks_words(now) or _completes(case)
    if has_more and case.has_same_title:
        return _judge_more_words(case)
    return None


def _judge_same_text(case: Case) -> Words | None:
    """The same words in a view with less around them, such as pictures in place, or more."""
    views = case.views
    if views.has_less:
        return _keep_or_retitle(case)
    if not views.has_more:
        return None
    if not case.has_same_title:
        return None
    is_as_full = case.seen.rank >= case.stored.rank
    has_more_around = case.extras_differ or views.is_served_for_saved
    if is_as_full and has_more_around:
        return "take"
    return "keep"


def _keep_or_retitle(case: Case) -> Words:
    """A view with less: the words stay, and a newer title is taken."""
    if case.has_same_title:
        return "keep"
    stored = case.stored
    seen = case.seen
    if seen.rank < stored.rank:
        return "keep"
    is_newest = is_newer(
        seen.at,
        seen.capture_id,
        stored.last_seen_at,
        stored.last_capture_id,
    )
    return "retitled" if is_newest else "keep"


def _judge_more_words(case: Case) -> Words | None:
    """A page that has all the stored words, and others. Layouts poorer than these put in
    words of their own."""
    least_rank = min(case.stored.rank, TOUCH)
    if case.seen.rank < least_rank:
        return None
    if has_lines_of(case.text, case.stored_text):
        return "take"
    return None


def _completes(case: Case) -> bool:
    """Whether a page of all parts of a split post goes on where the stored words end, of
    which nothing tells whether they are a part."""
    stored = case.stored
    if not case.seen.all_parts:
        return False
    if not stored.opening or stored.view:
        return False
    whole = squeezed(case.text)
    part = squeezed(case.stored_text)
    return whole.startswith(part)


def _judge_by_layout(case: Case) -> Words:
    stored = case.stored
    seen = case.seen
    is_richer = seen.rank > stored.rank
    is_fuller = is_richer and not case.views.has_less
    if case.has_same_text and case.has_same_title:
        return "take" if is_fuller else "keep"
    if _is_other_print(case):
        is_whole = is_fuller and not case.is_part
        return "take" if is_whole else "similar"
    if seen.rank == stored.rank:
        return _judge_other_words(case)
    if is_edited_between(stored, case.post, seen.at):
        return _judge_other_words(case)
    return _judge_other_print(case)


def _judge_other_print(case: Case) -> Words:
    """Words of another layout that are not alike: layouts lose and put in so much (players'
    addresses, nested quotes, tags that one of them does not know) that this is no edit."""
    is_poorer = case.seen.rank < case.stored.rank
    if is_poorer or case.is_part:
        return "unlike"
    if case.views.has_less:
        return "unlike"
    if _is_view_with_less(case):
        return "unlike"
    return "take"


def _judge_other_words(case: Case) -> Words:
    has_less = _is_view_with_less(case)
    if has_less and _is_since_words(case) and marks_hidden_part(case.post):
        return "keep"
    if has_less or not _may_replace(case):
        return "stray"
    return "replace"


def _is_since_words(case: Case) -> bool:
    """Whether a page in as full a layout is newer than the first that showed the words."""
    stored = case.stored
    seen = case.seen
    if not _may_show_instead(case):
        return False
    return is_newer(seen.at, seen.capture_id, stored.words_since, stored.capture_id)


def _is_of_same_capture(stored: StoredPost, seen: Observation) -> bool:
    if stored.capture_id is None:
        return False
    return stored.capture_id == seen.capture_id


def _says_more_or_is_newer(case: Case) -> bool:
    """Whether a page has words of a post that had none so far, or says without any how it is
    hidden, in a fuller layout or later than what is stored."""
    stored = case.stored
    seen = case.seen
    if case.post.text or seen.rank > stored.rank:
        return True
    if seen.rank < stored.rank:
        return False
    return is_newer(seen.at, seen.capture_id, stored.words_seen_at, stored.capture_id)


def _is_other_print(case: Case) -> bool:
    """Whether two layouts print one text in two ways."""
    stored = case.stored
    text = case.post.text
    if case.seen.rank == stored.rank:
        return False
    if not text:
        return True
    return alike(stored.text, text)


def _may_replace(case: Case) -> bool:
    """Whether other words of this page may stand on top: not those of an older capture."""
    return has_newer_words(case.stored, case.seen) and _may_show_instead(case)


def _may_show_instead(case: Case) -> bool:
    """Whether what a page shows can be compared with the words on top: not a poorer layout,
    nor one part of a split opening post with another."""
    stored = case.stored
    if case.seen.rank < stored.rank:
        return False
    if not case.is_part:
        return True
    if not case.views.before.part:
        return False
    return alike(stored.text, case.post.text)


def _is_view_with_less(case: Case) -> bool:
    """Only lines that are known, and no other edit mark: rather a view with hidden parts
    than an edit."""
    edited_at = iso(case.post.edited_at)
    if edited_at and edited_at != case.stored.edited_at:
        return False
    return case.shows_fewer_words
