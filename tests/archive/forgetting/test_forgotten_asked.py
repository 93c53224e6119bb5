"""What was forgotten is named by no run's log and no crawl's scope, and a scope of which
nothing is left does not become the whole forum."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from crawling import Runner
from forgetting import Crawled, forget
from grepping import grep

from archive.commands._crawl_options import Options, forums_of
from archive.crawl.remembered_scope import addresses_to_go_on
from archive.crawl.report import begin_run
from archive.forgetting.requests import RequestKind
from archive.schema import connect
from archive.store.forgotten import REMOVED
from scraper.core.errors import InputError
from scraper.policy.plan import Scope

ZHOU = 4
OF_ZHOU = (
    "home.php?mod=space&username=%E8%80%81%E5%91%A8%E4%BF%AE%E8%A1%A8",
    "home.php?mod=space&uid=4",
    "space-uid-4.html",
    "home.php?mod=space&amp;uid=4",
)
OF_OTHERS = ("home.php?mod=space&uid=44", "thread-101-1-1.html", "--complete")


def logged(path: Path) -> list[str]:
    """The arguments of all runs."""
    conn = sqlite3.connect(path)
    rows = conn.execute("SELECT arguments FROM runs ORDER BY id").fetchall()
    conn.close()
    return [arguments for (arguments,) in rows]


def log_runs(crawled: Crawled, path: Path, *asked: tuple[str, ...]) -> None:
    """Log a run for each list of arguments."""
    conn = connect(path, create=False)
    for words in asked:
        begin_run(conn, "crawl", " ".join(words), crawled.clock.now())
    conn.close()


def scope_of(path: Path) -> str:
    """What the first forum is crawled for, as the archive has it."""
    conn = sqlite3.connect(path)
    ((text,),) = conn.execute("SELECT scope FROM crawls").fetchall()
    conn.close()
    return str(text)


def set_scope(path: Path, text: str) -> None:
    """The same for an archive that was crawled for something."""
    conn = sqlite3.connect(path)
    with conn:
        conn.execute("UPDATE crawls SET scope = ?", (text,))
    conn.close()


@pytest.mark.parametrize(
    ("kind", "number", "gone"),
    [
        ("user", ZHOU, OF_ZHOU),
        (
            "thread",
            110,
            (
                "forum.php?mod=viewthread&tid=110",
                "thread-110-2-1.html",
                "archiver/?tid-110.html",
                "forum.php?mod=redirect&goto=findpost&ptid=110&pid=1011",
            ),
        ),
        ("post", 1011, ("forum.php?mod=redirect&goto=findpost&pid=1011",)),
    ],
)
def test_no_run_names_it(
    runner: Runner,
    crawled: Crawled,
    kind: RequestKind,
    number: int,
    gone: tuple[str, ...],
) -> None:
    base = crawled.site.url
    elsewhere = ("https://elsewhere.example/space-uid-4.html", "saved.warc.gz")
    kept = tuple(f"{base}{path}" for path in OF_OTHERS[:2]) + OF_OTHERS[2:]
    named = tuple(f"{base}{path}" for path in gone)
    log_runs(crawled, runner.path, named + kept, elsewhere, gone)
    forget(runner.path, kind, number)
    *_, first, second, third = logged(runner.path)
    assert first == " ".join([REMOVED] * len(gone) + list(kept))
    assert second == " ".join(elsewhere)
    assert set(third.replace(REMOVED, "").split()) == set()


def test_names_of_files_and_notices_are_words_too(
    runner: Runner, crawled: Crawled
) -> None:
    log_runs(crawled, runner.path, ("老周修表的帖子.html", "all.warc.gz"))
    conn = sqlite3.connect(runner.path)
    with conn:
        conn.execute("UPDATE runs SET message = '老周修表 is banned'")
        conn.execute("UPDATE frontier SET message = '「老周修表」不存在'")
    conn.close()
    forget(runner.path, "user", ZHOU)
    assert logged(runner.path)[-1] == f"{REMOVED} all.warc.gz"
    assert grep(runner.path.parent, "老周修表") == []


def test_a_scope_keeps_what_was_not_forgotten(runner: Runner) -> None:
    set_scope(runner.path, '{"boards": [5], "threads": [101, 110], "users": [4, 40]}')
    forget(runner.path, "thread", 110)
    assert (
        scope_of(runner.path) == '{"boards": [5], "threads": [101], "users": [4, 40]}'
    )
    forget(runner.path, "user", ZHOU)
    assert scope_of(runner.path) == '{"boards": [5], "threads": [101], "users": [40]}'


def test_a_whole_forum_stays_one(runner: Runner) -> None:
    forget(runner.path, "user", ZHOU)
    assert scope_of(runner.path) == ""


def test_nothing_left_is_not_all(
    runner: Runner, crawled: Crawled, tmp_path: Path
) -> None:
    path = tmp_path / "one.db"
    one = Runner(path, crawled.clock)
    one.run(crawled.site.url, scope=Scope(threads=frozenset({110})))
    forget(path, "thread", 110)
    assert not re.search(r"\b110\b", scope_of(path))
    conn = connect(path, create=False)
    assert addresses_to_go_on(conn) == []
    conn.close()
    with pytest.raises(InputError, match="no forum to go on with"):
        forums_of(Options(db=path), known=())

    one.run(crawled.site.url, scope=Scope(threads=frozenset({101})))
    conn = connect(path, create=False)
    assert addresses_to_go_on(conn) == [crawled.site.url]
    conn.close()
    assert '"threads": [101]' in scope_of(path)
