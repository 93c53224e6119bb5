"""Pages of a guest and of a member in one archive, in any order, read once and again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from desktop_markup import X, words, x_post

from archive.cli import cli, run

Run = Callable[..., str]
TEXT_AND_WORDS = "SELECT text, html FROM posts"
ADDRESS = "http://bbs.example.com/forum.php?mod=viewthread&tid=5"
MEMBER = f"<script>var discuz_uid = '8';</script>{X}"
GUEST = f"<script>var discuz_uid = '0';</script>{X}"
NO_FILES = (
    '<div class="attach_nopermission attach_tips"><div><h3>本帖子中包含更多资源</h3>'
    '<p>您需要 <a href="member.php?mod=logging&amp;action=login">登录</a> 才可以下载或查看'
    "</p></div></div>"
)
OLD_NO_FILES = (
    '<div class="locked">附件: <em>您所在的用户组无法下载或查看附件</em></div>'
)
PICTURE = (
    '图前<ignore_js_op><img id="aimg_9" aid="9" src="static/image/common/none.gif" '
    'file="data/attachment/forum/a.png" class="zoom" inpost="1"></ignore_js_op>图后'
)
PRICE = (
    '<div class="locked"><em class="y"><a href="forum.php?mod=misc&amp;'
    'action=viewpayments&amp;tid=5">记录</a></em>付费主题, 价格: <strong>20 金钱 '
    "</strong></div>"
)
NOT_PAID = (
    '<div class="locked"><a href="forum.php?mod=misc&amp;action=pay&amp;tid=5" '
    'class="y viewpay">购买主题</a>本主题需向作者支付 <strong>20 金钱</strong> 才能浏览</div>'
)
FILE = (
    '<dl class="tattl"><dt></dt><dd><p class="attnm"><a href="forum.php?mod=attachment'
    '&amp;aid=NDJ8" id="aid42">清单.zip</a></p><p>12.3 KB, 下载次数: 4</p></dd></dl>'
)
SHOWN = '<div class="showhide"><h4>本帖隐藏的内容</h4>藏着的话</div>'
HIDDEN = '<div class="locked">如果您要查看本帖隐藏内容请<a href="#">回复</a></div>'
FREE = '<div class="quote"><blockquote>免费的话</blockquote></div>'
KINDS = {
    "picture": (words(7, PICTURE), words(7, "图前图后") + NO_FILES),
    "picture of old": (words(7, PICTURE), words(7, "图前图后") + OLD_NO_FILES),
    "picture in silence": (words(7, PICTURE), words(7, "图前图后")),
    "paid": (
        PRICE + words(7, f"{FREE}付费的话甲乙丙丁"),
        f'<div id="postmessage_7" class="t_f">免费的话<br></div>{NOT_PAID}',
    ),
    "hidden": (words(7, f"头{SHOWN}尾"), words(7, f"头{HIDDEN}尾")),
    "file": (words(7, "话") + FILE, words(7, "话") + NO_FILES),
}
"""The body of a post as a member sees it, and as a guest does."""


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the archive; what it printed."""

    def call(command: str, *files: Path) -> str:
        line = [command, str(tmp_path / "a.db"), *map(str, files)]
        assert run(lambda: cli.main(line, standalone_mode=False)) == 0
        return capsys.readouterr().out

    return call


def saved(folder: Path, name: str, reader: str, body: str, day: int) -> Path:
    """A page in a file that is as old as that day of June 2024."""
    file = folder / f"{name}.html"
    head = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>题 - 版 - 坛 - Powered '
        f'by Discuz!</title><link href="{ADDRESS}" rel="canonical"></head>'
    )
    file.write_text(f"{head}{reader}{x_post(7, body)}</body></html>", encoding="utf-8")
    at_s = 1_717_200_000 + day * 86_400
    os.utime(file, (at_s, at_s))
    return file


def everything(ask: Callable[[str], list[tuple[object, ...]]]) -> list[object]:
    return [
        ask(TEXT_AND_WORDS),
        ask("SELECT url FROM images"),
        ask("SELECT aid, name FROM attachments"),
        ask("SELECT text FROM quotes"),
        ask("SELECT text FROM post_versions"),
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("member_comes_first", [True, False])
@pytest.mark.parametrize("member_is_older", [True, False])
def test_the_members_view_stays_in_any_order(
    tmp_path: Path,
    call: Run,
    ask: Callable[[str], list[tuple[object, ...]]],
    kind: str,
    member_comes_first: bool,
    member_is_older: bool,
) -> None:
    members, guests = KINDS[kind]
    days = (1, 2) if member_is_older else (2, 1)
    member = saved(tmp_path, "member", MEMBER, members, days[0])
    guest = saved(tmp_path, "guest", GUEST, guests, days[1])
    call("ingest", member)
    alone = everything(ask)
    (tmp_path / "a.db").unlink()

    files = (member, guest) if member_comes_first else (guest, member)
    for file in files:
        call("ingest", file)
    assert everything(ask) == alone
    call("reparse")
    assert everything(ask) == alone
    assert "0 changed" in call("reparse")
    again = saved(tmp_path, "again", GUEST, guests, 3)
    call("ingest", again)
    assert everything(ask) == alone


def test_what_is_told_of_a_member_who_takes_a_picture_out(
    tmp_path: Path, call: Run, ask: Callable[[str], list[tuple[object, ...]]]
) -> None:
    members, guests = KINDS["picture"]
    call("ingest", saved(tmp_path, "one", MEMBER, members, 1))
    call("ingest", saved(tmp_path, "two", GUEST, guests, 2))
    call("ingest", saved(tmp_path, "three", MEMBER, words(7, "图前图后"), 3))
    for _ in range(2):
        assert ask("SELECT count(*) FROM images") == [(0,)]
        assert ask("SELECT count(*) FROM attachments") == [(0,)]
        assert ask("SELECT html FROM posts") == [("图前图后",)]
        assert ask("SELECT html FROM post_versions") == [(PICTURE,)]
        call("reparse")


@pytest.mark.parametrize("kind", ["paid", "picture"])
@pytest.mark.parametrize("order", [("1-member", "2-guest"), ("2-guest", "1-member")])
def test_pages_of_a_guest_and_a_member(
    shared: Path,
    call: Run,
    ask: Callable[[str], list[tuple[object, ...]]],
    kind: str,
    order: tuple[str, str],
) -> None:
    folder = shared / "cases" / "intake" / "guest-after-member"
    for name in order:
        call("ingest", folder / f"{name}-{kind}.html")
    assert ask("SELECT count(*) FROM post_versions") == [(0,)]
    ((text, html),) = ask(TEXT_AND_WORDS)
    if kind == "paid":
        assert "付费的话甲乙丙丁" in str(text)
        assert "免费的话" in str(text)
    else:
        assert "a.png" in str(html)
        assert len(ask("SELECT url FROM images")) == 1


@pytest.mark.parametrize("script", ["discuz_uid = '8'", "discuz_uid = parseInt('8')"])
@pytest.mark.parametrize("later", ["discuz_uid = '0'", "discuz_uid = 0;"])
def test_however_a_script_names_its_reader(
    tmp_path: Path,
    call: Run,
    ask: Callable[[str], list[tuple[object, ...]]],
    script: str,
    later: str,
) -> None:
    members, guests = KINDS["picture in silence"]
    for day, (said, body) in enumerate([(script, members), (later, guests)]):
        reader = f"<script>var {said}</script>{X}"
        call("ingest", saved(tmp_path, f"page{day}", reader, body, day))
    assert len(ask("SELECT url FROM images")) == 1
