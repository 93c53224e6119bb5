"""One set of questions through all doors: command, Python, Datasette's SQL and its `?_search=`,
a stock SQLite with nothing loaded.

What SQL asks by itself (filters; in the view also brackets and titles) is given as SQL, or
the question is left out.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("datasette")
from archive.schema import open_archive
from archive.search.api import search
from tests.archive_of_posts import Row, make_archive
from tests.web_client import pages_of

POSTS = (
    Row(
        text="在淘宝店鋪極速退款的問題，iPhone15手機",
        subject="淘宝极速退",
        opening=True,
        floor=1,
    ),
    Row(
        text="用C++和.NET写的，RTX4090，见 https://Tieba.example.com/p/123",
        author="李四",
        posted_at="2023-02-01T00:00:00Z",
        floor=2,
    ),
    Row(
        text="一只猫😂\ufe0f，软件 ＡＢＣ１２３",
        author="王五",
        posted_at="2025-01-31T17:00:00Z",
        board="宠物",
        thread="猫",
        floor=1,
    ),
    Row(
        text="猫和狗的手机 Café #1",
        author="王五",
        posted_at=None,
        board="宠物",
        thread="猫",
        floor=2,
    ),
    Row(
        text="東京タワーへ行った。서울에 갔다",
        author="赵六",
        posted_at="2019-12-31T20:00:00Z",
        floor=3,
    ),
    Row(
        text="淘\x00宝 &amp; <b>开店</b>",
        author="赵六",
        posted_at="2018-05-01T00:00:00Z",
        floor=4,
    ),
    Row(
        text="笔记本电\n脑坏了，微 信号，甚麼\n\n东西。支持Wi-Fi，node.js，U.S.A.，售价3,000元\n"
        "VC++6.0、C++17，setup.exe。ภาษาไทย ｶﾞｷﾞ か\u3099 ⻓度 Łódź 한국 사람",
        author="赵六",
        posted_at="2018-05-02T00:00:00Z",
        floor=5,
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the posts that answer it; `some`: where none does, those that are shown
    for having some of the words. `words` and `where`: the same for SQL; `view`: the view can
    tell."""

    query: str
    found: frozenset[int]
    words: str = ""
    where: str = "1"
    view: bool = True
    some: frozenset[int] = frozenset()


def _case(
    query: str,
    *found: int,
    words: str = "",
    where: str = "1",
    view: bool = True,
    some: tuple[int, ...] = (),
) -> Case:
    return Case(query, frozenset(found), words or query, where, view, frozenset(some))


CASES = (
    _case("淘宝", 1),
    _case("店铺 問題", 1),
    _case("手機", 1, 4),
    _case("的", 1, 2, 4),
    _case("猫", 3, 4),
    _case("极速退", 1),
    _case("没有的词"),
    _case("手机 -猫", 1),
    _case("手机 NOT 淘宝", 4),
    _case("猫 OR 淘宝 开店", 3, 4),
    _case("猫｜淘宝"),
    _case("猫 | 淘宝", 1, 3, 4),
    _case('"猫和狗"', 4),
    _case('"店铺 极速"', 1),
    _case("“极速 退款”", 1),
    _case('"店铺，退款"'),
    _case("电脑", 7),
    _case("笔记本电脑坏", 7),
    _case('"电 脑坏，了"', 7),
    _case('"坏了 微，信号"'),
    _case("坏了微信", some=(7,)),
    _case("微信", 7),
    _case("什么", 7),
    _case("么东西"),
    _case('"什么 东西"', 7),
    _case("wifi", 7),
    _case("WI-FI", 7),
    _case("wi", 7),
    _case("wif*", 7),
    _case("ifi"),
    _case("nodejs", 7),
    _case("node.js", 7),
    _case("usa", 7),
    _case("3000", 7),
    _case("3,000", 7),
    _case("3，000元", 7),
    _case(".exe", 7),
    _case("setup.exe", 7),
    _case("VC++", 7),
    _case("C++17", 7),
    _case("ガギ", 7),
    _case("が", 7),
    _case("か"),
    _case("ษาไท", 7),
    _case("长度", 7),
    _case("lodz", 7),
    _case("한국사람", some=(7,)),
    _case('"한국 사람"', 7),
    _case("iphone", 1),
    _case("phone"),
    _case("iph*", 1),
    _case("ＩＰＨＯＮＥ１５", 1),
    _case("abc123", 3),
    _case("rtx 4090", 2),
    _case("RTX4090", 2),
    _case("4090", 2),
    _case("409"),
    _case("409*", 2),
    _case("C++", 2, 7),
    _case(".net", 2),
    _case("#1", 4),
    _case("cafe", 4),
    _case("https://tieba.example.com/p/123", 2),
    _case("tieba.example.com", 2),
    _case("😂", 3),
    _case("東京", 5),
    _case("东京タワー", 5),
    _case("서울", 5),
    _case("淘 宝", 1, 6),
    _case("b 开店", 6),
    _case("(猫 OR 淘宝) 手机", 1, 4, view=False),
    _case("标题:淘宝", 1, view=False),
    _case("作者:王五 手机", 4, words="手机", where="author = '王五'"),
    _case("版块:宠物 猫", 3, 4, words="猫", where="board = '宠物'"),
    _case(
        "date:2023 4090",
        2,
        words="4090",
        where="posted_at >= '2022-12-31T16' AND posted_at < '2023-12-31T16'",
    ),
    _case("楼层:2.. 手机", 4, words="手机", where="floor >= 2"),
    _case("作者:王五", 3, 4, words="的 OR 猫", where="author = '王五'", view=False),
    _case("手机 作者:李四", words="手机", where="author = '李四'"),
    _case("-手机 楼层:1..2", 2, 3, words="-手机", where="floor <= 2", view=False),
    _case("-手机", 2, 3, 5, 6, 7, view=False),
    _case("软件 OR -(手机 OR 4090)", 3, 5, 6, 7, view=False),
)

Door = Callable[[Case], set[int]]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("doors") / "forum.db"
    make_archive(path, POSTS).close()
    return path


@pytest.fixture(
    scope="module", params=["command", "python", "datasette", "table", "sqlite"]
)
def door(request: pytest.FixtureRequest, db: Path) -> Door:
    """A way to ask: from a case to the numbers of the posts."""
    makers = {
        "command": _command,
        "python": _python,
        "datasette": _datasette,
        "table": _table,
        "sqlite": _sqlite,
    }
    return makers[request.param](db)


def _command(db: Path) -> Door:
    def ask(case: Case) -> set[int]:
        argv = [
            sys.executable,
            "-m",
            "archive",
            "search",
            str(db),
            "--json",
            "--",
            case.query,
        ]
        done = subprocess.run(
            argv,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == (0 if done.stdout else 1), done.stderr
        hits = [json.loads(line) for line in done.stdout.splitlines()]
        assert {"has_only" in hit for hit in hits} <= {bool(case.some)}
        return {hit["post_id"] for hit in hits}

    return ask


def _python(db: Path) -> Door:
    conn = open_archive(db, create=False).conn

    def ask(case: Case) -> set[int]:
        results = search(conn, case.query)
        assert results.is_partial == bool(case.some)
        assert results.total == len(results.hits)
        return {hit.post_id for hit in results.hits}

    return ask


def _datasette(db: Path) -> Door:
    pages = pages_of(db)
    sql = """SELECT l.id FROM posts_fts JOIN post_list l ON l.id = posts_fts.rowid
        WHERE posts_fts MATCH dz_match(:q) AND {}"""

    def ask(case: Case) -> set[int]:
        given = {"sql": sql.format(case.where), "q": case.words, "_shape": "arrays"}
        answer = pages.get(f"/{db.stem}.json", given).json()
        assert answer["ok"], answer
        return {row[0] for row in answer["rows"]}

    return ask


def _table(db: Path) -> Door:
    pages = pages_of(db)

    def ask(case: Case) -> set[int]:
        given = {"_search": case.query, "_shape": "objects", "_nocol": "text"}
        answer = pages.get(f"/{db.stem}/posts.json", given).json()
        assert answer["filtered_table_rows_count"] == len(answer["rows"])
        return {row["id"] for row in answer["rows"]}

    return ask


def _sqlite(db: Path) -> Door:
    conn = sqlite3.connect(
        f"file:{db}?mode=ro", uri=True
    )  # as any other program opens it

    def ask(case: Case) -> set[int]:
        if not case.view:
            pytest.skip("the view has no brackets and no filters")
        sql = f"SELECT id FROM search WHERE q = json_quote(?) AND {case.where}"
        return {row[0] for row in conn.execute(sql, (case.words,))}

    return ask


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.query)
def test_every_door_gives_the_same(
    door: Door, case: Case, request: pytest.FixtureRequest
) -> None:
    is_sql = request.node.callspec.params["door"] in ("datasette", "sqlite")
    some = frozenset() if is_sql else case.some
    assert door(case) == case.found | some
