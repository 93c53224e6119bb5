"""Words of strangers reach terminals and tables without control characters and formulas."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import archive.commands
from archive.commands._saying import say_json
from archive.plain import cell, plain

COMMANDS = Path(archive.commands.__file__).parent


@pytest.mark.parametrize(
    "control", ["\x1b]0;pwned\x07", "\x1b[31m", "\x9b31m", "\x7f", "\b", "\r", "\u202e"]
)
def test_no_control_character_is_said(
    control: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = plain(f"抱歉，{control}您没有权限")
    assert said.isprintable()
    say_json(json.dumps({"名": control}, ensure_ascii=False))
    line = capsys.readouterr().out
    assert line.strip().isprintable()
    assert json.loads(line) == {"名": control}


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(1+1)", "-2+3", "\t=1", " =1", "＝1"]
)
def test_formulas_are_defused(text: str) -> None:
    assert str(cell(text)).startswith("'")


@pytest.mark.parametrize("value", ["外婆", "a=b", "1-2", "", 7, -7, None, True])
def test_other_cells_stay(value: object) -> None:
    assert cell(value) == value


def test_commands_print_by_no_other_way() -> None:
    for file in COMMANDS.glob("*.py"):
        if file.name in ("_saying.py", "serve.py"):
            continue
        assert not re.search(
            r"click\.echo\(|(?<!\.)\bprint\(", file.read_text("utf-8")
        ), file
