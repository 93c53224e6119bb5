"""`discuz-archive stats` says what an archive holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import cli
from tests.archive_of_posts import Row, insert, make_archive


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A forum of three posts: one withheld, one gone, one with an older version."""
    path = tmp_path / "forum.db"
    posts = [Row(floor=floor, posted_at=f"2024-05-0{floor}") for floor in (1, 2, 3)]
    conn = make_archive(path, posts)
    conn.execute("UPDATE posts SET withheld = '提示' WHERE id = 1")
    conn.execute("UPDATE posts SET gone_at = '2024-06-01' WHERE id = 2")
    for number in range(5):  # their own numbers are those of other posts, too
        insert(conn, "post_versions", post_id=3, text=f"第{number}版")
    conn.close()
    return path


def output(*arguments: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(cli, ["stats", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_numbers_of_each_forum(database: Path) -> None:
    (forum,) = json.loads(output(str(database), "--json"))["forums"]
    assert forum["forum"] == "试论坛"
    assert (forum["boards"], forum["threads"], forum["posts"]) == (1, 1, 3)
    assert (forum["withheld"], forum["gone"], forum["versions"]) == (1, 1, 5)
    assert (forum["oldest"], forum["newest"]) == ("2024-05-01", "2024-05-03")


def test_sizes_of_the_files(database: Path) -> None:
    said = json.loads(output(str(database), "--json"))
    assert said["db_bytes"] == database.stat().st_size
    assert (said["captures"], said["captures_by_outcome"], said["warc_bytes"]) == (
        0,
        {},
        0,
    )


def test_words_leave_out_what_is_not_there(database: Path) -> None:
    lines = output(str(database)).splitlines()
    assert lines[0] == "试论坛 (https://bbs.example/)"
    assert "  posts: 3" in lines
    assert "  versions: 5" in lines
    assert not any(line.startswith("  captures") for line in lines)
    assert lines[-1].startswith("0 captures; ")


def test_an_empty_archive(tmp_path: Path) -> None:
    conn = make_archive(tmp_path / "empty.db")
    conn.execute("DELETE FROM sites")
    conn.close()
    assert output(str(tmp_path / "empty.db")) == "the archive is empty\n"
