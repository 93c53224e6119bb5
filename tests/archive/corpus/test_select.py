"""Which addresses of a web crawl are worth reading."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command_line import Run

from archive.corpus.address_patterns import PATTERN
from archive.intake.sources import read_captures
from scraper.core.errors import PageError
from scraper.core.site import DEFAULT_SITE
from scraper.parsing import parse_capture

pa = pytest.importorskip("pyarrow")
pc = pytest.importorskip("pyarrow.compute")
pq = pytest.importorskip("pyarrow.parquet")

FORUM = (
    "http://a.cn/forum.php?mod=viewthread&tid=5",
    "http://a.cn/bbs/forum.php?mod=viewthread&action=printable&tid=5",
    "http://a.cn/forum.php",
    "http://a.cn/thread-5-1-1.html",
    "http://a.cn/forum-auto-1.html",
    "http://a.cn/bbs/viewthread.php?tid=5&page=2",
    "http://a.cn/forumdisplay.php?fid=2",
    "http://a.cn/viewthread-5-1.html",
    "http://a.cn/archiver/tid-5.html",
    "http://a.cn/archiver/?tid-5-page-2.html",
    "http://a.cn/archiver/",
    "http://a.cn/index.php?gid=1",
    "http://a.cn/space-uid-5.html",
    "http://a.cn/home.php?mod=space&uid=5",
    "http://a.cn/redirect.php?goto=findpost&pid=5",
    "http://a.cn/wap/index.php?action=thread&tid=5",
    "http://a.cn/api/mobile/index.php?version=4&module=viewthread&tid=5",
    "http://a.cn/misc.php?action=viewratings&tid=1&pid=2",
    "http://A.CN/Forum.php?Mod=viewthread&Tid=5",
)
OTHERS = (
    "http://a.cn/",
    "http://a.cn/index.php",
    "http://a.cn/viewtopic.php?t=5",
    "http://a.cn/showthread.php?tid=5",
    "http://a.cn/read.php?tid=5",
    "http://a.cn/index.php?topic=5.0",
    "http://a.cn/wapiti/index.html",
    "http://a.cn/news/thread-of-life.html",
    "http://a.cn/archive/index.php/t-5.html",
    "http://a.cn/static/image/smiley/1.gif",
    "http://a.cn/robots.txt",
)


@pytest.mark.parametrize("url", FORUM)
def test_addresses_of_discuz_are_found(url: str) -> None:
    assert re.search(PATTERN, url)


@pytest.mark.parametrize("url", OTHERS)
def test_those_of_others_are_not(url: str) -> None:
    assert not re.search(PATTERN, url)


def test_all_engines_understand_the_pattern_alike() -> None:
    urls = [*FORUM, *OTHERS]
    found = pc.match_substring_regex(pa.array(urls), PATTERN).to_pylist()
    assert found == [bool(re.search(PATTERN, url)) for url in urls]


def test_nearly_all_recorded_threads_and_boards_are_found(shared: Path) -> None:
    files = [*shared.glob("pages/*.warc.gz"), *shared.glob("sites/*.warc.gz")]
    all_ = found = 0
    for capture in read_captures(files):
        try:
            page = parse_capture(capture, DEFAULT_SITE)
        except PageError:
            continue
        if page.content.kind in ("thread", "board"):
            all_ += 1
            found += bool(re.search(PATTERN, capture.url))
    assert found / all_ >= 0.99


@pytest.mark.usefixtures("spark_here")
def test_a_columnar_index_becomes_a_list(call: Run, tmp_path: Path) -> None:
    folder = tmp_path / "index" / "subset=warc"
    folder.mkdir(parents=True)
    rows = [
        {
            "url": url,
            "fetch_status": 200 if number else 404,
            "warc_filename": "crawl-data/a.warc.gz",
            "warc_record_offset": number * 10,
            "warc_record_length": 10,
        }
        for number, url in enumerate([*FORUM, *OTHERS, "http://b.cn/forum.php"])
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "part.parquet")
    listed = tmp_path / "list"
    code, said = call("corpus", "select", tmp_path / "index", listed, "--host", "a.cn")
    assert code == 0
    assert f"{len(FORUM) - 1} records" in said  # one was an error
    lines = [json.loads(line) for line in listed.read_text("utf-8").splitlines()]
    assert [line["url"] for line in lines] == list(FORUM[1:])
    assert lines[0] == {
        "filename": "crawl-data/a.warc.gz",
        "offset": 10,
        "length": 10,
        "url": FORUM[1],
    }
