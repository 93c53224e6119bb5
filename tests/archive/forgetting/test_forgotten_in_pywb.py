"""WARC files from which something was forgotten, as pywb replays them: what is left of a page
is there, and nothing of what was forgotten."""

from __future__ import annotations

from pathlib import Path

import httpx
from crawling import Runner
from forgetting import Crawled, forget
from pywb_server import program, pywb

QUOTED = "先别拆。量一下B+电压"
OTHERS = "外公的眼光真好"


def replayed(collection: str, url: str) -> httpx.Response:
    """A page as it was captured, without what pywb adds."""
    return httpx.get(
        f"{collection}20240101id_/{url}", follow_redirects=True, timeout=60
    )


def test_a_page_without_a_forgotten_post(
    runner: Runner, crawled: Crawled, tmp_path: Path
) -> None:
    program("wayback")
    url = f"{crawled.site.url}forum.php?mod=viewthread&tid=110"
    board = f"{crawled.site.url}forum.php?mod=forumdisplay&fid=5"
    warcs = runner.path.with_suffix(".warc")
    with pywb(tmp_path / "before", warcs) as collection:
        before = replayed(collection, url)
        assert before.status_code == 200
        assert QUOTED in before.text
        assert OTHERS in before.text
    forget(runner.path, "post", 1011)
    with pywb(tmp_path / "after", warcs) as collection:
        after = replayed(collection, url)
        assert after.status_code == 200
        assert QUOTED not in after.text
        assert OTHERS in after.text
        untouched = replayed(collection, board)
        assert untouched.status_code == 200


def test_a_thread_that_was_forgotten(
    runner: Runner, crawled: Crawled, tmp_path: Path
) -> None:
    program("wayback")
    url = f"{crawled.site.url}forum.php?mod=viewthread&tid=110"
    forget(runner.path, "thread", 110)
    with pywb(tmp_path / "after", runner.path.with_suffix(".warc")) as collection:
        after = replayed(collection, url)
        assert QUOTED not in after.text
        assert OTHERS not in after.text
