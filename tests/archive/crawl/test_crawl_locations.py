"""A crawl keeps where each post was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from crawling import Runner
from fake_forum.generate import generated
from fake_forum.model import Words
from fake_forum.server import serve


@pytest.mark.parametrize("label", ["", "IP归属地:"])
def test_the_location_of_every_post_is_stored(tmp_path: Path, label: str) -> None:
    forum = generated(boards=1, threads=3, replies=12, locations=True)
    runner = Runner(tmp_path / "forum.db")
    with serve(forum, location_label=label) as site:
        runner.run(site.url)
        reply = forum.reply(1, forum.users[2], Words("换了地方再说一句"))
        reply.location = "新疆"
        runner.run(site.url)

    stored = dict(runner.rows("SELECT pid, location FROM posts"))
    printed = {post.pid: post.location for _, post in forum.posts()}
    assert stored == printed
    assert stored[reply.pid] == "新疆"
