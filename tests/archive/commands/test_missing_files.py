"""A file, a command, an option that is not there has one answer everywhere, and no command
makes files before its arguments are known to be good."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Run

from archive.cli import cli, run

READERS = (
    ["search", "{db}", "收音机"],
    ["similar", "{db}", "1010"],
    ["stats", "{db}"],
    ["status", "{db}"],
    ["check", "{db}"],
    ["reindex", "{db}"],
    ["reparse", "{db}"],
    ["retry", "{db}"],
    ["serve", "{db}"],
)


@pytest.fixture
def refuse(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: exit code, what it complained of."""

    def refuse(*words: str) -> tuple[int, str]:
        code = run(lambda: cli.main(list(words), standalone_mode=False))
        return code, capsys.readouterr().err

    return refuse


@pytest.mark.parametrize("words", READERS, ids=lambda words: str(words[0]))
def test_a_missing_archive_has_one_answer(
    refuse: Run, tmp_path: Path, words: list[str]
) -> None:
    db = tmp_path / "none.db"
    code, said = refuse(*(word.format(db=db) for word in words))
    assert code == 3
    assert f"{db}: no such file" in said
    assert f"crawl {db} ADDRESS" in said
    assert not list(tmp_path.iterdir())


def test_the_name_that_was_meant(refuse: Run, tmp_path: Path) -> None:
    (tmp_path / "forum.db").touch()
    _, said = refuse("stats", str(tmp_path / "froum.db"))
    assert f"did you mean {tmp_path / 'forum.db'}?" in said
    _, said = refuse("stats", str(tmp_path / "folder" / "forum.db"))
    assert "there is no folder" in said


@pytest.mark.parametrize(
    ("word", "meant"),
    [("serach", "search"), ("statu", "status"), ("injest", "ingest")],
)
def test_a_misspelt_command(refuse: Run, word: str, meant: str) -> None:
    code, said = refuse(word)
    assert code == 2
    assert f"no such command: {word}; did you mean" in said
    assert meant in said


def test_a_word_that_is_like_no_command(refuse: Run) -> None:
    code, said = refuse("天气")
    assert code == 2
    assert "--help` lists them" in said


def test_a_misspelt_option(refuse: Run) -> None:
    code, said = refuse("search", "--odrer", "x")
    assert code == 2
    assert "--order" in said


@pytest.mark.parametrize("command", ["crawl", "watch"])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "give the forum's address"),
        (["ht!tp:/x"], "there is no host 'ht!tp'"),
        (["ftp://bbs.example/"], "they begin with http://"),
        (["http://bbs.example:80a/"], "not an address"),
        (["http://[::1/"], "not an address"),
        (["http:///forum.php"], "there is no host ''"),
        (["bbs..example"], "there is no host 'bbs..example'"),
        (["bbs.example", "--cookies", "{odd}"], "no cookie that can be read"),
        (["bbs.example", "--metrics", "{none}/m.prom"], "there is no folder"),
    ],
)
def test_a_crawl_that_cannot_begin_makes_no_file(
    refuse: Run, tmp_path: Path, command: str, words: list[str], expected: str
) -> None:
    odd = tmp_path / "odd.txt"
    odd.write_text("no cookie\n", encoding="utf-8")
    given = [word.format(odd=odd, none=tmp_path / "none") for word in words]
    code, said = refuse(command, str(tmp_path / "a.db"), *given)
    assert code in (3, 8)
    assert expected in said
    assert list(tmp_path.iterdir()) == [odd]
