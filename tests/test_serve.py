"""The archive in a real Datasette on loopback: descriptions, links between tables, facets, and a search in Chinese."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the demo's archive, served."""
    pytest.importorskip("datasette")
    folder = tmp_path_factory.mktemp("serve")
    subprocess.run([sys.executable, "-m", "archive", "demo", str(folder)], check=True, capture_output=True)
    database = folder / "demo.db"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "archive", "serve", str(database), "--port", str(port)])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as client:
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


@pytest.mark.parametrize("name", ["silent_threads", "most_quoted", "vanished"])
def test_named_queries_answer(site: httpx.Client, name: str) -> None:
    assert site.get(f"/demo/{name}.json").json()["error"] is None


def test_the_reply_network_of_a_thread(site: httpx.Client) -> None:
    assert site.get("/demo/reply_network.json", params={"tid": 1}).status_code == 200


def test_writing_is_refused(site: httpx.Client) -> None:
    assert site.get("/demo.json", params={"sql": "delete from posts"}).status_code == 400
