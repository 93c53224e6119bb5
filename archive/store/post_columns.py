"""What is kept of a post, said once: each field of `Post`, its column or table, and who shows it.

The writer of rows, the merge, the view `post_list`, `doctor` and the web pages take their
lists from here. A new field of `Post` needs a line here and a migration;
`tests/archive/store/test_post_columns.py` fails where it reaches not all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from archive.store.stamps import iso
from scraper.core.records import Post

Reader: TypeAlias = Callable[[Post], object]
MergeRule: TypeAlias = Literal[
    "first", "newer", "fuller", "named", "finer", "once", "words", "withheld"
]
"""What a later page does to a stored value; an empty value never empties one.

first: the first value stays; newer: a newer page of a layout as full replaces it; fuller: a
fuller layout replaces it, and a newer page of the same; named: as newer, unless the author
is anonymous; finer: the more exact of two times; once: true stays true; words: goes with
the words of the post; withheld: goes with the forum's words for hiding it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostColumn:
    """A column of `posts` that a field of `Post` goes to.

    `read` makes its value; None where the writer needs more than the post for it. `listed`:
    the view `post_list` has it, by the name `listed_as`. `shown`: pages of a thread show it,
    under these labels. `why_absent`: what `doctor` says where a page does not give it;
    `expected`: also where no post of the page has it.
    """

    field: str
    column: str
    read: Reader | None
    merge: MergeRule
    label_en: str
    label_zh: str
    listed_as: str = ""
    shown: bool = True
    expected: bool = False
    why_absent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTable:
    """A table of its own for what hangs on a post; labels as of `PostColumn`."""

    field: str
    table: str
    label_en: str
    label_zh: str


def _markdown(post: Post) -> str:
    # pages that only show posts do without what makes it
    from archive.store.markdown import to_markdown

    return to_markdown(post.html)


def _text(field: str) -> Reader:
    return attrgetter(field)


def _flag(field: str) -> Reader:
    read = attrgetter(field)
    return lambda post: int(read(post))


def _time(field: str) -> Reader:
    read = attrgetter(field)
    return lambda post: iso(read(post))


POST_COLUMNS: Final = (
    PostColumn(
        field="pid",
        column="pid",
        read=_text("pid"),
        merge="first",
        label_en="number",
        label_zh="编号",
        listed_as="pid",
        expected=True,
        why_absent="print pages, archiver pages and plain text print no post numbers",
    ),
    PostColumn(
        field="floor",
        column="floor",
        read=None,  # only pages in usual order count floors
        merge="newer",
        label_en="floor",
        label_zh="楼层",
        listed_as="floor",
        expected=True,
        why_absent="not printed here, or the forum's own word for a floor",
    ),
    PostColumn(
        field="author",
        column="author",
        read=_text("author"),
        merge="named",
        label_en="author",
        label_zh="作者",
        listed_as="author",
        expected=True,
    ),
    PostColumn(
        field="uid",
        column="user_id",
        read=None,  # the number of the member's row
        merge="named",
        label_en="member number",
        label_zh="UID",
        listed_as="uid",
        expected=True,
        why_absent=(
            "not printed: a guest, an anonymous or deleted member, "
            "or a layout that links no member"
        ),
    ),
    PostColumn(
        field="anonymous",
        column="anonymous",
        read=_flag("anonymous"),
        merge="first",
        label_en="anonymous",
        label_zh="匿名",
    ),
    PostColumn(
        field="posted_at",
        column="posted_at",
        read=_time("posted_at"),
        merge="finer",
        label_en="posted",
        label_zh="发表于",
        listed_as="posted_at",
        expected=True,
        why_absent="no time that could be read",
    ),
    PostColumn(
        field="location",
        column="location",
        read=_text("location"),
        merge="fuller",
        label_en="from",
        label_zh="来自",
        listed_as="location",
    ),
    PostColumn(
        field="subject",
        column="subject",
        read=_text("subject"),
        merge="newer",
        label_en="subject",
        label_zh="标题",
        listed_as="subject",
    ),
    PostColumn(
        field="html",
        column="html",
        read=_text("html"),
        merge="words",
        label_en="message",
        label_zh="内容",
        expected=True,
    ),
    PostColumn(
        field="html",
        column="markdown",
        read=_markdown,
        merge="words",
        label_en="message as Markdown",
        label_zh="Markdown",
        shown=False,
    ),
    PostColumn(
        field="text",
        column="text",
        read=_text("text"),
        merge="words",
        label_en="words",
        label_zh="文字",
        listed_as="text",
        expected=True,
        why_absent="withheld, or only pictures and quotes",
    ),
    PostColumn(
        field="withheld",
        column="withheld",
        read=_text("withheld"),
        merge="withheld",
        label_en="hidden by the forum",
        label_zh="论坛隐藏",
        listed_as="withheld",
    ),
    PostColumn(
        field="withheld_reason",
        column="withheld_reason",
        read=_text("withheld_reason"),
        merge="withheld",
        label_en="why hidden",
        label_zh="隐藏原因",
    ),
    PostColumn(
        field="edited_by",
        column="edited_by",
        read=_text("edited_by"),
        merge="newer",
        label_en="edited by",
        label_zh="编辑者",
    ),
    PostColumn(
        field="edited_at",
        column="edited_at",
        read=_time("edited_at"),
        merge="newer",
        label_en="edited",
        label_zh="编辑于",
    ),
    PostColumn(
        field="signature",
        column="signature",
        read=_text("signature"),
        merge="words",
        label_en="signature",
        label_zh="签名",
    ),
    PostColumn(
        field="best_answer",
        column="best_answer",
        read=_flag("best_answer"),
        merge="once",
        label_en="best answer",
        label_zh="最佳答案",
    ),
    PostColumn(
        field="side",
        column="side",
        read=_text("side"),
        merge="newer",
        label_en="side",
        label_zh="立场",
    ),
    PostColumn(
        field="ratings_total",
        column="ratings_total",
        read=_text("ratings_total"),
        merge="newer",
        label_en="people who rated",
        label_zh="评分人数",
    ),
    PostColumn(
        field="comments_total",
        column="comments_total",
        read=_text("comments_total"),
        merge="newer",
        label_en="comments at least",
        label_zh="点评至少",
    ),
)

POST_TABLES: Final = (
    PostTable(field="quotes", table="quotes", label_en="quotes", label_zh="引用"),
    PostTable(
        field="attachments",
        table="attachments",
        label_en="attachments",
        label_zh="附件",
    ),
    PostTable(field="images", table="images", label_en="pictures", label_zh="图片"),
    PostTable(field="links", table="links", label_en="links", label_zh="链接"),
    PostTable(field="ratings", table="ratings", label_en="ratings", label_zh="评分"),
    PostTable(field="comments", table="comments", label_en="comments", label_zh="点评"),
    PostTable(field="poll", table="polls", label_en="poll", label_zh="投票"),
)

NOT_KEPT: Final[Mapping[str, str]] = MappingProxyType(
    {"hidden": "the forum's words for a hidden part stand in the message as served"}
)
"""Fields of `Post` without a column, with the reason."""

COLUMN_OF: Final[Mapping[str, PostColumn]] = MappingProxyType(
    {column.column: column for column in POST_COLUMNS}
)
"""The columns by their names."""


def merged_by(*rules: MergeRule) -> tuple[PostColumn, ...]:
    """The columns that follow one of some merge rules."""
    return tuple(column for column in POST_COLUMNS if column.merge in rules)
