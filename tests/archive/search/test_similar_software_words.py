"""Posts that have only the software's words in common are no copies of each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desktop_markup import AT, X, words, x_post
from sqlite_utils import Database

from archive.index.writer import catch_up
from archive.search.similar import similar
from archive.store.save import Store
from scraper.core.records import Capture
from scraper.parsing import parse_capture

SAID = (
    "收音机只剩沙沙声，换了滤波电容以后好多了",
    "昨天去爬山，山顶的风很大，三明治被松鼠偷走了",
    "求推荐一款适合老人用的手机，字要大，声音要响",
)
PLAYER = (
    '<ignore_js_op><div id="mp4_a{0}" class="media"><div class="media_container"></div>'
    '<div id="mp4_a{0}_tips" class="media_tips"><a href="http://a.example/{0}.mp4">'
    "如果无法播放，请点击此处在新窗口打开，或者换一个支持播放的浏览器再试一次</a></div></div>"
    '<script>detectPlayer("mp4_a{0}", "mp4", "http://a.example/{0}.mp4", "500");'
    "</script></ignore_js_op>"
)
SOFTWARE = {
    "a player": PLAYER,
    "players of old": (
        '<embed src="http://a.example/{0}.swf"><video src="http://a.example/{0}.mp4">'
        "您的浏览器不支持播放，请下载安装最新版本的浏览器以后再来观看本视频</video>"
        '<object data="http://a.example/{0}.swf"><p>请先安装最新版本的播放器插件</p></object>'
    ),
    "pictures that guests see small": (
        '<div class="guestviewthumb"><img id="aimg_x{0}" '
        'file="http://a.example/{0}.jpg"><br><a href="member.php?mod=logging&amp;'
        'action=login">登录/注册后可看大图</a></div>'
    )
    * 4,
    "a notice to guests": (
        '<div class="locked">游客，本帖隐藏的内容需要积分高于 {0} 才可浏览，您当前积分为 0，'
        '如果您要查看本帖隐藏内容请<a href="forum.php?mod=post">回复</a></div>'
    ),
    "files for members": (
        '<div class="attach_nopermission attach_tips"><div><h3><strong>本帖子中包含更多资源'
        '</strong></h3><p>您需要 <a href="member.php?mod=logging&amp;action=login">登录</a>'
        " 才可以下载或查看，没有账号？<a>立即注册</a></p></div></div>"
    ),
    "an edit mark": (
        '<i class="pstatus"> 本帖最后由 乘风破浪的老船长与海 于 2012-3-4 05:0{0} 编辑 </i>'
    ),
}
"""What the software puts into a message; {0} is a number of its own."""


@pytest.mark.parametrize("kind", SOFTWARE)
def test_threads_that_share_the_words_of_the_software_are_no_copies(
    db: Database, kind: str
) -> None:
    store = Store(db.conn)
    for number, said in enumerate(SAID, 1):
        body = words(number, f"{said}<br />{SOFTWARE[kind].format(number)}")
        capture = Capture(
            f"https://bbs.example.net/forum.php?mod=viewthread&tid={number}",
            AT + timedelta(minutes=number),
            f"<html>{X}{x_post(number, body)}</html>".encode(),
        )
        store.save(parse_capture(capture))
    catch_up(db.conn)

    texts = [text for (text,) in db.execute("SELECT text FROM posts ORDER BY pid")]
    assert [text.strip() for text in texts] == list(SAID)
    for post_id in range(1, len(SAID) + 1):
        assert similar(db, post_id) == ()


def test_threads_that_share_the_posters_words_are(db: Database) -> None:
    store = Store(db.conn)
    for number, said in enumerate((SAID[0], f"转：{SAID[0]}"), 1):
        body = words(number, f"{said}<br />{PLAYER.format(number)}")
        url = f"https://bbs.example.net/forum.php?mod=viewthread&tid={number}"
        markup = f"<html>{X}{x_post(number, body)}</html>"
        store.save(parse_capture(Capture(url, AT, markup.encode())))
    catch_up(db.conn)
    (found,) = similar(db, 1)
    assert found.is_copy
