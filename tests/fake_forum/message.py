"""A post's message in the three layouts: desktop HTML, print page, archiver."""

from __future__ import annotations

import random
from collections.abc import Callable

from .model import (
    Code,
    File,
    Hidden,
    Inline,
    Link,
    Part,
    Picture,
    Post,
    Quoted,
    Smiley,
    Styled,
    Thread,
    Words,
)
from .skin import Skin, day, escape
from .view import View

AUTHOR_ONLY = "此帖仅作者可见"
NOISE = (
    "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ0123456789 ~!@#$%^*()_+{}:|[];,./"
)


def desktop(view: View, thread: Thread, post: Post) -> str:
    """The message of a desktop page: the inside of `td.t_f`."""
    skin = view.skin
    render: dict[type, Callable[..., str]] = {
        Words: lambda part: lines(part.text),
        Styled: lambda part: part.html,
        Link: lambda part: (
            f'<a href="{escape(part.url)}" target="_blank">{escape(part.text)}</a>'
        ),
        Quoted: lambda part: (
            quote(skin, thread, part) + ("" if skin.old else "<br />\n")
        ),
        Code: lambda part: code(part, post.pid),
        Smiley: lambda part: (
            f' <img src="static/image/smiley/default/{part.file}" smilieid="{part.number}"'
            ' border="0" alt="" /> '
        ),
        Hidden: lambda part: hidden(thread, part, view.member is not None),
        Inline: lambda part: (
            inline_image(_file(post, part.aid), post) if view.sees_files else ""
        ),
        Picture: lambda part: (
            f'<img id="aimg_{post.pid}x" onclick="zoom(this, this.src, 0, 0, 0)" class="zoom"'
            f' src="{escape(part.url)}" onmouseover="img_onmouseoverfunc(this)" onload="thumbImg(this)" border="0" alt="" />'
        ),
    }
    body = "".join(render[type(part)](part) for part in post.parts)
    board = view.forum.board(thread.fid)
    if board and board.jammer:
        body = jam(body, random.Random(post.pid))
    return edit_mark(post) + body


def printed(skin: Skin, thread: Thread, post: Post) -> str:
    """The message of a print page: smilies and code as on the desktop, attachments as raw
    BBCode."""
    render: dict[type, Callable[..., str]] = {
        Words: lambda part: lines(part.text),
        Styled: lambda part: part.html,
        Link: lambda part: (
            f'<a href="{escape(part.url)}" target="_blank">{escape(part.text)}</a>'
        ),
        Quoted: lambda part: quote(skin, thread, part) + "<br />\n",
        Code: lambda part: code(part, post.pid),
        Smiley: lambda part: (
            f' <img src="static/image/smiley/default/{part.file}" smilieid="{part.number}"'
            ' border="0" alt="" /> '
        ),
        Hidden: lambda part: "",
        Inline: lambda part: f"[attach]{part.aid}[/attach]",
        Picture: lambda part: f'<img src="{escape(part.url)}" border="0" alt="" />',
    }
    return edit_mark(post) + "".join(render[type(part)](part) for part in post.parts)


def archived(post: Post) -> str:
    """The message in the archiver of X2 and later: BBCode stripped, its contents left as text."""
    render: dict[type, Callable[..., str]] = {
        Words: lambda part: lines(part.text),
        Styled: lambda part: lines(part.text),
        Link: lambda part: escape(part.text),
        Quoted: lambda part: (
            f"{escape(part.author)} 发表于 {day(part.posted_at)} {part.posted_at:%H:%M}<br />\n"
            f"{lines(part.text)}<br />\n"
        ),
        Code: lambda part: lines("\n" + part.text + "\n"),
        Smiley: lambda part: " :) ",
        Hidden: lambda part: "<b>**** Hidden Message *****</b><br />\n",
        Inline: lambda part: "",
        Picture: lambda part: escape(part.url),
    }
    mark = edit_mark(post).replace('<i class="pstatus">', "").replace("</i>", "")
    return mark + "".join(render[type(part)](part) for part in post.parts)


def lines(text: str) -> str:
    """Escaped text; runs of blanks as `&nbsp;`, line breaks as Discuz! writes them."""
    return escape(text).replace("  ", "&nbsp; ").replace("\n", "<br />\n")


def edit_mark(post: Post) -> str:
    """`本帖最后由 … 编辑`, at the start as on X."""
    if not post.edited_at:
        return ""
    at = f"{day(post.edited_at)} {post.edited_at:%H:%M}"
    return f'<i class="pstatus"> 本帖最后由 {escape(post.edited_by)} 于 {at} 编辑 </i><br />\n<br />\n'


def quote(skin: Skin, thread: Thread, part: Quoted) -> str:
    """A quote with its head line, a link to the quoted post."""
    link = f"{skin.base}forum.php?mod=redirect&amp;goto=findpost&amp;pid={part.pid}&amp;ptid={thread.tid}"
    head = f"{escape(part.author)} 发表于 {day(part.posted_at)} {part.posted_at:%H:%M}"
    return (
        f'<div class="quote"><blockquote><font size="2"><a href="{link}" target="_blank">'
        f'<font color="#999999">{head}</font></a></font><br />\n{lines(part.text)}</blockquote></div>'
    )


def code(part: Code, pid: int) -> str:
    """A code block: its `li` are never closed."""
    rows = "<br />\n".join(f"<li>{lines(row)}" for row in part.text.split("\n"))
    return (
        f'<div class="blockcode"><div id="code_p{pid}"><ol>{rows}</ol></div>'
        f"<em onclick=\"copycode($('code_p{pid}'));\">复制代码</em></div>"
    )


def hidden(thread: Thread, part: Hidden, member: bool) -> str:
    """A passage for those who replied."""
    if member:
        return f'<div class="showhide"><h4>本帖隐藏的内容</h4>{lines(part.text)}</div>'
    return (
        '<div class="locked">游客，如果您要查看本帖隐藏内容请<a href="forum.php?mod=post&amp;action=reply&amp;'
        f'fid={thread.fid}&amp;tid={thread.tid}" onclick="showWindow(\'reply\', this.href)">回复</a></div>'
    )


def why(notice: str) -> str:
    """The forum's words in place of a withheld message."""
    return notice if notice == AUTHOR_ONLY else f"提示: <em>{notice}</em>"


def jam(body: str, dice: random.Random) -> str:
    """干扰码: noise of random characters at each line's end or beginning, invisible to readers."""
    pieces = body.split("<br />\n")
    for place in range(1, len(pieces)):
        noise = escape("".join(dice.choice(NOISE) for _ in range(dice.randint(8, 24))))
        if dice.random() < 0.5:
            pieces[place - 1] += f'<font class="jammer">{noise}</font>'
        else:
            pieces[place] = f'<span style="display:none">{noise}</span>' + pieces[place]
    return "<br />\n".join(pieces)


def inline_image(file: File, post: Post) -> str:
    """An image attachment in the text: `src` is a placeholder, the address is in `file=`."""
    return f"""
<ignore_js_op>

<img id="aimg_{file.aid}" aid="{file.aid}" src="static/image/common/none.gif" zoomfile="data/attachment/{file.path}" \
file="data/attachment/{file.path}" class="zoom" onclick="zoom(this, this.src, 0, 0, 0)" width="600" inpost="1" \
onmouseover="showMenu({{'ctrlid':this.id,'pos':'12'}})" />

<div class="tip tip_4 aimg_tip" id="aimg_{file.aid}_menu" style="position: absolute; display: none" disautofocus="true">
<div class="xs0">
<p><strong>{escape(file.name)}</strong> <em class="xg1">({file.size}, 下载次数: {file.downloads})</em></p>
<p>
<a href="{download(file)}&amp;nothumb=yes" target="_blank">下载附件</a>

</p>

<p class="xg1 y">{day(post.posted_at)} {post.posted_at:%H:%M} 上传</p>

</div>
<div class="tip_horn"></div>
</div>

</ignore_js_op>
"""


def download(file: File) -> str:
    """The download link; on a real forum the token changes with every view."""
    return f"forum.php?mod=attachment&amp;aid=QSX{file.aid}%3D"


def placed(parts: tuple[Part, ...]) -> set[int]:
    """The attachments that stand in the text."""
    return {part.aid for part in parts if isinstance(part, Inline)}


def _file(post: Post, aid: int) -> File:
    return next(file for file in post.files if file.aid == aid)
