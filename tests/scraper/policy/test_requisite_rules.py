"""Which of the files that pages name are asked for."""

from __future__ import annotations

import pytest

from scraper.core.requisites import Requisite, RequisiteKind
from scraper.policy.requisites import is_wanted

HOST = "http://bbs.example.com/"
POSTS = '<img src="http://img.example.net/cat.jpg"> <img src="a/b.gif?x=1&amp;y=2">'


def requisite(kind: RequisiteKind, stated: str, *, smiley: bool = False) -> Requisite:
    """One as a page names it."""
    url = stated if "://" in stated else HOST + stated
    return Requisite(kind, url, stated, is_smiley=smiley)


@pytest.mark.parametrize(
    ("kind", "stated"),
    [
        ("style", "data/cache/style_1_common.css?q1"),
        ("style", "css.php?style=1"),
        ("style", "https://cdn.example.net/bootstrap.css"),
        ("script", "static/js/common.js?q1"),
        ("script", "https://cdn.example.net/jquery.js"),
        ("font", "static/f.woff2"),
        ("picture", "static/image/common/logo.png"),
        ("picture", "images/default/logo.gif"),
        ("picture", "template/my/deep/logo.png"),
        ("picture", "logo.png"),
        ("picture", "https://cdn.example.net/banner.png"),
        ("picture", "data/attachment/common/cf/142143wn.png"),
        ("picture", "uc_server/images/noavatar_middle.gif"),
        ("picture", "uc_server/data/avatar/noavatar.svg"),
        ("thumb", "data/attachment/forum/a.jpg.thumb.jpg"),
        ("thumb", "forum.php?mod=attachment&aid=MXw"),
    ],
)
def test_wanted(kind: RequisiteKind, stated: str) -> None:
    assert is_wanted(requisite(kind, stated), POSTS)


@pytest.mark.parametrize(
    ("kind", "stated"),
    [
        ("script", "home.php?mod=misc&ac=sendmail&rand=1"),
        ("script", "api/cron.php"),
        ("script", "http://count.example.net/z_stat.php?id=1"),
        ("script", "http://count.example.net/count.ASP?id=1"),
        ("picture", "misc.php?mod=seccode&update=1"),
        ("picture", "uc_server/avatar.php?uid=1&size=small"),
        ("picture", "uc_server/data/avatar/000/00/00/07_avatar_small.jpg"),
        ("picture", "data/avatar/000/00/00/07_avatar_middle.jpg"),
        ("picture", "customavatars/7.jpg"),
        ("picture", "data/attachment/forum/202405/a.jpg"),
        ("picture", "data/attachment/album/202405/a.jpg"),
        ("picture", "attachments/month_0801/a.jpg"),
        ("picture", "http://img.example.net/cat.jpg"),
        ("picture", "a/b.gif?x=1&y=2"),
        ("picture", "x/" * 1_000 + "y.gif"),
        ("style", "x/" * 1_000 + "y.css"),
    ],
)
def test_not_wanted(kind: RequisiteKind, stated: str) -> None:
    assert not is_wanted(requisite(kind, stated), POSTS)


def test_a_smiley_of_a_post_is_wanted_wherever_it_lies() -> None:
    stated = "http://img.example.net/cat.jpg"
    assert is_wanted(requisite("picture", stated, smiley=True), POSTS)
