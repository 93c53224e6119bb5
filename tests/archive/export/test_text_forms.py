"""Threads as text and Markdown say all that is known of their posts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from command_line import Run

from tests.archive.export.conftest import WITHHELD


def exported(call: Run, db: Path, name: str, *words: str) -> str:
    """What a file of this form says."""
    target = db.with_name(f"out.{name}")
    code, _ = call("export", db, "--format", name, "--to", target, *words)
    assert code == 0
    return target.read_text("utf-8")


@pytest.mark.parametrize("name", ["txt", "md"])
def test_what_is_gone_and_withheld_is_said(
    forum_db: Path, call: Run, name: str
) -> None:
    said = exported(call, forum_db, name)
    assert "此帖已从论坛消失；最后一次见到是 2024-05-20 08:00" in said
    assert f"论坛隐藏了此帖（被管理员或版主屏蔽）：{WITHHELD}" in said


@pytest.mark.parametrize("name", ["txt", "md"])
def test_posts_stand_in_order_with_what_hangs_on_them(
    forum_db: Path, call: Run, name: str
) -> None:
    said = exported(call, forum_db, name, "--thread", "~1")
    places = [
        said.index(words)
        for words in (
            "1 楼（楼主）",
            "底板.jpg",
            "2 楼（沙发）",
            "先量一下",
            "4 楼（地板）",
        )
    ]
    assert places == sorted(places)
    assert "2024-05-04 00:30" in said  # by the forum's clock
    assert "来自 上海" in said
    assert "\x1b" not in said
    assert "\x00" not in said


def test_quotes_stand_in_text(forum_db: Path, call: Run) -> None:
    assert "> 小雨点：只剩沙沙声\n" in exported(call, forum_db, "txt")


def test_markdown_holds_no_tags_of_strangers(forum_db: Path, call: Run) -> None:
    said = exported(call, forum_db, "md")
    assert "<b>" not in said
    assert "&lt;b>沙沙声" in said
    assert "# 收音机 \\<求助\\>" in said


def test_code_in_markdown_stays_and_ends_with_its_post(
    forum_db: Path, call: Run
) -> None:
    with sqlite3.connect(forum_db) as conn:
        conn.execute(
            "UPDATE posts SET markdown = '```\n#include <stdio.h>' WHERE id = 1"
        )
    conn.close()
    said = exported(call, forum_db, "md")
    assert "```\n#include <stdio.h>\n```\n" in said


def test_the_list_of_a_folder_leads_to_its_files(forum_db: Path, call: Run) -> None:
    target = forum_db.with_name("threads")
    assert call("export", forum_db, "--format", "md", "--to", target)[0] == 0
    contents = (target / "index.md").read_text("utf-8")
    assert "- [收音机 \\<求助\\>](1-thread-1.md)" in contents
    assert "4 个帖子" in contents
