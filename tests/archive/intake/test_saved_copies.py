"""A browser's saved copy beside the page as served: no edit, no version, and what it cannot
show replaces nothing."""

from __future__ import annotations

import os
import quopri
from collections.abc import Callable
from pathlib import Path

import pytest
from desktop_markup import X, words, x_post

from archive.cli import cli, run

Ingest = Callable[[Path], str]
Edit = tuple[str, str]
"""Words, and what takes their place."""
Ask = Callable[[str], list[tuple[object, ...]]]
ADDRESS = "http://bbs.example.com/forum.php?mod=viewthread&tid=11"
DATA = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
HEAD = (
    '<head><meta charset="utf-8"><title>茶摊 - 茶话 - 小镇论坛 - Powered by Discuz!</title>'
    f'<link href="{ADDRESS}" rel="canonical"></head>'
    f"<script>var discuz_uid = '0';</script>{X}"
    '<div id="pt"><a href="forum.php?mod=forumdisplay&amp;fid=2">茶话</a></div>'
    '<span id="thread_subject">茶摊</span>'
)


def smiley(address: str, number: int) -> str:
    return f'<img src="{address}" smilieid="{number}" border="0" alt="" />'


STOCK = "static/image/smiley"
BODIES = {
    "a stock smiley": (
        "早市 {} 换了新棚子",
        [(f"{STOCK}/default/lol.gif", 12)],
        ":lol",
    ),
    "another set": ("早市 {} 换了", [(f"{STOCK}/coolmonkey/01.gif", 25)], "{:2_25:}"),
    "the owner's set": ("早市 {} 换了", [(f"{STOCK}/own/hi.gif", 105)], ":hi:"),
    "several": (
        "{} 早市 {} 换了 {}",
        [
            (f"{STOCK}/default/lol.gif", 12),
            (f"{STOCK}/grapeman/01.gif", 41),
            (f"{STOCK}/default/lol.gif", 12),
        ],
        "{:3_41:}",
    ),
    "in a quote, too": (
        '<div class="quote"><blockquote>原话 {}</blockquote></div>早市 {} 换了 {}',
        [
            (f"{STOCK}/default/lol.gif", 12),
            (f"{STOCK}/default/sad.gif", 2),
            (f"{STOCK}/default/lol.gif", 12),
        ],
        ":(",
    ),
}
"""The words of a post, its smilies as served with their numbers, and one of their codes."""
PICTURE = "http://pictures.example/photo.jpg"


def pages(kind: str, picture: str = "", edit: Edit = ("", "")) -> dict[str, bytes]:
    """One page as served, and as programs save it; after an edit of its words."""
    body, smilies, _ = BODIES[kind]
    body = body.replace(*edit)
    body += picture and '<img src="{}" border="0">'
    names = [address.rpartition("/")[2] for address, _ in smilies]
    if picture:
        names.append(picture.rpartition("/")[2])

    def page(addresses: list[str]) -> str:
        tags = [
            smiley(address, number)
            for address, (_, number) in zip(addresses, smilies, strict=False)
        ]
        filled = body.format(*tags, *addresses[len(smilies) :])
        return f"<html>{HEAD}{x_post(1, words(1, filled))}</body></html>"

    real = [address for address, _ in smilies] + ([picture] if picture else [])
    complete = page([f"./茶摊_files/{name}" for name in names])
    single = page([DATA] * len(names))
    mime = page([f"cid:frame-{at}@mhtml.blink" for at in range(len(names))])
    renamed = [name.replace(".", f"({at}).") for at, name in enumerate(names, 1)]
    return {
        "served": f"<!DOCTYPE html>{page(real)}".encode(),
        "complete": (
            f"<!DOCTYPE html><!-- saved from url=(0054){ADDRESS} -->{complete}"
        ).encode(),
        "firefox": page([f"茶摊_files/{name}" for name in renamed]).encode(),
        "edge": page([f"tea.files/{name}" for name in names]).encode(),
        "singlefile": single.replace(
            "<html>",
            f"<html><!--\n Page saved with SingleFile \n url: {ADDRESS} \n-->",
        ).encode(),
        "mhtml": (
            b"From: <Saved by Blink>\nSnapshot-Content-Location: "
            + ADDRESS.encode()
            + b"\nDate: Sat, 1 Jun 2024 00:00:00 -0000\nMIME-Version: 1.0\n"
            b'Content-Type: multipart/related; type="text/html"; boundary="--B"\n\n'
            b"----B\nContent-Type: text/html\nContent-Transfer-Encoding: "
            b"quoted-printable\nContent-Location: "
            + ADDRESS.encode()
            + b"\n\n"
            + quopri.encodestring(mime.encode())
            + b"\n----B--\n"
        ),
    }


PROGRAMS = ("complete", "firefox", "edge", "singlefile", "mhtml")


@pytest.fixture
def ingest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ingest:
    """Reads a file into the archive; what the program printed."""

    def ingest(file: Path) -> str:
        line = ["ingest", str(tmp_path / "a.db"), str(file)]
        assert run(lambda: cli.main(line, standalone_mode=False)) == 0
        return capsys.readouterr().out

    return ingest


def written(folder: Path, name: str, page: bytes, day: int) -> Path:
    suffix = "mhtml" if page.startswith(b"From:") else "html"
    file = folder / f"{name}.{suffix}"
    file.write_bytes(page)
    at_s = 1_717_200_000 + day * 86_400
    os.utime(file, (at_s, at_s))
    return file


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("served_comes_first", [True, False])
def test_a_saved_copy_is_no_edit(
    tmp_path: Path,
    ingest: Ingest,
    ask: Ask,
    kind: str,
    program: str,
    served_comes_first: bool,
) -> None:
    both = pages(kind)
    names = ("served", program) if served_comes_first else (program, "served")
    first, second = (
        written(tmp_path, name, both[name], day) for day, name in enumerate(names)
    )
    assert "1 new" in ingest(first)
    assert "0 new, 0 changed, 1 as known" in ingest(second)
    assert ask("SELECT count(*) FROM post_versions") == [(0,)]
    ((text, html),) = ask("SELECT text, html FROM posts")
    assert BODIES[kind][2] in str(text)
    assert "static/image/smiley" in str(html)
    assert "data:" not in str(html)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("served_comes_first", [True, False])
def test_the_address_of_a_picture_is_the_served_one(
    tmp_path: Path,
    ingest: Ingest,
    ask: Ask,
    program: str,
    served_comes_first: bool,
) -> None:
    both = pages("a stock smiley", PICTURE)
    names = ["served", program, "served"] if served_comes_first else [program, "served"]
    for day, name in enumerate(names):
        ingest(written(tmp_path, f"{name}{day}", both[name], day))
    assert ask("SELECT url FROM images") == [(PICTURE,)]
    assert ask("SELECT count(*) FROM post_versions") == [(0,)]


@pytest.mark.parametrize("program", ["singlefile", "mhtml"])
def test_an_inlined_picture_has_no_address(
    tmp_path: Path, ingest: Ingest, ask: Ask, program: str
) -> None:
    page = pages("a stock smiley", PICTURE)[program]
    ingest(written(tmp_path, program, page, 1))
    assert ask("SELECT url FROM images") == []


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    ("before", "after"),
    [("换了新棚子", "拆了旧棚子"), ("早市", "夜市"), ("棚子", "棚子，还有座位")],
)
@pytest.mark.parametrize("saved_comes_first", [True, False])
def test_an_edit_is_found_all_the_same(
    tmp_path: Path,
    ingest: Ingest,
    ask: Ask,
    program: str,
    before: str,
    after: str,
    saved_comes_first: bool,
) -> None:
    names = (program, "served") if saved_comes_first else ("served", program)
    for day, name in enumerate(names):
        edit = (before, after) if day else ("", "")
        page = pages("a stock smiley", edit=edit)[name]
        ingest(written(tmp_path, name, page, day))
    ((text,),) = ask("SELECT text FROM posts")
    assert after in str(text)


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_saved_copy_leaves_out_stays(
    tmp_path: Path, ingest: Ingest, ask: Ask, program: str
) -> None:
    both = pages("a stock smiley")
    menu = '<div class="showhide"><h4>本帖隐藏的内容</h4>藏着的话</div>'
    file = (
        '<dl class="tattl"><dd><p class="attnm"><a href="forum.php?mod=attachment'
        '&amp;aid=NDJ8" id="aid42">清单.zip</a></p></dd></dl>'
    )
    fuller = both["served"].replace("早市".encode(), f"{menu}{file}早市".encode())
    ingest(written(tmp_path, "served", fuller, 1))
    before = ask("SELECT text, html FROM posts")
    assert "0 changed" in ingest(written(tmp_path, program, both[program], 2))
    assert ask("SELECT text, html FROM posts") == before
    assert ask("SELECT aid FROM attachments") == [(42,)]
    assert ask("SELECT count(*) FROM post_versions") == [(0,)]


def test_a_set_of_smilies_that_moved_is_no_edit(
    tmp_path: Path, ingest: Ingest, ask: Ask
) -> None:
    page = pages("a stock smiley")["served"]
    for day, folder in enumerate([b"smiley/default/lol", b"smiley/new/laugh"]):
        moved = page.replace(b"smiley/default/lol", folder)
        ingest(written(tmp_path, f"page{day}", moved, day))
    assert ask("SELECT text FROM posts") == [("早市 :lol 换了新棚子",)]
    assert ask("SELECT count(*) FROM post_versions") == [(0,)]


@pytest.mark.parametrize("copy", ["2-saved-complete", "3-saved-singlefile"])
@pytest.mark.parametrize("served_comes_first", [True, False])
def test_saved_copies_beside_the_served_page(
    shared: Path, ingest: Ingest, ask: Ask, copy: str, served_comes_first: bool
) -> None:
    folder = shared / "cases" / "intake" / "saved-copy-is-no-edit"
    names = ["1-as-served", copy]
    if not served_comes_first:
        names.reverse()
    printed = [ingest(folder / f"{name}.html") for name in names]
    assert "0 changed" in printed[1]
    assert ask("SELECT text FROM posts ORDER BY pid LIMIT 1") == [
        ("早市的茶摊换了新棚子 :lol",)
    ]
    assert ask("SELECT count(*) FROM post_versions") == [(0,)]
