"""Stored posts looked up by author, time and words, in place of comparing each with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
        self._all = _TimeIndex()
        self._hidden = _TimeIndex()
        self._of_author: dict[str | None, _TimeIndex] = defaultdict(_TimeIndex)
        self._by_words: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            name = names[place]
            its_words = words[place]
            self._by_words[its_words].append(place)
            self._all.add(place, row.posted_at)
            self._of_author[name].add(place, row.posted_at)
            if row.withheld:
                self._hidden.add(place, row.posted_at)

    def at_time(self, when: str | None) -> tuple[int, ...]:
        """Rows of a time."""
        return self._all.near(when)

    def by_author_at(self, name: str | None, when: str | None) -> tuple[int, ...]:
        """Rows of an author and a time."""
        if name not in self._of_author:
            return ()
        return self._of_author[name].near(when)

    def hidden_at(self, when: str | None) -> tuple[int, ...]:
        """Rows of a time that the forum hides."""
        return self._hidden.near(when)

    def with_words(self, words: str) -> list[int]:
        """Rows with these words."""
        return self._by_words.get(words, [])


class _TimeIndex:
    """Rows by their time: by the minute, by the day, and those of which only the day is
    known."""

    def __init__(self) -> None:
        self._times: dict[int, str] = {}
        self._by_minute = _Places()
        self._by_day = _Places()
        self._of_day_alone = _Places()
        self._found: dict[str, tuple[int, ...]] = {}

    def add(self, place: int, when: str | None) -> None:
        """One more row; those without a time are not found."""
        if not when:
            return
        self._times[place] = when
        day = when[:_DAY_CHARS]
        if day == when:
            self._of_day_alone[day].append(place)
            return
        minute = when[:_MINUTE_CHARS]
        self._by_minute[minute].append(place)
        self._by_day[day].append(place)

    def near(self, when: str | None) -> tuple[int, ...]:
        """The rows whose time may be the same moment (`same_minute`), in order."""
        if not when:
            return ()
        if when not in self._found:
            found = self._search(when)
            self._found[when] = tuple(sorted(found))
        return self._found[when]

    def _search(self, when: str) -> list[int]:
        day = when[:_DAY_CHARS]
        if day == when:
            of_the_day = self._of_day_alone.at(day)
            return [*of_the_day, *self._by_day.around(day)]
        minute = when[:_MINUTE_CHARS]
        found = [
            place
            for place in self._by_minute.at(minute)
            if same_minute(self._times[place], when)
        ]
        if self._of_day_alone:
            found += self._of_day_alone.around(day)
        return found


class _Places(defaultdict[str, list[int]]):
    """Places of rows by a time."""

    def __init__(self) -> None:
        super().__init__(list)

    def at(self, time: str) -> list[int]:
        """Those of a time, without making room for it."""
        return self.get(time, [])

    def around(self, day: str) -> list[int]:
        """Those of a day, the one before and the one after."""
        found = []
        for each in _days_around(day):
            found += self.at(each)
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
