"""Stored posts looked up by author, time and words, in place of comparing each with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from archive.store.stamps import same_minute
from archive.store.stored_post import StoredPost

_DAY_CHARS: Final = len("2013-01-12")
_MINUTE_CHARS: Final = len("2013-01-12T00:20")
_ONE_DAY: Final = timedelta(days=1)


class RowIndex:
    """Finds rows by what a page prints of a post. Rows are known by their places; `names`
    and `words` are those of each row."""

    def __init__(
        self,
        rows: Sequence[StoredPost],
        names: Sequence[str | None],
        words: Sequence[str],
    ) -> None:
        times = [row.posted_at for row in rows]
        everyone = range(len(rows))
        hidden = [place for place in everyone if rows[place].withheld]
        by_author: dict[str | None, list[int]] = defaultdict(list)
        self._by_words: dict[str, list[int]] = defaultdict(list)
        for place in everyone:
            by_author[names[place]].append(place)
            self._by_words[words[place]].append(place)
        self._all = _TimeIndex(times, everyone)
        self._hidden = _TimeIndex(times, hidden)
        self._of_author = {
            name: _TimeIndex(times, places) for name, places in by_author.items()
        }

    def at_time(self, when: str | None) -> tuple[int, ...]:
        """Rows of a time."""
        return self._all.near(when)

    def by_author_at(self, name: str | None, when: str | None) -> tuple[int, ...]:
        """Rows of an author and a time."""
        index = self._of_author.get(name)
        return index.near(when) if index else ()

    def hidden_at(self, when: str | None) -> tuple[int, ...]:
        """Rows of a time that the forum hides."""
        return self._hidden.near(when)

    def with_words(self, words: str) -> list[int]:
        """Rows with these words."""
        return self._by_words.get(words, [])


class _TimeIndex:
    """Rows by their time: by the minute, by the day, and those of which only the day is
    known."""

    def __init__(self, times: Sequence[str | None], places: Iterable[int]) -> None:
        self._times = times
        self._by_minute: dict[str, list[int]] = defaultdict(list)
        self._by_day: dict[str, list[int]] = defaultdict(list)
        self._of_day_alone: dict[str, list[int]] = defaultdict(list)
        self._found: dict[str, tuple[int, ...]] = {}
        for place in places:
            when = times[place]
            if not when:
                continue
            if len(when) == _DAY_CHARS:
                self._of_day_alone[when].append(place)
            else:
                self._by_minute[when[:_MINUTE_CHARS]].append(place)
                self._by_day[when[:_DAY_CHARS]].append(place)

    def near(self, when: str | None) -> tuple[int, ...]:
        """The rows whose time may be the same moment (`same_minute`), in order."""
        if not when:
            return ()
        if when not in self._found:
            self._found[when] = tuple(sorted(self._search(when)))
        return self._found[when]

    def _search(self, when: str) -> list[int]:
        if len(when) == _DAY_CHARS:
            found = list(self._of_day_alone.get(when, ()))
            for day in _days_around(when):
                found += self._by_day.get(day, ())
            return found
        found = []
        for place in self._by_minute.get(when[:_MINUTE_CHARS], ()):
            if same_minute(self._times[place], when):
                found.append(place)
        if self._of_day_alone:
            for day in _days_around(when[:_DAY_CHARS]):
                found += self._of_day_alone.get(day, ())
        return found


def _days_around(day: str) -> list[str]:
    """A day, the one before and the one after."""
    middle = date.fromisoformat(day)
    days = [middle]
    if middle > date.min:
        days.append(middle - _ONE_DAY)
    if middle < date.max:
        days.append(middle + _ONE_DAY)
    return [each.isoformat() for each in days]
