"""`discuz-archive search`: find posts, in Chinese or any language, on the terminal or for
another program."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import click

from archive.commands._archive_file import ArchiveFile
from archive.commands._freshness import freshen
from archive.commands._hit_output import (
    EXIT_NOTHING_FOUND,
    line_of,
    print_csv,
    print_json,
    print_table,
)
from archive.commands._saying import say
from archive.commands._search_notes import note, tell_facets, tell_results
from archive.schema import open_archive
from archive.search.api import Order, Results, search
from archive.search.context import ORDERS
from archive.search.explain import explain
from archive.search.facets import Facets, count_facets
from archive.search.query import parse

Shape = Literal["json", "csv", "urls", "lines", "table"]

_EPILOG: Final = """\b
Words are joined by AND.  淘宝 -广告   抖音 OR 快手   "极速 退"   iph*   (a OR b) c
Filters have a colon:     作者:张三 (author:)   版块:数码 (board:)   站点: (site:)
                          来自:广东 (location:)   标题:退货 (title:)   楼层:1 (floor:)
                          主题:480 (thread:)   回复:>10 (replies:)   查看:>100 (views:)
                          日期:2024-05 2024-05..2024-07 (date: before: after:)
                          日期:今天 昨天 上周 去年 5月 近三个月 (today last-week last-3-months)
                          有:图 附件 投票 链接 引用 (has:image …)
                          是:主楼 隐藏 编辑 删除 (is:op …)
Where no post has all words, those with the rarest and most of them are shown, and that is said.
Exit code: 0 with hits, 1 with none, 9 for a filter that means nothing."""


@click.command(context_settings={"ignore_unknown_options": True}, epilog=_EPILOG)
@click.argument("db", type=ArchiveFile())
@click.argument("words", nargs=-1, required=True, metavar="QUERY")
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Hits on a page.",
)
@click.option(
    "--page",
    default=1,
    show_default=True,
    type=click.IntRange(1),
    help="Which page of hits.",
)
@click.option(
    "--order",
    type=click.Choice(ORDERS),
    default="best",
    show_default=True,
    help="replies, views: of the posts' threads, the most first.",
)
@click.option(
    "--threads",
    is_flag=True,
    help="A hit for each thread: its best post, and the next ones.",
)
@click.option(
    "--all-words",
    is_flag=True,
    help="No posts with some of the words where none has all.",
)
@click.option(
    "--counts",
    is_flag=True,
    help="Count by board, author, location and year instead of listing posts.",
)
@click.option(
    "--explain",
    "is_explained",
    is_flag=True,
    help="Tell how the query is answered instead of listing posts.",
)
@click.option(
    "--open",
    "opened",
    type=click.IntRange(1),
    metavar="N",
    help="Open the Nth hit in the browser.",
)
@click.option("--json", "shape", flag_value="json", help="One JSON object a line.")
@click.option("--csv", "shape", flag_value="csv", help="A table for a spreadsheet.")
@click.option("--urls", "shape", flag_value="urls", help="Only the addresses.")
def command(
    db: Path,
    words: tuple[str, ...],
    limit: int,
    page: int,
    order: Order,
    threads: bool,
    all_words: bool,
    counts: bool,
    is_explained: bool,
    opened: int | None,
    shape: Shape | None,
) -> int:
    """Search the archive DB for QUERY."""
    _refuse_options(words)
    conn = open_archive(db, create=False).conn
    freshen(conn)
    question = _Question(
        conn=conn,
        text=" ".join(words),
        limit=limit,
        offset=(page - 1) * limit,
        order=order,
        by_thread=threads,
        all_words=all_words,
        now=datetime.now(UTC),
    )
    if is_explained:
        return question.explain(as_json=shape == "json")
    if counts:
        return question.count(as_json=shape == "json")
    return question.answer(shape, opened)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of an archive. Each way to answer gives the exit code."""

    conn: sqlite3.Connection
    text: str
    limit: int
    offset: int
    order: Order
    by_thread: bool
    all_words: bool
    now: datetime

    def answer(self, shape: Shape | None, opened: int | None) -> int:
        """Print the hits, or open one of them."""
        results = search(
            self.conn,
            self.text,
            limit=self.limit,
            offset=self.offset,
            order=self.order,
            by_thread=self.by_thread,
            all_words=self.all_words,
            now=self.now,
        )
        if opened and opened <= len(results.hits):
            click.launch(results.hits[opened - 1].url)
        else:
            if opened and results.hits:
                note(f"there is no hit {opened} on this page")
            _show(results, shape or _usual_shape())
        tell_results(self.conn, results, self.offset + 1)
        return 0 if results.hits else EXIT_NOTHING_FOUND

    def count(self, *, as_json: bool) -> int:
        """Print how the posts that fit spread over boards, authors, locations and years."""
        facets = count_facets(
            self.conn,
            parse(self.text, self.now),
            all_words=self.all_words,
        )
        groups = {
            "board": facets.boards,
            "author": facets.authors,
            "location": facets.locations,
            "year": facets.years,
        }
        if as_json:
            named = {name: dict(counts) for name, counts in groups.items()}
            print_json({**_counted(facets), **named})
        else:
            for name, counts in groups.items():
                for value, count in counts:
                    say(f"{name}\t{value}\t{count}")
        tell_facets(facets)
        return 0 if facets.posts else EXIT_NOTHING_FOUND

    def explain(self, *, as_json: bool) -> int:
        """Print how the question is answered."""
        explanation = explain(
            self.conn,
            self.text,
            limit=self.limit,
            offset=self.offset,
            order=self.order,
            by_thread=self.by_thread,
            all_words=self.all_words,
            now=self.now,
        )
        if as_json:
            print_json(explanation.as_json())
        else:
            for line in explanation.lines():
                say(line)
        return 0 if explanation.total else EXIT_NOTHING_FOUND


def _counted(facets: Facets) -> dict[str, object]:
    """How many posts were counted; where they are a part, which, and of how many."""
    counted: dict[str, object] = {"posts": facets.posts}
    if facets.is_partial:
        counted["partial"] = True
    if facets.was_cut:
        counted["counted"] = facets.part
        counted["of"] = facets.total
        counted["or_more"] = not facets.is_total_exact
    return counted


def _refuse_options(words: tuple[str, ...]) -> None:
    """`-广告` leaves a word out, `--limt` is a slip: ignore_unknown_options lets both through."""
    if "--" in sys.argv:
        return
    for word in words:
        if word.startswith("--") and word != "--":
            raise click.NoSuchOption(word)


def _usual_shape() -> Shape:
    return "table" if sys.stdout.isatty() else "lines"


def _show(results: Results, shape: Shape) -> None:
    match shape:
        case "csv":
            print_csv(results.hits)
        case "json":
            for hit in results.hits:
                print_json(hit.as_json())
        case "urls":
            for hit in results.hits:
                say(hit.url)
        case "lines":
            for hit in results.hits:
                say(line_of(hit))
        case "table":
            if results.hits:
                print_table(results.hits)
