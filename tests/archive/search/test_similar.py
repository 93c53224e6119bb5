"""Copies of a text, words swapped or not, and posts on the same matter; which post a person
means."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from archive_of_posts import Row, make_archive
from hypothesis import given
from hypothesis import strategies as st

from archive.cli import cli, run
from archive.commands._resolve_post import resolve_post
from archive.search.similar import similar
from scraper.core.errors import InputError

ARTICLE = (
    "平台坚持把用户体验放在首位，努力打造好服务、好商品、好内容的健康生态。过去一年，"
    "平台通过提升发货效率、优化售后服务、"
    "升级客服能力等方式改善大家的购物体验。为了让消费者买得放心，"
    "平台加强商家管理和商品质检，严抓质量，管理不规范的经营行为。"
    "与此同时，平台完善了创作者管理规则，开展虚假营销专项整治，有效构建起优质的内容生态。"
)
SWAPPED = {
    "努力": "全力",
    "打造": "创建",
    "提升": "提拔",
    "效率": "时效",
    "优化": "改进",
    "能力": "本领",
    "质检": "致检",
    "管理": "治理",
    "经营": "谋划",
    "构建": "搭建",
    "优质": "上佳",
    "过去": "已往",
    "质量": "风致",
}
SPUN = ARTICLE
for old, new in SWAPPED.items():
    SPUN = SPUN.replace(old, new)
OTHERS = (
    "昨天去爬山，山顶的风很大，带的三明治被松鼠偷走了一半，下山时还迷了路，"
    "好在遇到一位采药的老人。",
    "收音机只剩沙沙声，换了滤波电容以后好多了，调谐指针也能走，就是短波还收不到。",
    "求推荐一款适合老人用的手机，字要大，声音要响，电池要耐用，最好还能一键呼叫。",
)


def archive(*rows: Row) -> sqlite3.Connection:
    return make_archive(":memory:", rows)


def test_a_text_with_its_words_swapped_is_a_copy_wherever_it_stands() -> None:
    conn = archive(
        Row(text=ARTICLE),
        Row(text=SPUN, thread="别处", board="闲聊"),
        *(Row(text=text) for text in OTHERS),
    )
    (found,) = similar(conn, 1)
    assert found.hit.post_id == 2
    assert found.is_copy
    assert 0.2 < found.likeness < 0.8
    assert "【" in found.hit.snippet.marked()
    assert [one.hit.post_id for one in similar(conn, 2)] == [1]


def test_traditional_characters_are_no_difference() -> None:
    conn = archive(
        Row(text="這本絕版書終於修好了，封面換成新的牛皮紙"),
        Row(text="这本绝版书终于修好了，封面换成新的牛皮纸"),
    )
    (found,) = similar(conn, 1)
    assert (found.likeness, found.is_copy) == (1.0, True)


def test_the_same_matter_is_related_and_no_copy() -> None:
    about = (
        "老式收音机的滤波电容漏液了，请问换什么型号的好？家里还有几只旧的电子管可以用。"
    )
    conn = archive(Row(text=OTHERS[1]), Row(text=about), Row(text=OTHERS[0]))
    (found,) = similar(conn, 1)
    assert (found.hit.post_id, found.is_copy) == (2, False)


def test_what_everybody_says_is_like_nothing() -> None:
    conn = archive(*(Row(text="谢谢楼主分享，学习了") for _ in range(150)))
    assert similar(conn, 1) == ()
    assert similar(conn, 999) == ()
    assert similar(archive(Row(text="顶"), Row(text="顶")), 1) == ()


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_text_has_an_answer(texts: list[str]) -> None:
    conn = archive(
        *(Row(text=text.encode("utf-8", "ignore").decode()) for text in texts)
    )
    for post_id in range(1, len(texts) + 1):
        for found in similar(conn, post_id):
            assert 0 <= found.likeness <= 1
            assert found.hit.post_id != post_id
    conn.close()


def test_an_article_that_very_many_copied_has_copies_and_thanks_that_many_say_have_none() -> (
    None
):
    conn = archive(
        *[Row(text=f"{ARTICLE}{number}") for number in range(150)],
        *[Row(text="谢谢楼主分享")] * 150,
    )
    found = similar(conn, 1)
    assert len(found) == 20
    assert all(one.is_copy for one in found)
    assert similar(conn, 151) == ()


def test_the_command_shows_copies_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = tmp_path / "a.db"
    make_archive(
        db,
        [
            Row(text=ARTICLE),
            Row(text=OTHERS[0]),
            Row(text=ARTICLE[:60], thread="转贴"),
            Row(text=SPUN, thread="别处"),
        ],
    ).close()
    assert (
        run(
            lambda: cli.main(["similar", str(db), "1", "--json"], standalone_mode=False)
        )
        == 0
    )
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["pid"], line["copy"]) for line in lines] == [(3, True), (4, True)]
    assert (
        run(
            lambda: cli.main(
                ["similar", str(db), "2", "--copies"], standalone_mode=False
            )
        )
        == 1
    )
    assert "no copy" in capsys.readouterr().err
    assert run(lambda: cli.main(["similar", str(db), "77"], standalone_mode=False)) == 3
    assert "77: no such post" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_command_takes_a_text_that_is_in_no_post(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    db, text = str(tmp_path / "a.db"), tmp_path / "a.txt"
    make_archive(db, [Row(text=ARTICLE), Row(text=OTHERS[0])]).close()
    text.write_bytes(SPUN.encode(encoding))
    assert (
        run(
            lambda: cli.main(
                ["similar", db, "--text", str(text), "--json"], standalone_mode=False
            )
        )
        == 0
    )
    assert [
        json.loads(line)["pid"] for line in capsys.readouterr().out.splitlines()
    ] == [1]
    for wrong in ([], ["1", "--text", str(text)]):
        assert (
            run(lambda: cli.main(["similar", db, *wrong], standalone_mode=False))  # noqa: B023
            == 2
        )
        assert "name one post" in capsys.readouterr().err
    assert (
        run(
            lambda: cli.main(
                ["similar", db, "--text", str(tmp_path / "none.txt")],
                standalone_mode=False,
            )
        )
        == 2
    )


def test_which_post_is_meant() -> None:
    conn = archive(Row(text="一"), Row(text="二"))
    conn.execute(
        "INSERT INTO sites(id, base_url, first_seen_at, last_seen_at) VALUES (2, "
        "'http://b.example/', '', '')"
    )
    conn.execute(
        "INSERT INTO site_addresses VALUES ('bbs.example/', 1, 1), ('b.example/', 2, 1)"
    )
    conn.execute("UPDATE threads SET tid = 7")
    assert resolve_post(conn, "2") == resolve_post(conn, "id:2") == 2
    assert (
        resolve_post(
            conn,
            "https://bbs.example/forum.php?mod=redirect&goto=findpost&ptid=7&pid=2",
        )
        == 2
    )
    assert resolve_post(conn, "http://www.bbs.example/thread-7-1-1.html") == 1
    conn.execute("UPDATE posts SET site_id = 2, pid = 1 WHERE id = 2")
    assert (
        resolve_post(conn, "https://b.example/redirect.php?goto=findpost&ptid=7&pid=1")
        == 2
    )
    for said, why in (
        ("1", "several forums"),
        ("5", "no such post"),
        ("id:9", "no such post"),
        ("某人", "neither"),
        ("http://c.example/thread-7-1-1.html", "no forum"),
        ("9" * 30, "no such post"),
        ("https://bbs.example/forum-3-1.html", "neither"),
    ):
        with pytest.raises(InputError, match=why):
            resolve_post(conn, said)
