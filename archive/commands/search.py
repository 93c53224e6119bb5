"""`discuz-archive search`: find posts, in Chinese or any language, on the terminal or for
another program."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.index.writer import catch_up
from archive.schema import open_archive
from archive.search.api import Hit, Order, Results, search
from archive.search.hits import FIELDS
from archive.search.facets import count_facets
from archive.search.hints import Hint, hints, searched
from archive.search.query import parse
from archive.search.snippet import PLAIN, Marks, one_line

EXIT_NOTHING_FOUND = 1
_TURN = Marks("\x02", "\x02")  # no snippet has control characters of its own

_EPILOG = """\b
Words are joined by AND.   淘宝 -广告   抖音 OR 快手   "极速 退"   iph*   (a OR b) c
Filters have a colon:      作者:张三 (author:)   版块:数码 (board:)   站点: (site:)   标题:退货 (title:)
                           日期:2024-05 2024-05..2024-07 (date: before: after:)   楼层:1 (floor:)
                           有:图 附件 投票 链接 引用 (has:image …)   是:主楼 隐藏 编辑 删除 (is:op …)
Exit code: 0 with hits, 1 with none, 9 for a filter that means nothing."""


@click.command(context_settings={"ignore_unknown_options": True}, epilog=_EPILOG)
@click.argument("db", type=click.Path(exists=True, dir_okay=False, path_type=Path))
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
    type=click.Choice(["best", "newest", "oldest"]),
    default="best",
    show_default=True,
)
@click.option(
    "--threads",
    is_flag=True,
    help="A hit for each thread: its best post, and the next ones.",
)
@click.option(
    "--counts",
    is_flag=True,
    help="Count by board, author and year instead of listing posts.",
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
    counts: bool,
    opened: int | None,
    shape: str | None,
) -> int:
    """Search the archive DB for QUERY."""
    _refuse_options(words)
    conn = open_archive(db, create=False).conn
    _freshen(conn)
    text = " ".join(words)
    if counts:
        return _count(conn, text, shape)
    results = search(
        conn,
        text,
        limit=limit,
        offset=(page - 1) * limit,
        order=order,
        by_thread=threads,
    )
    if opened and opened <= len(results.hits):
        click.launch(results.hits[opened - 1].url)
    else:
        if opened and results.hits:
            click.echo(f"note: there is no hit {opened} on this page", err=True)
        _show(results, shape or ("table" if sys.stdout.isatty() else "lines"))
    _tell(conn, results, page, limit)
    return 0 if results.hits else EXIT_NOTHING_FOUND


def _count(conn: sqlite3.Connection, text: str, shape: str | None) -> int:
    """Print how the posts that fit spread over boards, authors and years."""
    facets = count_facets(conn, parse(text))
    groups = {"board": facets.boards, "author": facets.authors, "year": facets.years}
    if shape == "json":
        named = {name: dict(counts) for name, counts in groups.items()}
        click.echo(json.dumps({"posts": facets.posts, **named}, ensure_ascii=False))
    else:
        for name, counts in groups.items():
            for value, count in counts:
                click.echo(f"{name}\t{value}\t{count}")
    if facets.was_cut:
        click.echo(
            f"note: more posts fit; {facets.posts:,} of them are counted", err=True
        )
    return 0 if facets.posts else EXIT_NOTHING_FOUND


def _refuse_options(words: tuple[str, ...]) -> None:
    """`-广告` leaves a word out, `--limt` is a slip: ignore_unknown_options lets both through."""
    for word in words:
        if word.startswith("--") and len(word) > 2 and "--" not in sys.argv:
            raise click.NoSuchOption(word)


def _freshen(conn: sqlite3.Connection) -> None:
    """Index what other programs changed; where the file cannot be written, say what that means."""
    try:
        catch_up(conn)
    except sqlite3.OperationalError:
        click.echo(
            "note: posts were changed by another program and the archive is read-only: not searched",
            err=True,
        )


def _show(results: Results, shape: str) -> None:
    if shape == "json":
        for hit in results.hits:
            click.echo(json.dumps(hit.as_json(), ensure_ascii=False))
    elif shape == "csv":
        _show_csv(results)
    elif shape == "urls":
        for hit in results.hits:
            click.echo(hit.url)
    elif shape == "lines":
        for hit in results.hits:
            fields = (
                local_time(hit),
                hit.author,
                hit.thread,
                hit.snippet.marked(PLAIN),
                hit.url,
            )
            click.echo("\t".join(map(one_line, fields)))
    elif results.hits:
        Console().print(table_of(results.hits))


def _show_csv(results: Results) -> None:
    if sys.stdout.encoding.lower().startswith("utf"):
        sys.stdout.write(
            "\ufeff"
        )  # without it Excel reads a file as the encoding of Windows, and Chinese as rubbish
    writer = csv.writer(sys.stdout)
    writer.writerow((*FIELDS, "snippet"))
    for hit in results.hits:
        writer.writerow(
            (*(getattr(hit, name) for name in FIELDS), hit.snippet.marked(PLAIN))
        )


def table_of(hits: Sequence[Hit], leads: Sequence[str] = ()) -> Table:
    """A row for each hit: below each other thread, author and time, the words, the address.

    `leads` are words that go before each of them, for its number.
    """
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for at, hit in enumerate(hits):
        where = (
            one_line(hit.author),
            local_time(hit),
            one_line(hit.board),
            f"+{hit.more}" if hit.more else "",
        )
        head = Text(one_line(hit.thread), style="bold")
        head.append(f"  {' · '.join(filter(None, where))}", style="not bold dim")
        address = Text(hit.url, style=f"blue link {hit.url}")
        lines = (head, _coloured(hit), address, *map(_other, hit.others))
        table.add_row(leads[at] if leads else str(at + 1), Text("\n").join(lines))
    return table


def _other(hit: Hit) -> Text:
    """Another post of the thread, in a line."""
    by = " · ".join(filter(None, (one_line(hit.author), local_time(hit))))
    return Text(f"+ {by}  ", style="dim").append_text(_coloured(hit))


def _coloured(hit: Hit) -> Text:
    """The snippet with its marks in colour."""
    text = Text()
    for number, piece in enumerate(hit.snippet.marked(_TURN).split(_TURN.start)):
        text.append(piece, style="bold yellow" if number % 2 else "")
    return text


def local_time(hit: Hit) -> str:
    """When it was posted, by the forum's clock: `2024-05-17 08:20`; a bare day, or nothing,
    where no more is known."""
    if "T" not in hit.posted_at:
        return hit.posted_at
    time = datetime.fromisoformat(hit.posted_at) + timedelta(
        minutes=hit.utc_offset_minutes
    )
    return time.strftime("%Y-%m-%d %H:%M")


def _tell(conn: sqlite3.Connection, results: Results, page: int, limit: int) -> None:
    """How much was found, on the error stream: other programs read the hits alone."""
    for notice in results.notices:
        click.echo(f"note: {notice}", err=True)
    total = (
        f"{results.total:,}"
        if results.is_total_exact
        else f"more than {results.total - 1:,}"
    )
    if results.hits:
        first = (page - 1) * limit + 1
        if results.threads is not None:
            total = f"{results.threads:,}{'' if results.are_threads_all else ' or more'} threads, with {total} posts"
        click.echo(f"{first}–{first + len(results.hits) - 1} of {total}", err=True)
    elif page > 1:
        click.echo(f"no page {page}: {total} posts in all", err=True)
    else:
        posts, first_day, last_day = searched(conn)
        days = f" of {first_day} to {last_day}" if first_day else ""
        click.echo(f"nothing found in {posts:,} posts{days}", err=True)
        for hint in hints(conn, results.query):
            click.echo(f"  {_hint_text(hint)}", err=True)


def _hint_text(hint: Hint) -> str:
    if hint.posts:
        more = "or more " if hint.or_more else ""
        return f"“{hint.word}” is in {hint.posts:,} {more}posts, but in none with all the rest"
    meant = " or ".join(f"“{each}”" for each in hint.meant)
    none = {
        "words": "is in no post",
        "author": "is no author",
        "board": "is in no board's name",
    }[hint.kind]
    return f"“{hint.word}” {none}{f'; did you mean {meant}?' if meant else ''}"
