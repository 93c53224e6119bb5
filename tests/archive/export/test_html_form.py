"""A thread as one HTML file: cleaned, its pictures inside, and nothing is loaded."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from attacks import ALL
from browser import chromium
from command_line import Run

from archive.schema import open_archive
from archive.warc.captures import warc_folder
from tests.archive.export.conftest import PICTURE, WITHHELD

DATA = re.compile(r'<img class="picture" alt="" src="data:image/png;base64,([^"]+)">')


def exported(call: Run, db: Path, *words: str) -> tuple[str, str]:
    """What the file says, and what the command said."""
    target = db.with_name("out.html")
    code, said = call("export", db, "--format", "html", "--to", target, *words)
    assert code == 0
    return target.read_text("utf-8"), said


def test_pictures_are_inside_and_links_lead_on(pictured_db: Path, call: Run) -> None:
    page, said = exported(call, pictured_db)
    (picture,) = DATA.findall(page)
    assert base64.b64decode(picture) == PICTURE
    assert "pictures: 1" in said
    assert '<a href="#p2"' in page
    assert 'id="p2"' in page
    assert "https://bbs.example/forum.php?mod=viewthread&amp;tid=2" in page
    assert "https://img.example/away.png" in page
    assert '"/f/' not in page
    assert "/-/media/" not in page


def test_nothing_of_a_strangers_runs(pictured_db: Path, call: Run) -> None:
    page, _ = exported(call, pictured_db)
    assert "alert(" not in page
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_what_is_gone_and_withheld_is_said(forum_db: Path, call: Run) -> None:
    page, _ = exported(call, forum_db)
    assert "此帖已从论坛消失" in page
    assert WITHHELD in page
    assert "收音机 &lt;求助&gt;" in page


def test_a_lost_picture_is_told(pictured_db: Path, call: Run) -> None:
    archive = open_archive(pictured_db)
    shutil.rmtree(warc_folder(archive.conn))
    archive.close()
    page, said = exported(call, pictured_db)
    assert "图片已丢失" in page
    assert "pictures whose WARC record is lost, or that are none: 1" in said


def test_a_browser_shows_it_and_asks_for_nothing(pictured_db: Path, call: Run) -> None:
    archive = open_archive(pictured_db)
    attacks = "".join(ALL)
    archive.conn.execute("UPDATE posts SET html = html || ? WHERE id = 1", (attacks,))
    archive.close()
    exported(call, pictured_db)
    with chromium() as browser:
        page: Any = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda _: pytest.fail("a script ran"))
        address = pictured_db.with_name("out.html").as_uri()
        page.goto(address)
        widths = page.eval_on_selector_all(
            "img", "all => all.map(each => each.naturalWidth)"
        )
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert 1 in widths
