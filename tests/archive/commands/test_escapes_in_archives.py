"""An archive full of escapes: no command lets a control character of a page's through to a
terminal, a table, or a pipe."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import cli
from archive.schema import open_to_read

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
ESCAPES = "\x1b]0;pwned\x07\x1b]8;;http://a.example\x1b\\\x1b[31m\x9b31m\x08\x7f\r\u202e\u2066"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_TEXT = re.compile(r">([^<>\s][^<>]*)<")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages with escapes in every text that begins with Chinese, and their archive."""
    folder = tmp_path_factory.mktemp("escapes")
    pages = folder / "pages"
    pages.mkdir()
    for pair in sorted(FIXTURES.rglob("*.json")):
        page = pair.with_suffix(".html")
        if not page.is_file():
            continue
        url = json.loads(pair.read_text("utf-8"))["capture"]["url"]
        comment = f"<!-- saved from url=({len(url):04}){url} -->\n"
        text = page.read_bytes().decode("utf-8", "ignore")
        spoiled = comment + _TEXT.sub(_spoiled, text)
        copy = pages / f"{pair.parent.name}-{page.name}"
        copy.write_text(spoiled, "utf-8", newline="")
    run(["ingest", str(folder / "forum.db"), str(pages)])
    return folder


def _spoiled(found: re.Match[str]) -> str:
    words = found[1]
    is_chinese = words[0] > "\u2e80"
    return f">{words[0]}{ESCAPES}{words[1:]}<" if is_chinese else found[0]


def run(arguments: list[str]) -> str:
    """All that a command says, on both streams."""
    result = CliRunner().invoke(cli, arguments)
    return result.stdout + result.stderr


@pytest.mark.parametrize(
    "command",
    [
        "status DB",
        "search DB 的",
        "search DB 的 --csv",
        "search DB 的 --json",
        "search DB 的 --urls",
        "search DB 的 --explain",
        "search DB 作者:没有",
        "stats DB",
        "stats DB --json",
        "similar DB 1010",
        "doctor PAGES",
        "doctor PAGES --json",
        "parse PAGES",
        "check DB",
        "check DB --full",
        "schedule DB",
        "retry DB",
        "reindex DB",
        "reparse DB",
        "ingest DB PAGES",
    ],
)
def test_no_control_character_is_said(folder: Path, command: str) -> None:
    places = {"DB": str(folder / "forum.db"), "PAGES": str(folder / "pages")}
    said = run([places.get(word, word) for word in command.split()])
    assert said
    assert CONTROLS.findall(said.replace("\r\n", "\n")) == []


def test_escapes_are_in_the_archive_and_in_json(folder: Path) -> None:
    with closing(open_to_read(folder / "forum.db")) as conn:
        for sql in (
            "SELECT count(*) FROM posts WHERE instr(text, char(27))",
            "SELECT count(*) FROM threads WHERE instr(title, char(27))",
            "SELECT count(*) FROM posts WHERE instr(author, char(27))",
        ):
            (count,) = conn.execute(sql).fetchone()
            assert count, sql
    assert "\\u001b" in run(["parse", str(folder / "pages")])
