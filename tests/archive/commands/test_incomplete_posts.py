"""Posts with more ratings or comments than are kept, as `crawl` and `status` tell of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.server import serve
from fake_forum.site import ROBOTS

from archive.cli import cli

OPEN_ROBOTS = b"User-agent: *\nDisallow:\n"
TOLD = "1 posts have more ratings or comments than are kept"


def call(*words: object) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def forum() -> Forum:
    """A forum of one thread whose first post has more comments than its page shows."""
    forum = generated(boards=1, threads=1, replies=1)
    for number in range(7):
        forum.comment(forum.threads[1].first.pid, forum.users[0], f"第{number}句")
    return forum


@pytest.mark.parametrize(
    ("robots", "posts"), [(ROBOTS, 1), (OPEN_ROBOTS, 0)], ids=["forbidden", "allowed"]
)
def test_a_crawl_says_how_many(
    tmp_path: Path, forum: Forum, robots: bytes, posts: int
) -> None:
    db, metrics = tmp_path / "forum.db", tmp_path / "crawl.prom"
    with serve(forum) as site:
        site.site.robots = robots
        crawl = ("crawl", db, site.url, "--delay", 0)
        told = json.loads(call(*crawl, "--json", "--metrics", metrics))
        summary = call(*crawl)
    assert [report["incomplete_posts"] for report in told["forums"]] == [posts]
    assert (
        f"discuz_archive_incomplete_posts{{forum={json.dumps(site.url)}}} {posts}"
        in (metrics.read_text("utf-8"))
    )
    assert (TOLD in summary) == bool(posts)
    status = json.loads(call("status", db, "--json"))
    assert status["incomplete_posts"] == posts
    assert (TOLD in call("status", db)) == bool(posts)
