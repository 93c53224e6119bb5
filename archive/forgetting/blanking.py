"""A text with its forgotten parts blanked, and every other character as it was."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

from archive.forgetting.pages import Message, Shown
from archive.forgetting.views import (
    Span,
    View,
    decoded_view,
    plain_texts,
    squeezed_view,
)
from archive.store.forgotten import REMOVED, WINDOW_CHARS, Tombstones, squeeze

_ALONE_CHARS: Final = 6
"""Words of fewer characters are blanked only where nothing else stands beside them."""
_RUN: Final = re.compile(r""">([^<>]{1,200})<|"([^"<>]{1,200})"|'([^'<>]{1,200})'""")
_PIECE: Final = re.compile(r"""(?<![^>"'\n])[^<>"'\n]+""")
_TOKEN: Final = re.compile(r"""(?<![^>"'\s])[^<>"'\s]+""")
_NUMBERING: Final = re.compile(r"^\d{1,2}[.、)]")
_BEFORE: Final = r"""(?:[>"'\]]\s*|(?:由|@|#|:|：|\bby|回复|回復|引用|作者)\s*)"""
_AFTER: Final = (
    r"""(?:\s*[<"']|\s+(?:-|于|於|发表|發表|发布|發布|的|at\b|on\b|posted|wrote))"""
)
_NAMED: Final = (
    rf"{_BEFORE}({{name}})(?!\w)|(?<!\w)({{name}}){_AFTER}"
    r"|(?:\A|, )({name})(?=\Z|, )"
)
"""A name between tags or quotes, beside the words that go with one, or in a list of them."""
_UID: Final = r"""(\b(?:uid|authorid)(?:"?\s*[:=]\s*"?|-|%3[dD])){uid}(?!\d)"""

_CODECS: Final = ("utf-8", "gb18030", "big5hkscs")
_NOBODY: Final = "removed"

_Group = list[Span]
"""The parts of a source that hold one thing, in order."""


def blanked(
    text: str, shown: Shown, site_id: int, forgotten: Tombstones, *, is_markup: bool
) -> str:
    """A source without what of it is forgotten. Where something stood is said in its place
    (`REMOVED`); the text itself where nothing is. `is_markup`: it may have tags."""
    groups: list[_Group] = []
    more = _in_runs(text, site_id, forgotten) if is_markup else Shown()
    words = shown.words | shown.urls | more.words
    names = shown.names | more.names
    for view, has_tags in _views(text, is_markup=is_markup):
        squeezed = squeezed_view(view)
        places = _places(
            squeezed,
            words,
            forgotten,
            has_tags=has_tags,
        )
        groups += [squeezed.spans(*place) for place in places]
        if not has_tags:
            groups += _messages(squeezed, shown.messages)
        short = [word for word in words if _stands_alone(word, has_tags=has_tags)]
        groups += _named(view, names)
        groups += _alone(view, short)
    text = _without(text, groups)
    text = _without_links(text, names)
    return _without_numbers(text, shown.uids)


def has_forgotten(text: str, site_id: int, forgotten: Tombstones) -> bool:
    """Whether a source has forgotten words or names, whatever its parts mean."""
    if not forgotten.marks:
        return False
    more = _in_runs(
        text,
        site_id,
        forgotten,
    )
    if more.words or more.names:
        return True
    if not forgotten.lengths:
        return False
    return any(forgotten.word_spans(words) for words in plain_texts(text))


def _views(text: str, *, is_markup: bool) -> Iterator[tuple[View, bool]]:
    """All ways in which words may stand in a source, each with whether tags are words
    there."""
    if not is_markup:
        yield decoded_view(text, tags=True, escapes=False), False
        return
    for escapes in (False, True):
        if escapes and "\\" not in text:
            return
        for tags in (False, True):
            yield decoded_view(text, tags=tags, escapes=escapes), tags


def _in_runs(text: str, site_id: int, forgotten: Tombstones) -> Shown:
    """Forgotten names and pieces of text that stand whole between tags or quotes."""
    found = Shown()
    known = set[str]()
    for match in _RUN.finditer(text):
        run = next(filter(None, match.groups()))
        if run in known:
            continue
        known.add(run)
        plain = html.unescape(run)
        words = squeeze(plain)
        if not words:
            continue
        if forgotten.has("name", site_id, words):
            found.add_name(plain)
        if forgotten.has("run", words):
            found.add_words(plain)
        elif not words.isascii():  # addresses are, and most of what stands in tags
            for start, end in forgotten.word_spans(words):
                found.add_words(words[start:end])
    return found


def _places(
    view: View, words: Iterable[str], forgotten: Tombstones, *, has_tags: bool
) -> list[Span]:
    """Where words stand among squeezed characters, those that overlap as one."""
    found: list[Span] = []
    for word in words:
        if not _stands_alone(word, has_tags=has_tags):
            found += view.find_all(word)
    found += forgotten.word_spans(view.chars)
    found.sort()
    merged: list[Span] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _stands_alone(word: str, *, has_tags: bool) -> bool:
    """Whether a word is looked for only where nothing stands beside it: it may be a part of
    other words, or of a tag."""
    if len(word) < _ALONE_CHARS:
        return True
    return has_tags and word.isascii() and len(word) < WINDOW_CHARS


def _messages(view: View, messages: Iterable[Message]) -> Iterator[_Group]:
    """The hidden ones of the messages of a page, which stand on it in this order."""
    cursor = 0
    for message in messages:
        found = _find_message(
            view,
            message,
            cursor,
        )
        for start, end in found:
            cursor = max(cursor, end)
            if message.is_hidden:
                yield view.spans(start, end)


def _find_message(view: View, message: Message, cursor: int) -> list[Span]:
    """Where a message stands: whole, else line by line."""
    for words in (message.shown, message.words):
        at = view.chars.find(words, cursor) if words else -1
        if at >= 0:
            return [(at, at + len(words))]
    found = []
    for line in message.lines:
        at = view.chars.find(line, cursor)
        if at >= 0:
            cursor = at + len(line)
            found.append((at, cursor))
    return found


def _named(view: View, names: Iterable[str]) -> Iterator[_Group]:
    """Names where a page prints them as such: between tags or quotes, or beside the words
    that go with a name."""
    for name in names:
        escaped = re.escape(name)
        pattern = _NAMED.replace("{name}", escaped)
        for found in re.finditer(pattern, view.chars, re.I):
            yield view.spans(*found.span(found.lastindex or 0))


def _alone(view: View, words: Iterable[str]) -> Iterator[_Group]:
    """Short words where they are a whole piece of text, between tags, quotes or blanks."""
    wanted = set(words)
    if not wanted:
        return
    for pattern in (_PIECE, _TOKEN):
        for found in pattern.finditer(view.chars):
            words = _NUMBERING.sub("", squeeze(found[0]))
            if words in wanted:
                yield view.spans(*found.span())


def _without(text: str, groups: Iterable[_Group]) -> str:
    """The text with parts taken out, and in place of the first part of each group the words
    that say so."""
    spans: list[tuple[int, int, bool]] = []
    for group in groups:
        for at, (start, end) in enumerate(group):
            spans.append((start, end, at == 0))
    spans.sort(key=lambda span: (span[0], not span[2]))
    pieces = []
    last = 0
    for start, end, is_first in spans:
        if start < last:
            last = max(last, end)
            continue
        pieces.append(text[last:start])
        if is_first:
            pieces.append(REMOVED)
        last = end
    pieces.append(text[last:])
    return "".join(pieces)


def _without_links(text: str, names: Iterable[str]) -> str:
    """The text with names in addresses, as browsers escape them, as nobody's."""
    if "%" not in text:
        return text
    for name in names:
        for codec in _CODECS:
            data = name.encode(codec, "ignore")
            if data.isascii() or name.encode(codec, "replace") != data:
                continue
            escaped = quote(
                data,
                safe="",
            )
            text = re.sub(
                re.escape(escaped),
                _NOBODY,
                text,
                flags=re.I,
            )
    return text


def _without_numbers(text: str, uids: Iterable[int]) -> str:
    """The text with the numbers of members as 0, which is nobody's."""
    for uid in uids:
        pattern = _UID.replace("{uid}", str(uid))
        text = re.sub(
            pattern,
            r"\g<1>0",
            text,
        )
        digits = f"{uid:09}"
        avatar = f"{digits[:3]}/{digits[3:5]}/{digits[5:7]}/{digits[7:]}"
        text = text.replace(avatar, "000/00/00/00")
    return text
