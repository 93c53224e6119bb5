"""`discuz-archive search`: find posts, in Chinese or any language, on the terminal or for
another program."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from archive.commands._archive_file import ArchiveFile
from archive.search.orders import ORDERS, Order

if TYPE_CHECKING:
    from archive.commands._hit_output import Shape

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


class _ArchiveOrWord(ArchiveFile):
    """An archive; with --at, which names an index, the first word of the query."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        # not yet None where it is not given
        address = ctx.params.get("address") if ctx is not None else None
        if isinstance(address, str) and address:
            return value
        return super().convert(
            value,
            param,
            ctx,
        )


@click.command(context_settings={"ignore_unknown_options": True}, epilog=_EPILOG)
@click.option(
    "--at",
    "address",
    metavar="ADDRESS",
    is_eager=True,
    help="Search an index of `corpus index` (chdb:///FOLDER, clickhouse://HOST/DATABASE) "
    "instead of an archive; DB is then left out.",
)
@click.argument("db", type=_ArchiveOrWord())
@click.argument("words", nargs=-1, metavar="QUERY")
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
    help="Open the Nth hit in the browser: here, where `serve` shows the archive, else at "
    "the forum.",
)
@click.option("--json", "shape", flag_value="json", help="One JSON object a line.")
@click.option("--csv", "shape", flag_value="csv", help="A table for a spreadsheet.")
@click.option("--urls", "shape", flag_value="urls", help="Only the addresses.")
def command(
    address: str | None,
    db: Path | str,
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
    # imported when it runs: --help is quick
    from archive.commands._at_index import PageOfIndex, answer_at
    from archive.commands._question import Question, open_to_search

    _refuse_options(words)
    if address:
        text = " ".join((str(db), *words))
        page_asked = PageOfIndex(
            text, limit, (page - 1) * limit, order, threads, all_words
        )
        if is_explained or opened:
            raise click.UsageError(
                "--explain and --open are for archives, not with --at"
            )
        return answer_at(
            address,
            page_asked,
            counts=counts,
            shape=shape,
        )
    if not words:
        raise click.UsageError("Missing argument 'QUERY'.")
    question = Question(
        conn=open_to_search(Path(db)),
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


def _refuse_options(words: tuple[str, ...]) -> None:
    """`-广告` leaves a word out, `--limt` is a slip: ignore_unknown_options lets both through."""
    if "--" in sys.argv:
        return
    for word in words:
        if word.startswith("--") and word != "--":
            raise click.NoSuchOption(word)
