"""The index says what the rows say, whoever wrote them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from archive_of_posts import Row, add_post, make_archive
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.index.rebuild import reindex
from archive.index.verify import check
from archive.index.writer import catch_up, is_outdated, pending, row_tokens
from archive.schema import open_archive
from archive.search.api import OUTDATED, search

WORDS = st.text(st.sampled_from("淘宝开店發发 abC1手机,😂"), max_size=8)
MONTHS = st.sampled_from(
    [None, "2024-05-01T00:00:00Z", "2024-05-09T00:00:00Z", "2023-01-01"]
)
ROWS = st.builds(Row, text=WORDS, subject=WORDS, posted_at=MONTHS)


def index_content(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Every term of the index with its place."""
    conn.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab(main, posts_fts, instance)"
    )
    return sorted(
        conn.execute("SELECT term, doc, col, offset FROM temp.terms").fetchall()
    )


def expected_content(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
    """What the index must hold, by the rows."""
    out: list[tuple[object, ...]] = []
    for post_id, text, subject, posted_at in conn.execute(
        "SELECT id, text, subject, posted_at FROM posts"
    ):
        for column, tokens in zip(
            ("body", "title", "month"),
            row_tokens(text, subject, posted_at),
            strict=True,
        ):
            out += [
                (term, post_id, column, offset)
                for offset, term in enumerate(tokens.split())
            ]
    return sorted(out)  # type: ignore[type-var]


def test_new_changed_and_deleted_rows_are_followed() -> None:
    conn = make_archive(
        ":memory:", [Row(text="淘宝开店"), Row(text="手机", subject="标题")]
    )
    assert index_content(conn) == expected_content(conn)
    conn.execute("UPDATE posts SET text = '改了' WHERE id = 1")
    conn.execute("DELETE FROM posts WHERE id = 2")
    assert pending(conn) == 2
    assert catch_up(conn) == 2
    assert pending(conn) == 0
    assert index_content(conn) == expected_content(conn)


def test_insert_or_replace_from_outside_is_followed() -> None:
    conn = make_archive(":memory:", [Row(text="旧的话"), Row(text="另一个")])
    others = [
        row[1]
        for row in conn.execute("PRAGMA table_info(posts)")
        if row[1] not in ("id", "pid", "text")
    ]
    columns = ", ".join([*others, "text"])
    values = ", ".join([*others, "'新的话'"])
    conn.execute("UPDATE posts SET text = '中间的话' WHERE id = 1")
    conn.execute(
        f"""INSERT OR REPLACE INTO posts(id, pid, {columns})
        SELECT 1, 77, {values} FROM posts WHERE id = 1"""
    )
    conn.execute(
        f"INSERT OR REPLACE INTO posts(pid, {columns}) SELECT 2, {values} FROM posts WHERE id = 2"
    )
    catch_up(conn)
    assert index_content(conn) == expected_content(conn)


def test_a_row_seen_again_unchanged_is_not_indexed_again() -> None:
    conn = make_archive(":memory:", [Row(text="不变")])
    conn.execute("UPDATE posts SET text = text, last_seen_at = '2025' WHERE id = 1")
    assert pending(conn) == 0


def test_an_index_of_other_rules_is_noticed_and_made_again() -> None:
    conn = make_archive(":memory:", [Row(text="淘宝"), Row(text="手机")])
    assert not is_outdated(conn)
    conn.execute("UPDATE posts_fts_state SET value = '0'")
    assert is_outdated(conn)
    conn.execute("UPDATE posts SET text = '改了' WHERE id = 1")
    assert catch_up(conn) == 0
    assert reindex(conn) == 2
    assert not is_outdated(conn)
    assert index_content(conn) == expected_content(conn)


def test_an_old_index_is_noticed_by_a_search() -> None:
    conn = make_archive(":memory:", [Row(text="淘宝")])
    assert search(conn, "淘宝").notices == ()
    conn.execute("UPDATE posts_fts_state SET value = '0'")
    assert search(conn, "淘宝").notices == (OUTDATED,)


def test_a_post_and_its_words_become_visible_together(tmp_path: Path) -> None:
    conn = make_archive(tmp_path / "forum.db", [Row(text="旧的手机")])
    reader = open_archive(tmp_path / "forum.db", create=False).conn
    for end, found in (("ROLLBACK", [1, 0]), ("COMMIT", [0, 1])):
        conn.execute("BEGIN")
        conn.execute("UPDATE posts SET text = '新的电脑'")
        catch_up(conn)
        assert [search(reader, word).total for word in ("手机", "电脑")] == [1, 0]
        conn.execute(end)
        assert [search(reader, word).total for word in ("手机", "电脑")] == found
    assert check(conn, full=True).problems == ()


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), ROWS),
        st.tuples(st.just("change"), st.tuples(st.integers(1, 6), ROWS)),
        st.tuples(st.just("renumber"), st.tuples(st.integers(1, 6), st.integers(7, 9))),
        st.tuples(st.just("delete"), st.integers(1, 6)),
        st.tuples(st.just("catch_up"), st.none()),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(ACTIONS)
def test_index_equals_a_fresh_one_after_any_history(
    actions: list[tuple[str, object]],
) -> None:
    conn = make_archive(":memory:")
    for name, what in actions:
        match name, what:
            case "add", Row() as row:
                add_post(conn, row)
            case "change", (int() as post_id, Row() as row):
                conn.execute(
                    "UPDATE posts SET text = ?, subject = ?, posted_at = ? WHERE id = ?",
                    (row.text, row.subject, row.posted_at, post_id),
                )
            case "renumber", (int() as post_id, int() as to):
                conn.execute(
                    "UPDATE OR IGNORE posts SET id = ? WHERE id = ?", (to, post_id)
                )
            case "delete", int() as post_id:
                conn.execute("DELETE FROM posts WHERE id = ?", (post_id,))
            case _:
                catch_up(conn)
    catch_up(conn)
    assert index_content(conn) == expected_content(conn)
    conn.close()
