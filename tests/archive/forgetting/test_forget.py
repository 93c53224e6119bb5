"""What was forgotten is in no byte of any file, and comes back by no way; all else stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from crawling import Runner
from forgetting import Crawled, check_whole, forget, words_of
from grepping import grep
from ingesting import ingested

from archive.forgetting.requests import RequestKind
from archive.intake.ingest import Ingest
from archive.schema import connect
from archive.store.forgotten import REMOVED
from archive.store.save import Store
from archive.warc.captures import Captures

ZHOU = 4
QUOTED = "先别拆。量一下B+电压"
ASKED = "指示灯也亮，就是一个台都收不到"
TITLE = "红灯711只剩沙沙声，求师傅把脉"
CASES: list[tuple[RequestKind, int, tuple[str, ...], tuple[str, ...]]] = [
    ("post", 1011, (), (QUOTED, "多半是滤波电容漏了")),
    ("post", 1010, (), ("昨晚开机只剩沙沙声", "红灯711正面.jpg", "求师傅把脉")),
    ("post", 1002, (), ("第三条好",)),
    ("thread", 110, (), (QUOTED, "前排围观，坐等开声", TITLE, "外公的眼光真好")),
    ("user", ZHOU, (), ("老周修表", QUOTED, "修不了时间", "抽屉里翻出来的")),
    (
        "text",
        0,
        ("前排围观，坐等开声。", "羊羹来换"),
        ("前排围观，坐等开声", "羊羹来换"),
    ),
]
KEPT = "四月的雨"


@pytest.mark.parametrize(("kind", "number", "passages", "gone"), CASES)
def test_nothing_of_it_is_left_and_all_else_is(
    runner: Runner,
    kind: RequestKind,
    number: int,
    passages: tuple[str, ...],
    gone: tuple[str, ...],
) -> None:
    folder = runner.path.parent
    for words in gone:
        assert grep(folder, words), f"{words} is not there to be forgotten"
    before = words_of(runner.path)
    logged = forget(runner.path, kind, number, *passages)
    assert grep(folder, *gone) == []
    check_whole(runner.path)
    after = words_of(runner.path)
    assert logged.done_at
    assert len(before) - len(after) == logged.posts
    changed = [pid for pid, text in after.items() if before[pid] != text]
    if kind == "text":
        assert changed
        assert all(REMOVED in after[pid] for pid in changed)
    else:
        assert changed == []


@pytest.mark.parametrize(("kind", "number", "passages", "gone"), CASES)
def test_it_does_not_come_back(
    runner: Runner,
    saved: Path,
    crawled: Crawled,
    kind: RequestKind,
    number: int,
    passages: tuple[str, ...],
    gone: tuple[str, ...],
) -> None:
    folder = runner.path.parent
    forget(runner.path, kind, number, *passages)
    kept = words_of(runner.path)

    runner.run(crawled.site.url, media=True)
    assert grep(folder, *gone) == []
    assert words_of(runner.path) == kept

    ingested(runner.path, saved / "saved.warc.gz")
    assert grep(folder, *gone) == []
    assert words_of(runner.path) == kept

    captures_then = runner.rows("SELECT count(*) FROM captures")
    ingested(runner.path, saved / "saved.warc.gz")
    assert runner.rows("SELECT count(*) FROM captures") == captures_then

    conn = connect(runner.path, create=False)
    with Captures(conn) as captures:
        list(Ingest(conn, captures, Store(conn)).again())
    conn.close()
    assert grep(folder, *gone) == []
    assert words_of(runner.path) == kept
    check_whole(runner.path)
