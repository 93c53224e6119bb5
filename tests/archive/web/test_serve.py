"""The archive in a real Datasette on loopback: descriptions, links between tables, facets,
and a search in Chinese."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytest.importorskip("datasette")
from browser import served

from archive.schema import check_unwritable
from archive.web.named_queries import QUERIES
from scraper.core.errors import StorageError
from tests.archive_of_posts import make_archive


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's archive."""
    folder = tmp_path_factory.mktemp("serve")
    subprocess.run(
        [sys.executable, "-m", "archive", "demo", str(folder)],
        check=True,
        capture_output=True,
    )
    return folder / "demo.db"


@pytest.fixture(scope="module")
def site(demo: Path) -> Iterator[httpx.Client]:
    """A client of it, served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "archive", "serve", str(demo), "--port", str(port)]
    )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False
        ) as client:
            wait_for(client, server)
            yield client
    finally:
        server.terminate()
        server.wait(10)


def wait_for(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers; fails with it."""
    for _ in range(300):
        assert server.poll() is None, "the server ended"
        try:
            client.get("/-/versions.json")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


def test_tables_and_columns_say_what_they_mean(site: httpx.Client) -> None:
    page = site.get("/demo/posts").text
    assert "Posts (帖子)" in page
    assert "own words" in page


def test_rows_link_to_the_rows_they_belong_to(site: httpx.Client) -> None:
    page = site.get("/demo/posts?_size=5").text
    assert "/demo/threads/" in page


def test_facets_count(site: httpx.Client) -> None:
    facets = site.get("/demo/post_list.json?_size=0").json()["facet_results"]
    assert {"board", "author"} <= set(facets)


def test_the_index_is_hidden(site: httpx.Client) -> None:
    tables = site.get("/demo.json").json()["tables"]
    hidden = {table["name"] for table in tables if table["hidden"]}
    assert {"posts_fts", "posts_fts_charmap"} <= hidden


@pytest.mark.parametrize("query", ["收音机", "机", "粽子 OR 豆腐脑", "收音機"])
def test_a_named_query_searches_in_chinese(site: httpx.Client, query: str) -> None:
    answer = site.get("/demo/search.json", params={"q": query, "_shape": "objects"})
    assert answer.status_code == 200, answer.text[:500]
    assert answer.json()["rows"]


@pytest.mark.parametrize(
    "name", [name for name in QUERIES if name not in ("search", "reply_network")]
)
def test_named_queries_answer_as_page_json_and_csv(
    site: httpx.Client, name: str
) -> None:
    assert site.get(f"/demo/{name}.json").json()["error"] is None
    page = site.get(f"/demo/{name}")
    assert page.status_code == 200
    assert QUERIES[name]["description"][:20] in page.text
    table = site.get(f"/demo/{name}.csv")
    assert table.headers["content-type"].startswith("text/plain")
    assert table.text.splitlines()[0].count(",") >= 3


def test_named_queries_find_what_they_are_for(site: httpx.Client, demo: Path) -> None:
    found = {
        name: site.get(f"/demo/{name}.json", params={"_shape": "objects"}).json()[
            "rows"
        ]
        for name in QUERIES
    }
    titles = {row["title"] for row in found["silent_threads"]}
    assert "本周茶单：明前龙井与陈皮" in titles or "豆腐脑甜咸大战" in titles
    assert "【长楼】今天吃了什么" not in titles
    assert found["most_quoted"][0]["quoted"] >= 1
    page = found["most_quoted"][0]["page"]
    assert f'<a href="{page}">' in site.get("/demo/most_quoted").text
    assert site.get(page, follow_redirects=True).status_code == 200
    with sqlite3.connect(demo) as conn:
        conn.execute(
            "UPDATE posts SET gone_at = '2024-06-01T00:00:00Z' WHERE pid = 1011"
        )
        conn.execute(
            "UPDATE posts SET edited_at = '2024-12-01T00:00:00Z' WHERE pid = 1010"
        )
    found = {
        name: site.get(f"/demo/{name}.json", params={"_shape": "objects"}).json()[
            "rows"
        ]
        for name in QUERIES
    }
    assert [row["gone_at"] for row in found["vanished"]] == ["2024-06-01T00:00:00Z"]
    assert [
        (row["author"], row["replies"]) for row in found["edited_after_replies"]
    ] == [("小雨点", 6)]


def test_the_reply_network_of_a_thread(site: httpx.Client) -> None:
    edges = site.get(
        "/demo/reply_network.csv", params={"forum": 1, "tid": 110}
    ).text.splitlines()
    assert edges == ["source,target,weight", "小雨点,老周修表,1", "老周修表,小雨点,1"]


@pytest.mark.parametrize(
    "table",
    [
        "sites",
        "boards",
        "threads",
        "posts",
        "users",
        "quotes",
        "post_list",
        "thread_list",
        "post_versions",
        "captures",
        "frontier",
        "runs",
        "media",
    ],
)
def test_every_table_is_there_as_json_and_csv(site: httpx.Client, table: str) -> None:
    assert "rows" in site.get(f"/demo/{table}.json").json()
    assert site.get(f"/demo/{table}.csv", params={"_stream": 1}).status_code == 200
    assert re.search(
        r'metadata-description">\s*<p>?\s*\w|metadata-description">\s*\w',
        site.get(f"/demo/{table}").text,
    )


def test_writing_is_refused(site: httpx.Client) -> None:
    assert (
        site.get("/demo.json", params={"sql": "delete from posts"}).status_code == 400
    )


def refused(*arguments: str) -> str:
    """What `serve` says on the standard error, having ended by itself."""
    command = [sys.executable, "-m", "archive", "serve", *arguments]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode in (2, 3, 5), ran
    assert "Traceback" not in ran.stderr
    return ran.stderr


def test_a_missing_file_or_one_of_something_else_is_refused_in_plain_words(
    tmp_path: Path,
) -> None:
    assert "no such file" in refused(str(tmp_path / "none.db"))
    (tmp_path / "text.db").write_text("hello")
    assert "not an archive" in refused(str(tmp_path / "text.db"))
    with sqlite3.connect(tmp_path / "else.db") as conn:
        conn.execute("CREATE TABLE things(x)")
    assert "something else" in refused(str(tmp_path / "else.db"))


def test_a_port_in_use_or_a_foreign_host_is_refused_in_plain_words(
    site: httpx.Client, tmp_path: Path
) -> None:
    make_archive(tmp_path / "forum.db").close()
    path, port = str(tmp_path / "forum.db"), str(site.base_url.port)
    assert f"port {port} is in use" in refused(path, "--port", port)
    assert "cannot listen on 203.0.113.1" in refused(path, "--host", "203.0.113.1")
    assert "99999" in refused(path, "--port", "99999")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_archive_on_a_medium_that_cannot_be_written_is_served(
    tmp_path: Path,
) -> None:
    make_archive(tmp_path / "forum.db").close()
    tmp_path.chmod(0o555)
    try:
        with served(tmp_path / "forum.db") as address:
            assert "试论坛" in httpx.get(f"{address}/", trust_env=False).text
    finally:
        tmp_path.chmod(0o755)


def test_what_cannot_be_read_as_it_is_says_so(tmp_path: Path) -> None:
    conn = make_archive(tmp_path / "forum.db")
    check_unwritable(tmp_path / "forum.db")
    conn.execute("DELETE FROM migrations WHERE name = '005_filters'")
    with pytest.raises(StorageError, match="older discuz-archive"):
        check_unwritable(tmp_path / "forum.db")
    with sqlite3.connect(tmp_path / "else.db") as other:
        other.execute("CREATE TABLE things(x)")
    with pytest.raises(StorageError, match="something else"):
        check_unwritable(tmp_path / "else.db")
