"""The words that a translated forum puts around names and times, and what they tell: who is
quoted, who edited a post. `wording_learning` says how they become known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scraper.markup.line_times import Sides, around_time
from scraper.markup.name_frames import Frame

_BY = re.compile(
    r"^(?:.*\s)?(?:by|โดย|bởi|oleh|por|par|von|от|пользователем|tarafından)\s++(?P<name>.+?)"
    r"(?:(?<!\s)\s++(?:at|on|เมื่อ|lúc|vào lúc|vào|pada|em|le|am|в))?$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a page that is not in Chinese.

    `verb`: what stands before the time of a post. `names`: the members that the page names.
    `frame`: the words around the name in its edit marks; None where nothing tells.
    """

    verb: str
    names: tuple[str, ...] = ()
    frame: Frame | None = None

    def quoted_author(self, head: str) -> str:
        """Who is quoted, by the head line of a quote; empty where nothing tells."""
        sides = around_time(head)
        if sides is None:
            return ""
        if self.verb:
            name = name_beside(self.verb, sides)
            if name:
                return name
        before, _ = sides
        return known_name(before, self.names)

    def editor(self, line: str, time: str = "") -> str:
        """Who edited a post, by the line of an edit mark and the words of its time; empty
        where nothing tells."""
        sides = around_time(line, time)
        if sides is None:
            return ""
        if self.frame is not None:
            return self.frame.name_in(sides)
        before, _ = sides
        found = _BY.match(before)
        if found is None:
            return ""
        return found["name"]


def name_beside(verb: str, sides: Sides) -> str:
    """The name that stands beside the verb; empty where the verb does not stand at an end of
    the words before or after the time."""
    before, after = sides
    lowered_verb = verb.lower()
    if before and after.lower() == lowered_verb:
        return before
    length = len(verb)
    for side in sides:
        lowered = side.lower()
        if lowered.endswith(lowered_verb):
            name = side[:-length]
            return name.strip()
        if lowered.startswith(lowered_verb):
            name = side[length:]
            return name.strip()
    return ""


def known_name(words: str, names: Iterable[str]) -> str:
    """The name that words begin with, of those that the page has; they are longest first."""
    for name in names:
        if words == name:
            return name
        if words.startswith(f"{name} "):
            return name
    return ""
