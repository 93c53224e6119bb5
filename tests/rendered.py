"""Print and archiver pages as their templates render them, for tests to read."""

from __future__ import annotations

from datetime import UTC, datetime

from scraper.core.records import Capture, Content, ThreadPage
from scraper.parsing import parse_capture

NOW = datetime(2024, 6, 1, 4, tzinfo=UTC)
RULE = '<hr noshade size="2" width="100%" color="#808080">\n'
PRINT = "http://b.example/forum.php?mod=viewthread&action=printable&tid=7"


def read(text: str, url: str = "", kind: str = "text/html") -> Content:
    """What a page says, of which only text and address are known."""
    return parse_capture(
        Capture(
            url,
            NOW,
            text.encode(),
            headers=(("Content-Type", f"{kind}; charset=utf-8"),),
        )
    ).content


def thread(text: str, url: str = "", kind: str = "text/html") -> ThreadPage:
    """A page that must be a thread's."""
    content = read(text, url, kind)
    assert isinstance(content, ThreadPage)
    return content


def printed(*posts: str, title: str = "茶", head: str = "", foot: bool = True) -> str:
    """A print page as X3 renders it (viewthread_printable.htm)."""
    closing = (
        '<br /><br /><br /><br /><hr noshade size="2" width="100%" color="#CDCDCD">\n<table cellspacing="0">\n'
        '<tr><td>欢迎光临 茶 & 酒 (http://b.example/bbs/)</td>\n<td align="right">\nPowered by Discuz! X3.4</td>'
        "</tr></table>\n</body></html>"
    )
    return (
        f"<html><head><title>{title}</title></head>\n<body>\n<h1>茶 & 酒</h1>\n<b>标题: </b>{head}{title} <b>"
        '<a href="###" onclick="this.style.visibility=\'hidden\';window.print()">[打印本页]</a></b></span><br />\n'
        + "".join(RULE + post for post in posts)
        + (closing if foot else "")
    )


def post_x3(
    author: str, message: str, time: str = "2024-5-14 21:46", subject: str = ""
) -> str:
    """One post of X3's print page."""
    line = f"<b>标题: </b>{subject}<br />" if subject else ""
    return (
        f"<b>作者: </b>{author}&nbsp; &nbsp; <b>时间: </b>{time}<br />\n{line}{message}"
    )


def post_6(
    author: str,
    message: str,
    time: str = "2010-1-12 08:20",
    subject: str = "",
    labels: str = "作者 时间 标题",
) -> str:
    """One post of 6.0's print page."""
    who, when, what = labels.split()
    beside = f" &nbsp; &nbsp; <b>{what}: </b>{subject}" if subject else ""
    return f"\t<b>{who}: </b>{author}&nbsp; &nbsp; <b>{when}: </b>{time}\t{beside}\t<br /><br />\n\t\t\t{message}\t"


NAV_X = (
    '<div id="nav">\n\t<a href="./">论坛</a> &rsaquo; <a href="?fid-2.html">茶摊</a> &rsaquo; 茶</div>\n'
    '<div id="content">\n'
)


def archived(layout: str, content: str, foot: str = "") -> str:
    """An archiver page of a generation: its head, some content, and the link to the
    ordinary page."""
    generator = "Discuz! X3.4" if layout == "x" else "Discuz! Archiver 7.2"
    base = (
        "http://b.example/bbs/archiver/" if layout == "x" else "http://b.example/bbs/"
    )
    return (
        f'<html>\n<base href="{base}" />\n<title>茶 - 茶摊 - 茶 & 酒 -  Powered by Discuz! Archiver</title>\n'
        f'<meta name="generator" content="{generator}" />\n</head><body>\n{content}{foot}\n'
        '<center>Powered by <strong><a href="http://www.discuz.net" target="_blank">Discuz! Archiver</a></strong>'
    )


def head_x(
    author: str, subject: str | None = "", time: str = "2013-1-12 08:20:37"
) -> str:
    """A post's head in the archiver of X; no subject at all where the post is withheld."""
    line = "" if subject is None else f"\t<h3>{subject}</h3>\n\t\t\t"
    return f'\t<p class="author">\n\t<strong>{author}</strong>\n\t发表于 {time}\t</p>\n{line}'


FOOT_X = (
    '\t<div class="page">\n页: \n<strong>[2]</strong> \n<a href="?tid-7.html&page=3">3</a> \n</div></div>\n'
    '<div id="end">完整版本:\n<a href="../forum.php?mod=viewthread&tid=7&page=1" target="_blank">'
    "<strong>茶</strong></a></div>"
)


FOOT_7 = (
    '<br /><br />\n<div class="page">页: \n<strong>[1]</strong> \n'
    "<a href=archiver/?tid-7-page-2.html>2</a> \n</div></div>"
    '<div id="footer">完整版本: <strong><a href="viewthread.php?tid=7" target="_blank">茶</a></strong></div>'
)
NAV_7 = (
    '<div id="nav"><a href="archiver/"><strong>茶 & 酒</strong></a>  &raquo; <a href="archiver/?fid-2.html">茶摊</a>'
    ' &raquo; 茶</div>\n<div id="content">\n'
)
NAV_6 = (
    NAV_7.partition('<div id="content">')[0]
    + '<h1><a href="viewthread.php?tid=7" target="_blank">完整版本: 茶</a></h1>\n'
)
FOOT_6 = (
    '<div class="archiver_pages">页: \n<strong>[1]</strong> \n<a href=archiver/?tid-7-page-2.html>2</a> \n</div>'
    '<div class="archiver_fullversion">完整版本: <strong>'
    '<a href="viewthread.php?tid=7" target="_blank">茶</a></strong></div>'
)
NAV_4 = (
    '<table class="tableborder">\n<tr><td bgcolor="#FFF" class="bold"><a href="archiver/">茶 & 酒</a> <b>&raquo;</b> '
    '<a href="archiver/?fid-2.html">茶摊</a> <b>&raquo;</b> 茶</td></tr></table>\n'
    '<table><tr><td align="center"><br><b>页: </b>\n'
    "<b>[1]</b> \n<a href=archiver/?tid-7-page-2.html>2</a> \n<br><br></td></tr></table>\n"
)
FOOT_4 = (
    '<br><table><tr><td class="bold"><font color="#000">完整版本: </font>'
    '<a href="viewthread.php?tid=7" target="_blank" '
    'style="color: #000">茶</a><br><br>\n</td></tr></table>\n'
)


def head_4(author: str, message: str) -> str:
    """A post of the archiver of 4.0 to 5.0."""
    return (
        '<table cellspacing="1" class="tableborder">\n<tr><td bgcolor="#FFF"><table cellspacing="0" width="100%"><td '
        f'class="bold">{author}</td><td align="right">2006-1-12 08:20</td></tr></table></td></tr>\n'
        '<tr><td bgcolor="#EEE" '
        f'class="smalltxt">{message}</td></tr>\n</table><br>\n'
    )


def old_thread(layout: str, first: str, second: str) -> str:
    """Two posts in one of the old layouts."""
    if layout == "4":
        return archived(
            layout,
            NAV_4 + head_4("甲", f"<b>茶</b><br><br>{first}") + head_4("匿名", second),
            FOOT_4,
        )
    if layout == "6":
        post = (
            '<div class="archiver_post">\n\t<p><cite>{}</cite> 2006-1-12 08:20</p>\n'
            '\t<div class="archiver_postbody">{}</div>\n</div>\n'
        )
        return archived(
            layout,
            NAV_6
            + post.format("甲", f"<h2>茶</h2>{first}")
            + post.format("匿名", second),
            FOOT_6,
        )
    post = '<p class="author"><strong>{}</strong> 发表于 2006-1-12 08:20</p>\n{}'
    return archived(
        layout,
        NAV_7 + post.format("甲", f"<h3>茶</h3>{first}") + post.format("匿名", second),
        FOOT_7,
    )
