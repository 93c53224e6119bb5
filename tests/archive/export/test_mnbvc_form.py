"""The corpus has the fields that its own checks ask for; copies are marked, and personal data is
removed and counted."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from archive.export.personal import PersonalData
from archive.schema import open_archive
from tests.archive.export.conftest import WITHHELD
from tests.archive_of_posts import Row, make_archive

mnbvc = pytest.importorskip("archive.export.forms.mnbvc", exc_type=ImportError)


def exported(call: Run, db: Path, *words: str) -> tuple[list[Any], str]:
    """The threads, and what was said."""
    target = db.with_name("corpus.jsonl")
    code, said = call("export", db, "--format", "mnbvc", "--to", target, *words)
    assert code == 0
    lines = target.read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line], said


def test_fields_are_those_of_the_corpus(forum_db: Path, call: Run) -> None:
    threads, _ = exported(call, forum_db)
    for thread in threads:
        assert set(thread) == {"ID", "主题", "来源", "回复", "元数据", "时间"}
        assert isinstance(thread["ID"], int)
        assert date.fromisoformat(thread["时间"])
        assert set(thread["元数据"]) == {"发帖时间", "回复数", "扩展字段"}
        assert isinstance(json.loads(thread["元数据"]["扩展字段"]), dict)
        for reply in thread["回复"]:
            assert set(reply) == {"楼ID", "回复", "扩展字段"}
            assert all(isinstance(value, str) for value in reply.values())

    first = threads[0]
    assert (first["ID"], first["来源"], first["时间"]) == (1, "试论坛", "20240501")
    assert first["元数据"]["发帖时间"] == "20240501 08:00:00"
    assert first["元数据"]["回复数"] == 3
    told = [json.loads(reply["扩展字段"]) for reply in first["回复"]]
    assert told[0]["回复人"] == "小雨点"
    assert (told[1]["引用ID"], told[1]["引用人"]) == ("1", "小雨点")
    assert told[1]["回复时间"] == "20240502 00:00:00"
    assert told[2]["消失时间"] == "20240601 08:00:00"
    assert told[3]["隐藏"] == WITHHELD


def test_near_copies_are_marked(tmp_path: Path, call: Run) -> None:
    words = "".join(
        f"第{number}句说的是收音机的第{number * 7}个零件。" for number in range(99)
    )
    rows = [
        Row(text=words, thread="原帖", opening=True),
        Row(text="完全是别的话，" * 30, thread="别的", opening=True),
        Row(text=words.replace("第50句", "改过"), thread="转载", opening=True),
    ]
    path = tmp_path / "forum.db"
    make_archive(path, rows).close()
    threads, said = exported(call, path)
    marked = [
        json.loads(each["元数据"]["扩展字段"]).get("近似重复") for each in threads
    ]
    assert marked == [None, None, ["试论坛 1"]]
    assert "threads that nearly repeat an earlier one: 1" in said


def test_personal_data_goes_where_it_is_asked(forum_db: Path, call: Run) -> None:
    threads, _ = exported(call, forum_db)
    kept = threads[0]["回复"][2]["回复"]
    assert "someone@example.com" in kept
    assert "13812345678" in kept

    threads, said = exported(call, forum_db, "--no-personal-data")
    assert (
        threads[0]["回复"][2]["回复"] == "谢谢，已经好了。mail: ［邮箱］ 电话［电话］"
    )
    assert "removed: mail addresses: 1" in said
    assert "removed: phone numbers: 1" in said


@pytest.mark.parametrize(
    ("text", "expected", "kind"),
    [
        ("信 a.b+c@mail.example.cn。", "信 ［邮箱］。", "mail addresses"),
        ("ＡＢ１２＠ｅｘａｍｐｌｅ．ｃｏｍ！", "［邮箱］！", "mail addresses"),
        ("me (at) example.com", "［邮箱］", "mail addresses"),
        ("打138 1234 5678找我", "打［电话］找我", "phone numbers"),
        ("+86-13912345678", "［电话］", "phone numbers"),
        ("１３８１２３４５６７８", "［电话］", "phone numbers"),
        ("电话010-62345678", "电话［电话］", "phone numbers"),
        ("(0571)8765432", "［电话］", "phone numbers"),
        ("400-820-8820", "［电话］", "phone numbers"),
        ("加QQ：12345678聊", "加QQ：［QQ］聊", "QQ numbers"),
        ("q群 54321", "q群 ［QQ］", "QQ numbers"),
        ("扣扣号是10001", "扣扣号是［QQ］", "QQ numbers"),
        ("微信号: abc_12345", "微信号: ［微信］", "WeChat names"),
        ("11010519491231002X。", "［身份证号］。", "identity numbers"),
        ("证110105491231002", "证［身份证号］", "identity numbers"),
        ("单号1234567890123", "单号［数字］", "other numbers of eight digits and more"),
    ],
)
def test_what_is_personal(text: str, expected: str, kind: str) -> None:
    personal = PersonalData()
    assert personal.without(text) == expected
    assert dict(personal.removed) == {kind: 1}


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01 08:00",
        "RTX4090",
        "价1234567元",
        "a@b",
        "@张三 你好",
        "iqq 1",
        "第110楼",
    ],
)
def test_what_is_not(text: str) -> None:
    personal = PersonalData()
    assert personal.without(text) == text
    assert not personal.removed


def test_a_folder_has_files_of_a_size_and_a_report(
    forum_db: Path, call: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mnbvc, "_FILE_BYTES", 10)
    target = forum_db.with_name("corpus")
    words = ("--no-personal-data",)
    code, _ = call("export", forum_db, "--format", "mnbvc", "--to", target, *words)
    assert code == 0
    names = sorted(path.name for path in target.glob("*.jsonl"))
    assert names == ["forum-0001.jsonl", "forum-0002.jsonl", "forum-0003.jsonl"]
    report = json.loads((target / "report.json").read_text("utf-8"))
    assert report == {
        "threads": 3,
        "posts": 6,
        "near_copies": 0,
        "personal_data_removed": {"mail addresses": 1, "phone numbers": 1},
    }


def test_a_thread_without_a_number_is_told_by_its_row(
    forum_db: Path, call: Run
) -> None:
    archive = open_archive(forum_db)
    archive.conn.execute("UPDATE threads SET tid = NULL WHERE id = 2")
    archive.close()
    threads, _ = exported(call, forum_db, "--thread", "~2")
    assert [thread["ID"] for thread in threads] == [-2]
    assert threads[0]["回复"][0]["楼ID"] == "row5"
