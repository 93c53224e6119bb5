"""What `search` says beside the hits, on the error stream: other programs read the hits alone."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final, Protocol

from archive.commands._saying import say
from archive.search.also import Also, also_search
from archive.search.api import Results
from archive.search.facets import Facets, Part
from archive.search.hints import Hint, hints
from archive.search.query import Query
from archive.search.searched import searched


class Searched(Protocol):
    """What was searched, and what can be proposed of it."""

    def searched(self) -> tuple[int, str, str]:
        """The number of posts, and the days of the first and the last."""

    def also(self, query: Query) -> tuple[Also, ...]:
        """Other words for those of a query."""

    def hints(self, query: Query) -> tuple[Hint, ...]:
        """Which of its words there are, and what was perhaps meant by the others."""


@dataclass(frozen=True, slots=True)
class SearchedArchive:
    """An archive that was searched."""

    conn: sqlite3.Connection

    def searched(self) -> tuple[int, str, str]:
        return searched(self.conn)

    def also(self, query: Query) -> tuple[Also, ...]:
        return also_search(self.conn, query)

    def hints(self, query: Query) -> tuple[Hint, ...]:
        return hints(self.conn, query)


def note(text: object) -> None:
    """A line for the reader."""
    say(
        f"note: {text}",
        err=True,
    )


def tell_results(what: Searched, results: Results, first: int) -> None:
    """How much was found, and what else to search for. `first` is the number of the first
    hit that was shown."""
    _tell_how_much(what, results, first)
    if first > 1:
        return
    for also in what.also(results.query):
        say(
            f"“{also.word}” is also “{also.other}”: search for {also.query}",
            err=True,
        )


def _tell_how_much(what: Searched, results: Results, first: int) -> None:
    for notice in results.notices:
        note(notice)
    if results.hits:
        last = first + len(results.hits) - 1
        say(
            f"{first}–{last} of {_total(results)}",
            err=True,
        )
        if results.is_partial:
            _tell_hints(what, results)
    elif first > 1:
        say(
            f"nothing on this page: {_posts(results)} in all",
            err=True,
        )
    elif results.was_stopped:
        say(
            "the search was stopped before it found anything: there may be posts",
            err=True,
        )
    else:
        _tell_nothing_found(what, results)


def _total(results: Results) -> str:
    if results.threads is None:
        return _number(results)
    or_more = "" if results.are_threads_all else " or more"
    return f"{results.threads:,}{or_more} threads, with {_posts(results)}"


def _posts(results: Results) -> str:
    return f"{_number(results)} posts"


def _number(results: Results) -> str:
    if results.is_total_exact:
        return f"{results.total:,}"
    return f"more than {max(results.total - 1, 0):,}"


def _tell_nothing_found(what: Searched, results: Results) -> None:
    posts, first_day, last_day = what.searched()
    days = f" of {first_day} to {last_day}" if first_day else ""
    say(
        f"nothing found in {posts:,} posts{days}",
        err=True,
    )
    _tell_hints(what, results)


def _tell_hints(what: Searched, results: Results) -> None:
    """Which of the words there are, and what was perhaps meant by the others."""
    for hint in what.hints(results.query):
        say(
            f"  {_hint_text(hint)}",
            err=True,
        )


def _hint_text(hint: Hint) -> str:
    if hint.posts:
        or_more = "or more " if hint.or_more else ""
        return (
            f"“{hint.word}” is in {hint.posts:,} {or_more}posts, "
            "but in none with all the rest"
        )
    if hint.or_more:
        return f"“{hint.word}” was looked for, but it took too long: it may be in some"
    meant = " or ".join(f"“{each}”" for each in hint.meant)
    proposal = f"; did you mean {meant}?" if meant else ""
    return f"“{hint.word}” {_NOWHERE[hint.kind]}{proposal}"


_NOWHERE = {
    "words": "is in no post",
    "author": "is no author",
    "board": "is in no board's name",
    "location": "is in no location",
    "thread": "is the number of no thread in the archive",
    "filter": "was read as a filter (to search for the words, quote them)",
}


_PARTS: Final[dict[Part, str]] = {
    "all": "all {:,} of them",
    "newest": "the newest {:,} of them",
    "sample": "{:,} of them, a sample from all of the archive",
    "best": "the best {:,} of them",
}


def tell_facets(facets: Facets) -> None:
    """What the counts leave out."""
    for notice in facets.notices:
        note(notice)
    if facets.was_cut:
        note(f"more posts fit; counted are {_PARTS[facets.part].format(facets.posts)}")
    for names, left_out in (
        ("boards", facets.boards_left_out),
        ("authors", facets.authors_left_out),
        ("locations", facets.locations_left_out),
    ):
        if left_out:
            note(f"{left_out:,} more {names} are not listed")
