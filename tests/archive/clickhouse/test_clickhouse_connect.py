"""An index behind a socket: what clickhouse-connect says to a server, and what comes back. The
engine is chdb's, behind ClickHouse's HTTP interface."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")
pytest.importorskip("clickhouse_connect", reason="no clickhouse-connect")
from browser import free_port, served

from tests import clickhouse_server
from tests.archive_of_posts import ROWS, make_archive
from tests.clickhouse_index import exported


def run(*words: object) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "archive", *map(str, words)]
    return subprocess.run(
        argv,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that has an index of four posts."""
    folder = tmp_path_factory.mktemp("server")
    make_archive(folder / "forum.db", ROWS).close()
    tables = exported(folder / "forum.db", folder / "tables")
    assert run("corpus", "index", tables, f"chdb://{folder}/index").returncode == 0
    port = free_port()
    argv = [sys.executable, clickhouse_server.__file__, str(folder / "index")]
    server = subprocess.Popen([*argv, str(port)])
    try:
        _wait(f"http://127.0.0.1:{port}/?query=SELECT+1", server)
        yield f"clickhouse://127.0.0.1:{port}/default"
    finally:
        server.terminate()
        server.wait(30)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            httpx.get(address, trust_env=False, timeout=60)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


def test_a_server_is_searched(address: str) -> None:
    found = run("search", "--at", address, "手機", "--order", "newest", "--json")
    hits = [json.loads(line) for line in found.stdout.splitlines()]
    assert [hit["post_id"] for hit in hits] == [1, 4]
    assert "1–2 of 2" in found.stderr
    counted = run("search", "--at", address, "--counts", "--json", "手机")
    assert json.loads(counted.stdout)["board"] == {"数码": 1, "宠物": 1}


def test_what_is_perhaps_meant_is_asked_of_a_server(address: str) -> None:
    found = run("search", "--at", address, "iphone16手機 作者:王伍")
    assert found.returncode == 1
    assert "nothing found in 4 posts of 2023-02-01 to 2025-02-01" in found.stderr
    assert "“王伍” is no author; did you mean “作者:王五”?" in found.stderr
    assert "an index proposes no Chinese words" in found.stderr
    found = run("search", "--at", address, "软体")
    assert "“软体” is also “软件”" in found.stderr


def test_a_server_is_read_in_a_browser(address: str) -> None:
    with (
        served(f"--at={address}") as here,
        httpx.Client(base_url=here, timeout=60, trust_env=False) as site,
    ):
        assert "试论坛" in site.get("/").text
        page = site.get("/search", params={"q": "手机"}).text
        assert page.count('class="snippet"') == 2
        post = site.get("/f/1/post/2")
        assert post.headers["location"] == "/f/1/thread/1#p2"
        assert "RTX4090" in site.get("/f/1/thread/1").text


def test_nobody_at_an_address_is_said() -> None:
    found = run("serve", "--at", "clickhouse://127.0.0.1:9/", "--port", free_port())
    assert found.returncode == 5
    assert "127.0.0.1:9" in found.stderr


def test_an_archive_or_an_index_is_served(tmp_path: Path) -> None:
    assert "name an archive, or an index by --at" in run("serve").stderr
    db = tmp_path / "x.db"
    make_archive(db, ROWS).close()
    both = run("serve", db, "--at", f"chdb://{tmp_path}/index")
    assert both.returncode == 2
