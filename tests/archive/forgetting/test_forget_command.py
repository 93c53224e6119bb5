"""`discuz-archive forget`: what it asks, what it says, and what readers see afterwards."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from command_line import Run
from crawling import Runner
from forgetting import Crawled, forget
from grepping import grep

from archive import read_thread, search
from archive.forgetting.requests import Request
from archive.forgetting.steps import begin, plan_removal
from archive.schema import connect
from archive.search.similar import similar_to_text

THIRD = "第三条好"


@pytest.fixture
def runner(crawled: Crawled, tmp_path: Path) -> Runner:
    return crawled.copy(tmp_path / "archive")


def state(db: Path) -> dict[str, str]:
    """What the files of an archive hold; SQLite's own beside it come and go."""
    conn = connect(db, create=False)
    dump = "\n".join(conn.iterdump())
    conn.close()
    found = {"rows": hashlib.sha256(dump.encode()).hexdigest()}
    for path in db.with_suffix(".warc").glob("*.gz"):
        found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def test_a_dry_run_says_what_would_go_and_changes_nothing(
    runner: Runner, call: Run
) -> None:
    before = state(runner.path)
    code, said = call("forget", runner.path, "--user", 4, "--dry-run", "--json")
    planned = json.loads(said)
    assert code == 0
    assert state(runner.path) == before
    assert planned["members"] == 1
    assert planned["posts"] > 1
    assert planned["kept pages that would lose a part"] > 1
    assert any("tid=110" in url for url in planned["urls"])

    code, said = call("forget", runner.path, "--user", 4, "--yes", "--json")
    done = json.loads(said)
    assert code == 0
    assert done["posts"] == planned["posts"]
    assert done["others"] == planned["others' posts that quote or repeat it"]
    assert done["captures_blanked"] == planned["kept pages that would lose a part"]
    assert done["captures_removed"] == planned["kept pages that would be removed"]


def test_it_wants_to_be_sure(runner: Runner, call: Run) -> None:
    before = state(runner.path)
    assert call("forget", runner.path, "--post", 1002)[0] == 3
    assert call("forget", runner.path)[0] == 2
    assert call("forget", runner.path, "--post", 1002, "--user", 4, "--yes")[0] == 3
    assert call("forget", runner.path, "--post", 999_999, "--yes")[0] == 3
    assert call("forget", runner.path, "--thread", "not an address", "--yes")[0] == 3
    assert state(runner.path) == before


def test_words_that_stand_everywhere_are_refused(
    runner: Runner, call: Run, tmp_path: Path
) -> None:
    passages = tmp_path / "passages.txt"
    passages.write_text("好 的\n", encoding="utf-8")
    assert call("forget", runner.path, "--text", passages, "--yes")[0] == 3


def test_the_log_has_no_word_of_it(runner: Runner, call: Run) -> None:
    reason = ["--reason", "erasure request", "--asked-by", "case 7"]
    code, said = call("forget", runner.path, "--user", 4, "--yes", *reason)
    assert code == 0
    assert "老周修表" not in said
    code, said = call("forget", runner.path, "--list")
    assert code == 0
    assert "erasure request; asked by case 7" in said
    assert " user  done " in said
    assert "老周修表" not in said


def test_readers_see_where_a_post_was_and_nothing_of_it(
    runner: Runner, call: Run
) -> None:
    forget(runner.path, "post", 1002)
    conn = connect(runner.path, create=False)
    view = read_thread(conn, 101, forum_id=1)
    assert view.removed_floors == (2,)
    assert THIRD not in [post.text for post in view.posts]
    assert search(conn, THIRD).hits == ()
    assert [each.hit for each in similar_to_text(conn, THIRD * 3)] == []
    conn.close()
    target = runner.path.parent / "out"
    for form, suffix in (("jsonl", ""), ("html", ""), ("warc", ".gz")):
        path = target.with_suffix(f".{form}{suffix}")
        code, _ = call(
            "export", runner.path, "--format", form, "--to", path, "--thread", 101
        )
        assert code == 0
        assert path.exists()
    assert grep(runner.path.parent, THIRD) == []


def test_a_post_is_named_by_its_address(
    runner: Runner, crawled: Crawled, call: Run
) -> None:
    url = f"{crawled.site.url}forum.php?mod=redirect&goto=findpost&ptid=101&pid=1002"
    code, said = call("forget", runner.path, "--post", url, "--yes", "--json")
    assert code == 0
    assert json.loads(said)["posts"] == 1


def test_pages_are_not_exported_while_a_removal_is_cut_short(
    runner: Runner, call: Run
) -> None:
    conn = connect(runner.path, create=False)
    request = Request(kind="post", site_id=1, number=1002)
    begin(conn, plan_removal(conn, request))
    conn.close()
    target = runner.path.with_name("out.warc.gz")
    words = ("export", runner.path, "--format", "warc", "--to", target)
    assert call(*words)[0] == 5
    assert not target.exists()
    assert call("forget", runner.path)[0] == 0
    assert call(*words)[0] == 0
    assert grep(runner.path.parent, THIRD) == []


def test_a_reader_that_holds_the_file_is_named_and_the_next_command_ends_it(
    runner: Runner, call: Run, caplog: pytest.LogCaptureFixture
) -> None:
    conn = connect(runner.path, create=False)
    conn.execute("BEGIN")
    conn.execute("SELECT count(*) FROM posts").fetchone()
    code, said = call("forget", runner.path, "--post", 1002, "--yes")
    assert code == 0
    assert "not done yet" in said
    assert "another program reads the archive" in caplog.text
    conn.execute("ROLLBACK")
    conn.close()
    code, said = call("forget", runner.path)
    assert code == 0
    assert "not done yet" not in said
    assert grep(runner.path.parent, THIRD) == []


def test_what_others_show_too_stays(runner: Runner, call: Run) -> None:
    conn = connect(runner.path, create=False)
    rows = conn.execute("SELECT name, digest FROM media WHERE state = 'done'")
    before = dict(rows.fetchall())
    conn.execute(
        "INSERT INTO images SELECT (SELECT id FROM posts WHERE pid = 1002), 1, url "
        "FROM images WHERE post_id = (SELECT id FROM posts WHERE pid = 1010) LIMIT 1"
    )
    (shared,) = conn.execute(
        "SELECT url FROM images WHERE post_id = (SELECT id FROM posts WHERE pid = 1002)"
    ).fetchone()
    conn.close()
    assert any(shared in name for name in before)
    logged = forget(runner.path, "post", 1010)
    conn = connect(runner.path, create=False)
    rows = conn.execute("SELECT name, digest FROM media WHERE state = 'done'")
    after = dict(rows.fetchall())
    conn.close()
    assert logged.media > 0
    assert len(after) < len(before)
    assert any(shared in name for name in after)


def test_nothing_is_removed_while_a_file_is_missing(runner: Runner, call: Run) -> None:
    """It would come back with the file."""
    (path,) = runner.path.with_suffix(".warc").glob("*.gz")
    aside = path.rename(runner.path.with_name("aside.gz"))
    assert call("forget", runner.path, "--post", 1002, "--yes")[0] == 5
    assert runner.rows("SELECT count(*) FROM posts WHERE pid = 1002") == [(1,)]
    aside.rename(path)
    assert call("forget", runner.path, "--post", 1002, "--yes")[0] == 0
    assert grep(runner.path.parent, THIRD) == []
