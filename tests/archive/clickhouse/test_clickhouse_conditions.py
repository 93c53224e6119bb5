"""Laws of conditions: however they join, they say and count the same posts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import pytest

pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")
from archive.clickhouse.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    all_of,
    having,
    negated,
    one_of,
)
from archive.clickhouse.index import Index
from archive.clickhouse.load import load
from archive.corpus.outputs import Output
from tests.archive_of_posts import Row, make_archive
from tests.clickhouse_index import engine_in, exported

WORDS = ("甲", "乙", "丙", "丁", "戊")
POSTS = 2 ** len(WORDS)
"""One with each choice of the words."""

Fits = Callable[[set[str]], bool]
"""Whether a post with these words fulfils a condition."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("conditions")
    rows = [Row(text="，".join(["无", *words_of(number)])) for number in range(POSTS)]
    make_archive(folder / "forum.db", rows).close()
    tables = exported(folder / "forum.db", folder / "tables")
    with engine_in(folder / "index") as engine:
        assert load(engine, Output(str(tables))).new == POSTS
        yield Index(engine)


def words_of(number: int) -> set[str]:
    """The words of a post, in the bits of its number."""
    return {word for bit, word in enumerate(WORDS) if number >> bit & 1}


def drawn(chance: random.Random, depth: int) -> tuple[Condition, Fits]:
    """A condition by chance, and what it means."""
    kind = chance.randrange(9) if depth else chance.randrange(3)
    if kind == 0:
        word = chance.choice(WORDS)
        needle = f"position(runs, '{word}') > 0"
        return Condition(needle), lambda words: word in words
    if kind < 3:
        word = chance.choice(WORDS)
        return having("grams", word), lambda words: word in words
    if kind == 3:
        sure = chance.random() < 0.5
        return (ALWAYS if sure else NEVER), lambda _words: sure
    if kind < 6:
        part, fits = drawn(chance, depth - 1)
        return negated(part), lambda words: not fits(words)
    parts = [drawn(chance, depth - 1) for _ in range(chance.randrange(4))]
    conditions = [condition for condition, _ in parts]
    if kind == 6:
        return one_of(conditions), lambda words: any(fit(words) for _, fit in parts)
    return all_of(conditions), lambda words: all(fit(words) for _, fit in parts)


@pytest.mark.parametrize("seed", range(80))
def test_conditions_mean_what_their_parts_do(index: Index, seed: int) -> None:
    condition, fits = drawn(random.Random(seed), 4)
    fitting = [number for number in range(POSTS) if fits(words_of(number))]
    found = index.rows(
        f"SELECT post_id FROM posts WHERE {condition.sql} ORDER BY post_id"
    )
    assert [post_id - 1 for (post_id,) in found] == fitting
    assert index.count(condition) == (len(fitting), True)


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        ((having("grams", "甲"), having("grams", "乙")), ["['甲', '乙']"]),
        (
            (having("grams", "甲"), having("quote_grams", "乙")),
            ["(grams, ['甲']", "(quote_grams, ['乙']"],
        ),
        (
            (
                having("grams", "甲"),
                all_of([having("grams", "乙"), Condition("1 = 1")]),
            ),
            ["['甲', '乙']", "1 = 1"],
        ),
        (
            (having("grams", "甲"), having("grams", "甲")),
            ["['甲']"],
        ),
        (
            (
                having("grams", "甲"),
                negated(having("grams", "乙")),
                negated(having("grams", "丙")),
            ),
            ["hasAllTokens(grams, ['甲']", "NOT hasAnyTokens(grams, ['乙', '丙']"],
        ),
    ],
)
def test_one_function_is_asked_for_all_tokens_of_a_column(
    parts: Sequence[Condition], asked: Sequence[str]
) -> None:
    sql = all_of(parts).sql
    assert sql.count("Tokens(") == sum("[" in each for each in asked)
    for each in asked:
        assert each in sql


def test_one_function_is_asked_for_any_of_several_words() -> None:
    both = all_of([having("grams", "丙"), having("grams", "丁")])
    sql = one_of([having("grams", "甲"), having("grams", "乙"), both]).sql
    assert "hasAnyTokens(grams, ['甲', '乙'], 'array') OR hasAllTokens(grams" in sql


def test_very_many_tokens_are_asked_for_in_turns() -> None:
    many = [having("grams", f"w{number}") for number in range(120)]
    assert all_of(many).sql.count("hasAllTokens") == 3
    assert one_of(many).sql.count("hasAnyTokens") == 3


def test_however_much_is_left_out_two_counts_tell(index: Index) -> None:
    asked: list[str] = []

    class Watched(Index):
        def rows(self, sql: str, **settings: float) -> list[list[int]]:
            asked.append(sql)
            return super().rows(sql, **settings)

    watched = Watched(index.node.engine)
    left_out = [negated(having("grams", word)) for word in WORDS[1:]]
    found = watched.count(all_of([having("grams", WORDS[0]), *left_out]))
    assert found == (1, True)
    assert len(asked) == 2
