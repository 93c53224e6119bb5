"""The plain layouts: print page, its text as a web crawl extracts it, archiver pages, RSS."""

from __future__ import annotations

import html
import re
from email.utils import format_datetime

from .message import AUTHOR_ONLY, archived, printed, why
from .model import Board, Post, Thread
from .skin import day, escape
from .view import View, pages, turned


def print_page(view: View, thread: Thread) -> str:
    """`action=printable`: the first hundred posts, minutes only, no numbers at all.
    Withheld posts keep their notice."""
    skin, name = view.skin, view.forum.name
    meta = (
        f'<meta http-equiv="Content-Type" content="text/html; charset={skin.charset}" />'
        if skin.old
        else f'<meta charset="{skin.charset}" />'
    )
    rule = '<hr noshade size="2" width="100%" color="#808080">\n'
    shown = [post for post in thread.posts[:100] if post.withheld != AUTHOR_ONLY]
    posts = rule.join(_printed_post(view, thread, post) for post in shown)
    return f"""<!DOCTYPE html>
<html>
<head>
{meta}
<title>{escape(thread.title)} - {name} - Powered by Discuz!</title>
<style type="text/css">
body 	   {{margin: 10px 80px;}}
</style>
<script type="text/javascript">var STYLEID = '1', STATICURL = 'static/', charset = '{skin.charset}', \
discuz_uid = '{view.member.uid if view.member else 0}', cookiepre = '{skin.prefix}', REPORTURL = '{view.report_url}', SITEURL = '{skin.base}';</script>
</head>

<body>
<h1>{name}</h1>
<b>标题: </b>{escape(thread.title)} <b><a href="###" onclick="this.style.visibility='hidden';window.print();\
this.style.visibility='visible'">[打印本页]</a></b>{"</span>" if skin.old else ""}<br />
<script type="text/javascript">var zoomstatus = 0;var aimgcount = new Array();</script>{rule}{posts}
<br /><br /><br /><br /><hr noshade size="2" width="100%" color="#CDCDCD">
<table cellspacing="0" cellpadding="0" border="0" width="95%" align="center" style="font-size: 0.83em">
<tr><td>欢迎光临 {name} ({skin.base})</td>
<td align="right">
Powered by Discuz! {skin.version}</td></tr></table>

</body>
</html>"""


def _printed_post(view: View, thread: Thread, post: Post) -> str:
    author = "匿名" if post.anonymous else escape(post.author.name)
    time = view.skin.time(post.posted_at, view.forum.now)
    subject = (
        f"<b>标题: </b>{escape(post.subject or thread.title)}<br />"
        if post.subject or post is thread.first
        else ""
    )
    body = f"{why(post.notice)}\n" if post.notice else printed(view.skin, thread, post)
    return (
        f"<b>作者: </b>{author}&nbsp; &nbsp; <b>时间: </b>{time}<br />\n{subject}{body}"
    )


def print_text(view: View, thread: Thread) -> str:
    """The text of a print page as text extractions of web crawls have it: every element on
    a line of its own."""
    body = print_page(view, thread).partition("<body>")[2]
    body = re.sub(r"<script.*?</script>|\n", "", body, flags=re.S)
    text = re.sub(
        r"<(?:br|hr|/?(?:b|h1|td|tr|table|div|p|li|blockquote|a))\b[^>]*>", "\n", body
    )
    text = html.unescape(re.sub(r"<[^>]+>", "", text)).replace("\xa0", " ")
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def archiver_page(view: View, title: str, trail: str, content: str, full: str) -> str:
    """The archiver's frame; `full` is the address of the same page on the desktop."""
    skin, name = view.skin, view.forum.name
    meta = "" if skin.old else f'<meta charset="{skin.charset}" />\n'
    return f"""<!DOCTYPE html>
<html>
<head>
{meta}<base href="{skin.base}archiver/" />
<title>{escape(title)} - {name} -  Powered by Discuz! Archiver</title>

<meta name="keywords" content="{escape(title)}" />
<meta name="generator" content="Discuz! {skin.version}" />
<style type="text/css">
	body {{font-family: Verdana;FONT-SIZE: 12px;MARGIN: 0;color: #000000;background: #ffffff;}}
</style>
</head>
<body vlink="#333333" link="#333333">
<center id="header">
<h2>{name}'s Archiver </h2>
</center><div id="nav">
	{trail}</div>

{content}
<div id="end">
	查看完整版本:
	<a href="../{full}" target="_blank"><strong>{escape(title.split(" - ")[0])}</strong></a>
</div>
<br />
<center>
		<div id="footer">
		Powered by <strong><a target="_blank" href="https://www.discuz.vip">Discuz! {skin.version} Archiver</a></strong> &nbsp; \
&copy; 2001-2024		<br />
		<br />
	</div>
</center>
</body>
</html>
"""


def archiver_index(view: View) -> str:
    """Categories and boards that the viewer may enter."""

    def boards(gid: int) -> str:
        return "".join(
            f'\t\t\t\t<li><a href="?fid-{board.fid}.html">{escape(board.name)}</a></li>\n'
            for board in view.forum.boards
            if board.gid == gid and board.access == "open"
        )

    content = "".join(
        f"\t\t<h3>{escape(category.name)}</h3>\n\t\t<ul>\n{boards(category.gid)}\t\t\t</ul>\n"
        for category in view.forum.categories
    )
    home = f'<a href="./"><strong>{view.forum.name}</strong></a>\n'
    return archiver_page(
        view, "论坛", home, f'<div id="content">\n{content}\t\t</div>', "forum.php"
    )


def archiver_board(view: View, board: Board, number: int = 1) -> str:
    """A board's threads with their number of replies."""
    threads = view.forum.in_board(board.fid)
    size = view.forum.threads_per_page
    turn = turned(view.forum, number, len(threads), size, past_end=1)
    number = turn.shown
    rows = "".join(
        f'\t\t\t\t\t\t\t\t<li><a href="?tid-{thread.tid}.html">{escape(thread.title)}</a> '
        f"({'-' if thread.moved_to else len(thread.posts) - 1}篇回复)\n\t\t\t"
        for thread in threads[(number - 1) * size : number * size]
    )
    trail = f'<a href="./">论坛</a> &rsaquo; {escape(board.name)}'
    content = (
        f'<div id="content">\n\t\t<ul type="1" start="{(number - 1) * size + 1}">\n{rows}\t\t\t</ul>\n'
        f"{_archiver_pages(f'?fid-{board.fid}.html', turn.number, turn.total)}</div>\n"
    )
    return archiver_page(
        view,
        board.name,
        trail,
        content,
        f"forum.php?mod=forumdisplay&fid={board.fid}&page={number}",
    )


def archiver_thread(view: View, thread: Thread, number: int = 1) -> str:
    """A thread's posts; of a withheld one nothing but its head is printed."""
    size = view.forum.posts_per_page
    board = view.forum.board(thread.fid)
    assert board is not None
    last = pages(len(thread.posts), size)
    turn = turned(view.forum, number, len(thread.posts), size, past_end=last)
    number = turn.shown
    posts = "".join(
        _archived_post(view, thread, post)
        for post in thread.posts[(number - 1) * size : number * size]
    )
    trail = (
        f'<a href="./">论坛</a> &rsaquo; <a href="?fid-{thread.fid}.html">{escape(board.name)}</a> &rsaquo; '
        f"{escape(thread.title)}"
    )
    content = f'<div id="content">\n\t{posts}\t{_archiver_pages(f"?tid-{thread.tid}.html", turn.number, turn.total)}</div>\n'
    title = f"{thread.title} - {board.name}"
    return archiver_page(
        view,
        title,
        trail,
        content,
        f"forum.php?mod=viewthread&tid={thread.tid}&page={number}",
    )


def _archived_post(view: View, thread: Thread, post: Post) -> str:
    author = "<i>Anonymous</i>" if post.anonymous else escape(post.author.name)
    subject = escape(post.subject or (thread.title if post is thread.first else ""))
    body = "" if post.notice else f"\t<h3>{subject}</h3>\n\t\t{archived(post)}\t\t"
    return (
        f'\t\t<p class="author">\n\t\t\t\t\t<strong>{author}</strong>\n\t\t\t\t发表于 {day(post.posted_at)} '
        f"{post.posted_at:%H:%M:%S}\t</p>\n\t\t{body}"
    )


def _archiver_pages(link: str, number: int, total: int) -> str:
    first = max(1, min(number - 2, total - 9))
    window = range(first, min(total, first + 9) + 1)
    items = "".join(
        f"<strong>[{n}]</strong> \n"
        if n == number
        else f'<a href="{link}&page={n}">{n}</a> \n'
        for n in window
    )
    return f'<div class="page">\n\t\t页: \n{items}\t</div>\n'


def rss(view: View, board: Board) -> str:
    """A board's newest twenty threads, their openings cut short; no charset is sent with it."""
    base, name = view.skin.base, escape(board.name)
    newest = sorted(
        (
            t
            for t in view.forum.threads.values()
            if t.fid == board.fid and not t.moved_to
        ),
        key=lambda thread: thread.first.posted_at,
        reverse=True,
    )[:20]
    items = "".join(
        f"""    <item>
      <title>{escape(thread.title)}</title>
      <link>{base}forum.php?mod=viewthread&amp;tid={thread.tid}</link>
      <description><![CDATA[{"".join(thread.first.own_words)[:150]}]]></description>
      <category>{name}</category>
      <author>{escape(thread.first.author.name)}</author>
      <pubDate>{format_datetime(thread.first.posted_at)}</pubDate>
    </item>
"""
        for thread in newest
    )
    return f"""<?xml version="1.0" encoding="{view.skin.charset}"?>
<rss version="2.0">
  <channel>
    <title>{view.forum.name} - {name}</title>
    <link>{base}forum.php?mod=forumdisplay&amp;fid={board.fid}</link>
    <description>Latest 20 threads of {name}</description>
    <generator>Discuz! Board by Comsenz Inc.</generator>
{items}  </channel>
</rss>
"""
