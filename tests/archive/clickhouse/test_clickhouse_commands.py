"""An index from the command line: made, searched, counted, forgotten in, and what is said
where it cannot be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import cli, run
from archive.clickhouse.address import Server, read_address
from scraper.core.errors import InputError
from tests.archive_of_posts import ROWS, make_archive


def _call(*words: object) -> Result:
    argv = [str(word) for word in words]

    def called() -> Result:
        return CliRunner().invoke(cli, argv, standalone_mode=False)

    result = called()
    if result.exception:
        error = result.exception
        result.exit_code = run(lambda: _raise(error))
    elif isinstance(result.return_value, int):
        result.exit_code = result.return_value
    return result


def _raise(error: BaseException) -> None:
    raise error


def test_an_index_from_the_command_line(tmp_path: Path) -> None:
    pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
    pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")
    db = tmp_path / "forum.db"
    make_archive(db, ROWS).close()
    tables = tmp_path / "tables"
    at = f"chdb://{tmp_path}/index"
    assert _call("export", db, "--format", "parquet", "--to", tables).exit_code == 0

    assert "4 new posts" in _call("corpus", "index", tables, at).output
    assert "4 as before" in _call("corpus", "index", tables, at).output

    found = _call("search", "--at", at, "手機", "--order", "newest", "--json")
    hits = [json.loads(line) for line in found.stdout.splitlines()]
    assert [hit["post_id"] for hit in hits] == [1, 4]
    assert found.exit_code == 0
    assert "1–2 of 2" in found.stderr
    counted = _call("search", "--at", at, "--counts", "--json", "手机")
    assert json.loads(counted.stdout)["board"] == {"数码": 1, "宠物": 1}
    nothing = _call("search", "--at", at, "没有的词")
    assert nothing.exit_code == 1
    assert "nothing found in 4 posts" in nothing.stderr
    assert _call("search", "--at", at, "作者:").exit_code == 9

    assert "2 posts erased" in _call("corpus", "forget", at, "thread", 1, 1).output
    left = _call("search", "--at", at, "手机", "--urls")
    assert len(left.stdout.splitlines()) == 1


def test_what_is_no_index_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
    assert _call("search", "--at", "http://example.com/", "手机").exit_code == 3
    assert "is no address of an index" in capsys.readouterr().err
    folder = tmp_path / "new"
    for words in (
        ["search", "--at", f"chdb://{folder}", "手机"],
        ["corpus", "forget", f"chdb://{folder}", "thread", "1", "7"],
    ):
        assert _call(*words).exit_code == 3
        assert "no such folder" in capsys.readouterr().err
        assert not folder.exists()
    folder.mkdir()
    assert _call("search", "--at", f"chdb://{folder}", "手机").exit_code == 3
    assert "`corpus index` makes it" in capsys.readouterr().err
    nobody = "clickhouse://127.0.0.1:9/"
    assert _call("search", "--at", nobody, "手机").exit_code == 5
    assert "127.0.0.1:9" in capsys.readouterr().err


def test_addresses() -> None:
    server = read_address("clickhouse://me:p%40ss@db.example:8443/bbs?secure=1")
    assert server == Server("db.example", 8443, "me", "p@ss", "bbs", is_secure=True)
    assert isinstance(server, Server)
    assert "p@ss" not in server.shown
    for wrong in ("chdb://", "chdb:///", "clickhouse://", "x", "clickhouse://a:b/"):
        with pytest.raises(InputError, match="chdb:///FOLDER"):
            read_address(wrong)


def test_the_tables_of_a_cluster_are_printed() -> None:
    said = _call("corpus", "ddl", "--cluster", "three").output
    assert "CREATE TABLE IF NOT EXISTS posts ON CLUSTER `three`" in said
    assert "ReplicatedMergeTree('/clickhouse/tables/{shard}/" in said
    assert "Distributed(`three`, currentDatabase(), posts, cityHash64(site_id))" in said


def test_nothing_of_it_is_loaded_without_being_asked_for() -> None:
    code = (
        "import sys, archive.cli, archive.commands.search, archive.commands.corpus.index;"
        "print([m for m in ('chdb', 'pyarrow', 'clickhouse_connect') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_without_the_engine_it_is_said_how_to_have_it(tmp_path: Path) -> None:
    hidden = (
        "import sys; sys.modules['chdb'] = None; from archive.cli import main; main()"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            hidden,
            "search",
            "--at",
            f"chdb://{tmp_path}/x",
            "手机",
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert "discuz-archive[cluster]" in done.stderr
