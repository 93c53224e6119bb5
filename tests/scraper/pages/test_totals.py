"""How many ratings and comments a post has beyond those that its page shows, in each
generation's markup and wording."""

from __future__ import annotations

import pytest
from desktop_markup import AT, SEVEN, X, only, thread, words, x_post

from scraper.core.records import Capture, ThreadPage
from scraper.parsing import parse_capture

LINK = "forum.php?mod=misc&amp;action=viewratings&amp;tid=1&amp;pid=7"
ROW = (
    '<tr id="rate_7_{uid}"><td><a href="home.php?mod=space&amp;uid={uid}">甲{uid}</a></td>'
    '<td class="xi1"> + 1</td><td class="xg1">理由 99</td></tr>'
)
ROWS = ROW.format(uid=2) + ROW.format(uid=3)
TABLE = (
    '<dl id="ratelog_7" class="rate"><dd><div id="post_rate_7"></div><table class="ratl"><tr>'
    '<th><a href="{link}" title="{title}"> {head}</a></th><th>威望 <i><span>+12</span></i></th>'
    "<th><i>理由</i></th></tr><tbody>{rows}</tbody></table>"
    '<p class="ratc"><a href="{link}">{title}</a></p></dd></dl>'
)
PICTURES = (
    '<dl id="ratelog_7" class="rate"><dt><strong><a href="{link}" title="已有12人评分, 查看全部评分">'
    '12</a></strong><p><a href="{link}">查看全部评分</a></p></dt><dd><ul class="cl"><li>'
    '<p id="rate_7_2" tip="<strong>好</strong>&nbsp;<em class=\'xi1\'>威望 + 5 点</em>">'
    '<a href="home.php?mod=space&amp;uid=2"></a></p><p><a href="home.php?mod=space&amp;uid=2">甲</a></p>'
    "</li></ul></dd></dl>"
)
COMMENT = (
    '<div class="pstl xs1 cl"><div class="psta vm"><a href="home.php?mod=space&amp;uid=2">乙</a></div>'
    '<div class="psti">{text}&nbsp;<span class="xg1">发表于 2012-3-5 06:07</span></div></div>'
)
MORE = "forum.php?mod=misc&action=commentmore&tid=1&pid=7&page=2"
SCRIPTED = (
    '<div class="pgs mbm cl"><div class="pg"><a href="javascript:;" class="nxt" '
    f"""onclick="ajaxget('{MORE}', 'comment_7')">{{}}</a></div></div>"""
)
PLAIN = (
    f'<div class="pg"><a href="{MORE.replace("&", "&amp;")}" class="nxt">{{}}</a></div>'
)


def with_ratings(box: str) -> ThreadPage:
    return thread(X + x_post(7, words(7) + box))


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('参与人数 <span class="xi1">12</span>', "查看全部评分"),
        ('參與人數 <span class="xi1">12</span>', "查看全部評分"),
        ('Number of participants <span class="xi1">12</span>', "Show all ratings"),
        ('ผู้ร่วมให้คะแนน <span class="xi1">12</span>', "ดูคะแนนทั้งหมด"),
        ('<span class="xi1">12</span> قاتناشقۇچى', "ھەممىنى كۆرۈش"),
        ("12", ""),
    ],
)
@pytest.mark.parametrize(
    "link",
    [LINK, "misc.php?action=viewratings&amp;tid=1&amp;pid=7", f"/bbs/{LINK}"],
)
def test_people_who_rated_by_the_link_to_all_ratings(
    head: str, title: str, link: str
) -> None:
    box = TABLE.format(link=link, head=head, title=title, rows=ROWS)
    post = only(with_ratings(box))
    assert [rating.author for rating in post.ratings] == ["甲2", "甲3"]
    assert post.ratings_total == 12


def test_people_who_rated_beside_their_pictures() -> None:
    post = only(with_ratings(PICTURES.format(link=LINK)))
    assert [rating.author for rating in post.ratings] == ["甲"]
    assert post.ratings_total == 12


def test_people_who_rated_in_7_2() -> None:
    box = (
        '<dl class="newrate"><dt><strong><a href="misc.php?action=viewratings&amp;tid=1&amp;pid=7">12'
        "</a></strong><p>评分次数</p></dt><dd><ul><li><div class='attach_popup'><p class='cornerlayger'>"
        "好 &nbsp;&nbsp;<em>威望 + 5 点</em></p></div><p><a href='space.php?uid=2'>甲</a></p></li></ul></dd></dl>"
    )
    message = words(7).replace('class="t_f"', 'class="t_msgfont"')
    post = only(
        thread(
            f'{SEVEN}<div id="post_7"><table id="pid7"><tr><td class="postauthor">'
            '<div class="postinfo"><a class="posterlink" href="space.php?uid=5">甲</a></div>'
            '</td><td class="postcontent"><em id="authorposton7">发表于 2010-3-4 05:06</em>'
            f"{message}{box}</td></tr></table></div>",
            "https://bbs.example.net/viewthread.php?tid=1",
        )
    )
    assert (len(post.ratings), post.ratings_total) == (1, 12)


@pytest.mark.parametrize(
    "box",
    [
        "",
        TABLE.format(
            link="forum.php?mod=rate", head="参与人数 12", title="", rows=ROWS
        ),
        TABLE.format(link=LINK, head="参与人数", title="查看全部评分", rows=ROWS),
        TABLE.format(link=LINK, head="参与人数 12", title="", rows=""),
    ],
    ids=["no box", "another link", "no number", "nobody"],
)
def test_a_page_that_does_not_say_how_many_rated(box: str) -> None:
    assert only(with_ratings(box)).ratings_total is None


@pytest.mark.parametrize("more", [SCRIPTED, PLAIN])
@pytest.mark.parametrize("label", ["下一页", "Next", "التالي", ""])
def test_further_comments_by_the_link_to_them(more: str, label: str) -> None:
    comments = COMMENT.format(text="一") + COMMENT.format(text="二")
    box = f'<div id="comment_7" class="cm"><h3>点评</h3>{comments}{{}}</div>'
    post = only(with_ratings(box.format(more.format(label))))
    assert (len(post.comments), post.comments_total) == (2, 3)
    assert only(with_ratings(box.format(""))).comments_total == 2


@pytest.mark.parametrize(
    "text",
    [
        f'<a href="{MORE}">看这里</a>',  # a commenter's own link
        "commentmore",
        '<a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=8&amp;ptid=1">详情</a>',
    ],
)
def test_words_of_a_comment_are_no_further_comments(text: str) -> None:
    box = f'<div id="comment_7" class="cm">{COMMENT.format(text=text)}</div>'
    assert only(with_ratings(box)).comments_total == 1


def test_a_post_without_comments_has_no_number_of_them() -> None:
    box = f'<div id="comment_7" class="cm">{SCRIPTED.format("下一页")}</div>'
    assert only(with_ratings(box)).comments_total is None


@pytest.mark.parametrize(
    ("counts", "total"),
    [
        ('{"7":"31"}', 31),
        ('{"7":2}', 2),
        ("[]", None),
        ('{"8":"31"}', None),
        ("null", None),
    ],
)
def test_the_json_interface_counts_them(counts: str, total: int | None) -> None:
    body = (
        '{"Version":"4","Charset":"UTF-8","Variables":{"fid":"2","thread":{"tid":"1","subject":"题"},'
        '"postlist":[{"pid":"7","tid":"1","first":"1","author":"甲","authorid":"5",'
        '"dateline":"2012-3-4 05:06","message":"话","number":"1"}],'
        '"comments":{"7":[{"author":"乙","authorid":"2","dateline":"2012-3-5 06:07","comment":"一"}]},'
        f'"commentcount":{counts}}}}}'
    )
    url = (
        "https://bbs.example.net/api/mobile/index.php?version=4&module=viewthread&tid=1"
    )
    content = parse_capture(Capture(url, AT, body.encode())).content
    assert isinstance(content, ThreadPage)
    post = only(content)
    assert len(post.comments) == 1
    assert post.comments_total == total
