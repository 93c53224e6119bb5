"""A plan: what SQLite is asked for a query, and what must be seen in the posts themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from archive.search.conditions import ALWAYS, Condition, all_of
from archive.search.expressions import both
from archive.search.tree import Node, Words

INDEXED_CHARACTERS: Final = 2
"""So many single characters are left to the index at most, which joins thousands of lists
for each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to find what a query asks for. SQL is over `posts AS p`.

    Words:
    `match` is an FTS5 expression that every hit fulfils, empty where there is none; `check`
    is what it does not say, to be seen in the posts, None for nothing. Neither says the
    single Chinese characters that a hit must have (`required_chars`) or not have
    (`excluded_chars`). `full_match` and `full_check` are the same with what is expensive
    left to the index, of the required characters the rarest if they are many.
    `cheap_match` is cheaper to ask for, and every match fulfils it: of a full plan, what
    `match` was before. `positive_match` is `match` without what a hit must not have.
    `words` are all of them as a tree, `scored` those by which hits are ranked, `near` those
    that each hit has, the nearer to each other the better.

    Filters:
    `filters` is the condition they make. `is_selective`: by it SQLite finds posts at once;
    `is_by_name`: an author or a location is named, whose posts an index has in the order of
    time. `months` is an expression for the months that dates leave, if these are few;
    `span`: no hit is older than the first, nor newer than the second time.

    `is_full`: this is the plan of `with_expensive_words`.
    """

    match: str
    check: Node | None
    full_match: str
    full_check: Node | None
    positive_match: str
    required_chars: tuple[Condition, ...]
    excluded_chars: tuple[Condition, ...]
    words: Node | None
    scored: tuple[Words, ...]
    near: tuple[Words, ...]
    filters: Condition
    is_selective: bool
    is_by_name: bool
    months: str
    span: tuple[str, str]
    is_full: bool = False
    cheap_match: str = ""

    @property
    def narrowed(self) -> str:
        """`match` within `months`."""
        return both(self.match, self.months)

    @property
    def has_full_plan(self) -> bool:
        """Whether `with_expensive_words` is another plan."""
        return bool(self.full_match) and self.match != self.full_match

    @property
    def has_filters(self) -> bool:
        """Whether posts must fulfil more than their words."""
        return self.filters != ALWAYS

    @property
    def is_covered_by_index(self) -> bool:
        """Whether `match` and `filters` say it all."""
        return not (self.check or self.required_chars or self.excluded_chars)

    @property
    def characters(self) -> Condition:
        """The single characters as one condition."""
        excluded = (
            Condition(f"NOT {each.sql}", each.params) for each in self.excluded_chars
        )
        return all_of([*self.required_chars, *excluded])

    def with_expensive_words(self) -> Plan:
        """The plan that leaves to the index what a hit must have."""
        return replace(
            self,
            match=self.full_match,
            check=self.full_check,
            required_chars=self.required_chars[INDEXED_CHARACTERS:],
            is_full=True,
            cheap_match=self.match,
        )

    def with_characters_read(self) -> Plan:
        """The plan that has no other, whatever must be read for it."""
        return replace(
            self,
            full_match="",
        )

    def without_index(self, told_by: Condition = ALWAYS) -> Plan:
        """The plan by which all words are looked for in the posts themselves; `told_by`:
        what every post with them fulfils."""
        if not self.match:
            return self
        return replace(
            self,
            match="",
            check=self.words,
            required_chars=(told_by,),
            excluded_chars=(),
        )

    def without_characters(self) -> Plan:
        """The plan for rows in which the characters are looked for later."""
        return replace(
            self,
            required_chars=(),
            excluded_chars=(),
        )
