"""Loading an index: again, changed, after a kill, and what was forgotten."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")
from archive.clickhouse import files
from archive.clickhouse import load as loading
from archive.clickhouse.api import search
from archive.clickhouse.engine import Engine
from archive.clickhouse.forget import forget
from archive.clickhouse.index import Index
from archive.clickhouse.load import Loaded, load
from archive.clickhouse.remembered import Remembered
from archive.corpus.outputs import Output
from archive.index.writer import catch_up
from archive.schema import open_archive
from scraper.core.errors import InputError, StorageError
from tests.archive_of_posts import Row, insert, make_archive
from tests.clickhouse_index import engine_in, exported

POSTS = (
    Row(text="第一楼说手机", author="张三", thread="甲", opening=True, floor=1),
    Row(text="第二楼说手机", author="李四", thread="甲", floor=2),
    Row(text="第三楼说电脑", author="李四", thread="乙", floor=3, posted_at=None),
    Row(text="第四楼说电脑", author="", thread="乙", floor=4),
)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "forum.db"
    make_archive(path, POSTS).close()
    return path


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with engine_in(tmp_path / "index") as engine:
        yield engine


def _load(engine: Engine, db: Path) -> Loaded:
    folder = db.with_name("tables")
    shutil.rmtree(folder, ignore_errors=True)
    return load(engine, Output(str(exported(db, folder))))


def _change(db: Path, sql: str) -> None:
    conn = open_archive(db).conn
    conn.executescript(sql)
    catch_up(conn)
    conn.close()


def _ids(engine: Engine, query: str) -> list[int]:
    results = search(Index(engine), query, order="oldest")
    assert results.total == len(results.hits)
    return [hit.post_id for hit in results.hits]


def test_the_same_again_writes_nothing(engine: Engine, db: Path) -> None:
    assert _load(engine, db) == Loaded(read=4, new=4)
    parts = "SELECT name FROM system.parts WHERE table = 'posts' AND active"
    before = engine.rows(parts)
    assert _load(engine, db) == Loaded(read=4)
    assert engine.rows(parts) == before


def test_a_changed_post_takes_the_place_of_the_older(engine: Engine, db: Path) -> None:
    _load(engine, db)
    _change(
        db,
        """UPDATE posts SET text = '改成说相机' WHERE id = 2;
        UPDATE posts SET posted_at = '2024-07-01T00:00:00Z' WHERE id = 3;""",
    )
    assert _load(engine, db) == Loaded(read=4, changed=2)
    assert _ids(engine, "手机") == [1]
    assert _ids(engine, "相机") == [2]
    assert _ids(engine, "电脑") == [4, 3]


@pytest.mark.parametrize("step", range(1, 8))
def test_a_load_that_was_killed_is_put_right(
    engine: Engine, db: Path, step: int
) -> None:
    """At each statement that writes."""
    _load(engine, db)
    _change(db, "UPDATE posts SET text = '改成说相机' WHERE id IN (2, 3)")
    with pytest.raises(KeyboardInterrupt):
        load(_Killed(engine, step), Output(str(exported(db, db.with_name("other")))))
    _load(engine, db)
    assert _ids(engine, "手机 OR 电脑") == [1, 4]
    assert _ids(engine, "相机") == [2, 3]
    assert engine.rows("SELECT count() FROM posts") == [[4]]


class _Killed:
    """An engine that ends the program when it is given the nth statement on posts."""

    def __init__(self, engine: Engine, step: int) -> None:
        self._engine = engine
        self._left = step

    @property
    def tables(self) -> frozenset[str]:
        return self._engine.tables

    @property
    def memory(self) -> Remembered:
        return self._engine.memory

    def rows(self, sql: str, **_: float) -> list[list[object]]:
        return self._engine.rows(sql)

    def run(self, sql: str) -> None:
        self._left -= "INSERT INTO" in sql or "DELETE" in sql
        if not self._left:
            raise KeyboardInterrupt
        self._engine.run(sql)

    def insert(self, table: str, batch: object) -> None:
        self._left -= table == "incoming"
        if not self._left:
            raise KeyboardInterrupt
        self._engine.insert(table, batch)


def test_of_large_posts_fewer_are_read_at_once(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = [
        Row(text=f"手机{number}" + "长" * 1_000, floor=number) for number in range(9)
    ]
    make_archive(tmp_path / "large.db", large).close()
    tables = exported(tmp_path / "large.db", tmp_path / "of-large")
    monkeypatch.setattr(files, "_BATCH_BYTES", 10_000)
    batches: list[int] = []
    loaded = load(engine, Output(str(tables)), tick=batches.append)
    assert loaded == Loaded(read=9, new=9)
    assert len(batches) > 2
    assert len(_ids(engine, "手机")) == 9


def test_parts_are_made_side_by_side(
    engine: Engine, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_PART_ROWS", 2)
    assert _load(engine, db) == Loaded(read=4, new=4)
    parts = "SELECT rows FROM system.parts WHERE table = 'posts' AND active"
    assert engine.rows(parts) == [[2], [2]]
    assert _ids(engine, "电脑") == [4, 3]


@pytest.mark.parametrize(
    ("kind", "item", "left"),
    [("post", 2, [1, 4, 3]), ("thread", 1, [4, 3]), ("thread", 2, [1, 2])],
)
def test_what_was_forgotten_is_gone_and_stays_away(
    engine: Engine, db: Path, kind: str, item: int, left: list[int]
) -> None:
    _load(engine, db)
    everything = "手机 OR 电脑"
    assert forget(engine, kind, 1, item) == 4 - len(left)
    assert _ids(engine, everything) == left
    runs = "SELECT count() FROM posts WHERE position(runs, '手机') > 0"
    assert engine.rows(runs) == [[len({1, 2} & set(left))]]
    again = _load(engine, db)
    assert (again.new, again.forgotten) == (0, 4 - len(left))
    assert _ids(engine, everything) == left
    assert forget(engine, kind, 1, item) == 0


def test_an_author_is_forgotten_by_number(engine: Engine, db: Path) -> None:
    conn = open_archive(db).conn
    insert(conn, "users", id=9, site_id=1, uid=77, name="李四")
    conn.close()
    _change(db, "UPDATE posts SET user_id = 9 WHERE author = '李四'")
    _load(engine, db)
    assert forget(engine, "user", 1, 77) == 2
    assert _ids(engine, "手机 OR 电脑") == [1, 4]
    names = "SELECT count() FROM names WHERE name = '李四'"
    assert engine.rows(names) == [[0]]
    users = "SELECT count() FROM users WHERE uid = 77"
    assert engine.rows(users) == [[0]]


def test_what_holds_no_posts_is_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no posts"):
        load(engine, Output(str(tmp_path / "empty")))
    (tmp_path / "posts.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match=r"posts\.parquet"):
        load(engine, Output(str(tmp_path)))


def test_errors_are_the_engines_own_words(engine: Engine) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        engine.rows("SELECT 1 FROM nowhere")
    engine.run("DROP TABLE posts")
    with pytest.raises(InputError, match="corpus index"):
        Index(engine)


def test_of_no_posts_no_part_is_known(engine: Engine, db: Path) -> None:
    """Other nodes of a cluster may have them all."""
    assert Index(engine).keys_at([0.25, 0.5]) == []
    _load(engine, db)
    # asked for others: what was known is kept for a minute
    assert len(Index(engine).keys_at([0.1, 0.9])) == 2
