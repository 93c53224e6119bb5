"""Names that mean something where they stand: files with `#`, `?` and `%`, and words that XML
cannot hold."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

pytest.importorskip("datasette")
from browser import served

from tests.archive_of_posts import Row, make_archive
from tests.web_client import pages_of

FORBIDDEN = ("\x00", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff", "\x1b[31m")
"""In no XML document; the first ends a text in SQLite."""


@pytest.mark.parametrize(
    "name",
    [
        "a#b",
        "a?b",
        "a?mode=rwc&x",
        "100%41",
        "a%2Fb",
        "my.forum",
        "论坛 1",
        "a~b",
        "a+b",
    ],
)
def test_a_file_of_any_name_is_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    path = folder / f"{name}.db"
    make_archive(path, [Row(text="一只猫", floor=1, opening=True)]).close()
    files = {each.name for each in tmp_path.iterdir()}
    with (
        served(path) as address,
        httpx.Client(
            base_url=address, timeout=60, trust_env=False, follow_redirects=True
        ) as client,
    ):
        home = client.get("/").text
        assert "数码" in home
        assert "一只猫" in client.get("/f/1/thread/~1").text
        data = re.search(r'<a href="(/[^"]+)">[^<]*</a>\s*</nav>', home)
        assert data
        assert "post_list" in client.get(data[1]).text
        rows = client.get(f"{data[1]}.json", params={"sql": "select text from posts"})
        assert rows.json()["rows"] == [["一只猫"]]
        assert "一只猫" in client.get(f"{data[1]}/posts.csv").text
    assert {each.name for each in tmp_path.iterdir()} == files


@pytest.mark.parametrize("odd", FORBIDDEN, ids=ascii)
def test_feeds_and_pictures_stay_xml(tmp_path: Path, odd: str) -> None:
    path = tmp_path / "odd.db"
    word = f"猫{odd}<&]]>\"'"
    conn = make_archive(
        path,
        [
            Row(
                text=f"猫 {word}",
                subject=word,
                thread=word,
                board=word,
                author=word,
                floor=1,
                opening=True,
            )
        ],
    )
    conn.execute("UPDATE sites SET name = ?", (word,))
    conn.commit()
    conn.close()
    pages = pages_of(path)
    feed = pages.get("/search.atom", params={"q": f"猫 {odd}"})
    assert feed.status_code == 200
    entry = ElementTree.fromstring(feed.content)
    assert "猫" in "".join(entry.itertext())
    for picture in ("months", "boards", "authors", "hours"):
        drawn = pages.get(f"/pictures/{picture}.svg", params={"site": "1"})
        assert drawn.status_code == 200
        ElementTree.fromstring(drawn.content)
