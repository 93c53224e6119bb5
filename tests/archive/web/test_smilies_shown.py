"""Smilies in the pages: the forum's own picture where it is kept, else what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import Runner
from fake_forum.dressing import dress
from fake_forum.server import Running, serve
from fake_forum.story import qingshi
from web_client import pages_of

from archive.web.message import MessageContext, render_message
from archive.web.smilies import meaning_of

WITH_SMILIES = "SELECT thread_id FROM posts WHERE html LIKE '%smilieid=%' LIMIT 1"
TID = "SELECT tid FROM threads WHERE id = ?"
SHOWN = re.compile(r'<img class="smiley" src="(/-/media/\d+)" alt="([^"]*)">')
MEANT = re.compile(r'<span class="smiley">([^<]+)</span>')


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(qingshi()) as running:
        dress(running.site)
        yield running


def test_the_kept_picture_is_shown(site: Running, tmp_path: Path) -> None:
    runner = Runner(tmp_path / "forum.db")
    runner.run(site.url, requisites=True)
    ((thread_id,),) = runner.rows(WITH_SMILIES)
    ((tid,),) = runner.rows(TID, thread_id)
    pages = pages_of(runner.path)
    shown = SHOWN.findall(pages.at_last(f"/f/1/thread/{tid}").text)
    assert shown
    for address, code in shown:
        assert code
        answer = pages.get(address)
        assert answer.headers["content-type"] == "image/png"
        assert b"static/image/smiley/" in answer.content


def test_else_its_meaning(site: Running, tmp_path: Path) -> None:
    runner = Runner(tmp_path / "forum.db")
    runner.run(site.url)
    ((thread_id,),) = runner.rows(WITH_SMILIES)
    ((tid,),) = runner.rows(TID, thread_id)
    text = pages_of(runner.path).at_last(f"/f/1/thread/{tid}").text
    assert SHOWN.findall(text) == []
    meant = MEANT.findall(text)
    assert meant
    assert not [each for each in meant if each.startswith(":")]


@pytest.mark.parametrize(
    ("smiley", "meaning"),
    [
        ('<img src="static/image/smiley/default/lol.gif" smilieid="12" alt="">', "😂"),
        ('<img src="images/smilies/default/victory.gif" smilieid="20">', "✌️"),
        ('<img src="images/smilies/default/sad.gif" alt=":(" smilieid="2">', "🙁"),
        ('<img src="./Page_files/lol(1).gif" smilieid="12">', "😂"),
        ('<img src="static/image/smiley/own/cat.gif" alt="{:4_9:}">', "{:4_9:}"),
        ('<img src="static/image/smiley/coolmonkey/01.gif" smilieid="41">', "{:2_41:}"),
    ],
)
def test_meanings_of_all_generations(smiley: str, meaning: str) -> None:
    context = MessageContext(link=str, picture=lambda address: ("", address))
    shown = str(render_message(f"好{smiley}", context))
    assert shown == f'好<span class="smiley">{meaning}</span>'


def test_a_code_of_a_set_of_the_forums_own_is_its_code() -> None:
    assert meaning_of(":tieba:") == ":tieba:"
