"""How much a search of a site reads: of the recorded forum, in a browser that has read nothing
before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from browser import chromium
from static_server import serve_folder

from tests.archive.export.test_site_search import ask, export

QUESTIONS = (
    "早市 豆浆",
    "的",
    "作者:清风",
    "日期:2026",
    "没有这样的词彗星",
    "服务器 罢工 怎么办",
)
"""One of each kind that reads much: two words, a character of most posts, one author's posts,
filters that are read of the posts themselves, words that are proposed, some of the words."""
MOST_REQUESTS = 64
MOST_BYTES = 2_100_000


def test_a_search_reads_little_of_a_whole_forum(shared: Path, tmp_path: Path) -> None:
    db = tmp_path / "forum.db"
    page_file = shared / "sites" / "x35-site.warc.gz"
    command = [sys.executable, "-m", "archive", "ingest", str(db), str(page_file)]
    subprocess.run(command, check=True, capture_output=True)
    root = tmp_path / "site"
    export(db, root)
    (database,) = (root / "search").glob("*.db")
    assert database.stat().st_size > MOST_BYTES
    with chromium() as browser, serve_folder(root) as space:
        for question in QUESTIONS:
            space.answers.clear()
            page = browser.new_page()
            assert ask(page, f"{space.url}search.html?q={question}") == ""
            page.close()
            read = space.of_database()
            assert len(read) <= MOST_REQUESTS, question
            assert sum(each.size_bytes for each in read) <= MOST_BYTES, question
