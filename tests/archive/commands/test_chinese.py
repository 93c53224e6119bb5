"""What is said to who reads Chinese: nothing is missing, nothing of strangers' is turned."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import ROOT
from hypothesis import given
from hypothesis import strategies as st
from said_sentences import PLACE, helps, printed

from archive.commands import _chinese
from archive.commands._chinese import CATALOGUE, translated
from archive.commands._help import broken
from archive.languages import LANGUAGE_VARIABLE

SENTENCES: dict[str, str] = json.loads(CATALOGUE.read_text("utf-8"))


@pytest.fixture
def chinese() -> Iterator[None]:
    _chinese.choose("zh")
    yield
    _chinese.choose(None)


def test_every_help_text_is_in_the_catalogue() -> None:
    missing = [text for text in helps() if text.strip() and text not in SENTENCES]
    assert not missing, "say these in archive/commands/chinese.json"


def test_everything_printed_is_in_the_catalogue() -> None:
    missing = [each for each in printed() if each[1] not in SENTENCES]
    assert not missing, "say these in archive/commands/chinese.json"


@pytest.mark.parametrize("english", SENTENCES, ids=range(len(SENTENCES)))
def test_a_sentence_keeps_its_places(english: str) -> None:
    chinese = SENTENCES[english]
    assert set(PLACE.findall(chinese)) == set(PLACE.findall(english))
    assert chinese.startswith("\b\n") == english.startswith("\b\n")


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("the archive is empty", "存档是空的"),
        (
            "error: a b.db: no such file; did you mean a.db?",
            "错误：a b.db：没有这个文件；是不是 a.db？",
        ),
        ("  stopped: challenge", "  已停止：challenge"),
        ("error: something new", "错误：something new"),
        ("something new", "something new"),
        ("收音机: the archive", "收音机: the archive"),
        ("the archive is empty\n收音机", "存档是空的\n收音机"),
        ('{"error": "the archive is empty"}', '{"error": "the archive is empty"}'),
        ("", ""),
        ("12 pages", "12 页"),
        ("he walked for days", "he walked for days"),
        ("2024\t老王\t等了 3 days", "2024\t老王\t等了 3 days"),
        ("2024\terror: x", "2024\terror: x"),
    ],
)
def test_a_sentence_is_turned(said: str, turned: str) -> None:
    assert translated(said) == turned


@pytest.mark.usefixtures("chinese")
@given(st.text(alphabet=st.sampled_from("收音机 a1,。!?\n<>{}[]\\*+("), max_size=200))
def test_words_of_strangers_stay(text: str) -> None:
    assert translated(text) == text


@given(
    st.text(alphabet=st.sampled_from("收音机，。“”（） abc-d/"), max_size=300),
    st.integers(10, 60),
)
def test_lines_are_broken_where_chinese_is(text: str, width: int) -> None:
    lines = broken(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        columns = sum(
            2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line
        )
        is_one_word = " " not in line.strip()
        assert columns <= width or is_one_word
        assert line == line.rstrip()


def said(
    folder: Path, *words: str, env: dict[str, str] | None = None
) -> tuple[int, str]:
    """What the program prints, in an environment with nothing but this."""
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "archive", *words],
        cwd=folder,
        env={
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "HOME": str(folder),
            **(env or {}),
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("env", "word"),
    [
        ({}, "Commands"),
        ({"LANG": "zh_CN.UTF-8"}, "打印存下的网页"),
        ({"LANG": "zh_TW.UTF-8"}, "列印存下的網頁"),
        ({"LANG": "zh_Hant_HK"}, "列印存下的網頁"),
        ({"LC_ALL": "zh_CN.GBK@x", "LANG": "de_DE"}, "打印存下的网页"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "Commands"),
        ({"LANGUAGE": "zh_CN:en", "LANG": "en_US.UTF-8"}, "打印存下的网页"),
        ({"LANG": "de_DE.UTF-8"}, "Commands"),
        ({LANGUAGE_VARIABLE: "en", "LANG": "zh_CN.UTF-8"}, "Commands"),
        ({LANGUAGE_VARIABLE: "zh"}, "打印存下的网页"),
    ],
    ids=str,
)
def test_by_the_systems_language(
    tmp_path: Path, env: dict[str, str], word: str
) -> None:
    code, text = said(tmp_path, "--help", env=env)
    assert code == 0
    assert word in text


def test_by_an_option_before_and_behind(tmp_path: Path) -> None:
    chinese = {"LANG": "zh_CN.UTF-8"}
    for words in (["--lang", "en", "stats", "--help"], ["stats", "--lang", "en", "-h"]):
        _, text = said(tmp_path, *words, env=chinese)
        assert "Say what the archive DB holds" in text
    for words in (["--lang", "zh", "stats", "--help"], ["stats", "--lang", "zh", "-h"]):
        _, text = said(tmp_path, *words)
        assert "说明存档 DB 里有什么" in text


def test_a_newcomers_walk(tmp_path: Path) -> None:
    """Mistakes, the demo, its statistics: sentences are Chinese, addresses and words stay."""
    chinese = {"LANG": "zh_CN.UTF-8"}
    code, text = said(tmp_path, "serach", "a.db", env=chinese)
    assert (code, "没有这个命令" in text) == (2, True)
    code, text = said(tmp_path, "crawl", "a.db", "x", "--dely", "3", env=chinese)
    assert (code, "没有选项" in text, "--delay" in text) == (2, True, True)
    code, text = said(tmp_path, "crawl", "a.db", "x", "--delay", "y", env=chinese)
    assert (code, "不是数" in text) == (2, True)
    code, text = said(tmp_path, "stats", "a.db", env=chinese)
    assert (code, "没有这个文件" in text) == (3, True)
    assert list(tmp_path.iterdir()) == []

    code, text = said(tmp_path, "demo", "d", env=chinese)
    assert code == 0
    assert "两个虚构的论坛" in text
    assert "新帖" in text
    assert "现在可以试试" in text
    code, text = said(tmp_path, "search", "d/demo.db", "收音机", env=chinese)
    assert code == 0
    assert "红灯" in text
    code, json_text = said(tmp_path, "stats", "d/demo.db", "--json", env=chinese)
    assert json_text == said(tmp_path, "stats", "d/demo.db", "--json")[1]


def test_help_costs_who_reads_english_no_catalogue() -> None:
    code = (
        "import sys; from archive.cli import cli; "
        "cli.main(['--help'], standalone_mode=False); "
        "sys.exit('json' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, LANGUAGE_VARIABLE: "en"},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert ran.returncode == 0
