"""Queries of eleven kinds, cut from the posts of an archive, and which posts belong to each."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.index import segment

Fits = Callable[[str, str, str], bool]
NUMBERS = ("4090", "15", "2023", "i7", "RTX4090", "usb3.0", "100", "3.5")
BEGINNINGS = ("iph", "win", "pyth", "th", "ap", "rt")
YEARS = ("2012", "2016", "2019")


@dataclass(frozen=True, slots=True)
class Case:
    """A query of one kind; `fits` tells by (folded text and title, author, posted_at)
    whether a post belongs to it."""

    kind: str
    query: str
    fits: Callable[[str, str, str], bool]


def cases(
    folded: list[tuple[str, str, str]], count: int, rng: random.Random
) -> Iterator[Case]:
    """`count` queries of eleven kinds, cut from the posts."""
    maker = CaseMaker(folded, rng)
    kinds = (
        maker.one_character,
        maker.two_characters,
        maker.three_or_four,
        maker.long,
        maker.both,
        maker.either,
        maker.without,
        maker.mixed,
        maker.beginning,
        maker.number,
        maker.filtered,
    )
    for number in range(count):
        first = maker.piece(2, 3)
        second = maker.piece(2, 3)
        make = kinds[number % len(kinds)]
        yield make(first, second)


class CaseMaker:
    """Cuts queries from folded posts. Each kind is given two words, and may draw its own."""

    def __init__(self, folded: list[tuple[str, str, str]], rng: random.Random) -> None:
        self._folded = folded
        self._rng = rng

    def piece(self, low: int, high: int) -> str:
        """Some characters in a row of any post."""
        while True:
            text = self._rng.choice(self._folded)[0]
            runs = [run[0] for run in segment.RUN.finditer(text) if run.lastindex == 1]
            runs = [run for run in runs if len(run) >= low]
            if not runs:
                continue
            run = self._rng.choice(runs)
            size = self._rng.randint(low, high)
            start = self._rng.randrange(max(1, len(run) - size + 1))
            return run[start : start + size]

    def one_character(self, _a: str, _b: str) -> Case:
        return self._word("1 character", 1, 1)

    def two_characters(self, _a: str, _b: str) -> Case:
        return self._word("2", 2, 2)

    def three_or_four(self, _a: str, _b: str) -> Case:
        return self._word("3–4", 3, 4)

    def long(self, _a: str, _b: str) -> Case:
        return self._word("long", 6, 12)

    def _word(self, kind: str, low: int, high: int) -> Case:
        word = self.piece(low, high)
        return Case(kind, word, lambda text, author, at: word in text)

    def both(self, a: str, b: str) -> Case:
        return Case("AND", f"{a} {b}", lambda text, author, at: a in text and b in text)

    def either(self, a: str, b: str) -> Case:
        query = f"{a} OR {b}"
        return Case("OR", query, lambda text, author, at: a in text or b in text)

    def without(self, a: str, b: str) -> Case:
        query = f"{a} -{b}"
        return Case("NOT", query, lambda text, author, at: a in text and b not in text)

    def mixed(self, a: str, b: str) -> Case:
        c = self.piece(1, 1)

        def fits(text: str, author: str, at: str) -> bool:
            return c in text and (a in text or b in text)

        return Case("mixed", f"({a} OR {b}) {c}", fits)

    def beginning(self, _a: str, _b: str) -> Case:
        word = self._rng.choice(BEGINNINGS)
        begins = re.compile(rf"(?<![a-z]){word}")
        return Case("prefix", f"{word}*", _matches(begins))

    def number(self, _a: str, _b: str) -> Case:
        word = self._rng.choice(NUMBERS)
        parts = re.findall(r"[a-z]+|\d+", word.lower())
        before = r"(?<![a-z])" if parts[0].isalpha() else r"(?<!\d)"
        inside = r"[\W_]*".join(parts)
        return Case("numbers", word, _matches(re.compile(rf"{before}{inside}(?!\d)")))

    def filtered(self, a: str, _b: str) -> Case:
        author = self._rng.choice(self._folded)[1]
        year = self._rng.choice(YEARS)

        def is_by(text: str, by: str, at: str) -> bool:
            return a in text and by == author

        def is_of(text: str, by: str, at: str) -> bool:
            return a in text and _local_year(at) == year

        by_author = Case("filters", f"{a} 作者:{author}", is_by)
        of_year = Case("filters", f"{a} date:{year}", is_of)
        return self._rng.choice([by_author, of_year])


def _matches(regex: re.Pattern[str]) -> Fits:
    return lambda text, author, at: regex.search(text) is not None


def _local_year(posted_at: str) -> str:
    return str(int(posted_at[:4]) + (posted_at[5:] >= "12-31T16"))
