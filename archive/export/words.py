"""The words that exported files say around the posts: in Chinese, as the posts themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.export.job import ChosenThread
from archive.reading.clock import local, zone
from archive.reading.forums import Forum
from archive.reading.posts import Attachment, Poll, ThreadPost

_FLOORS: Final = {
    1: "1 楼（楼主）",
    2: "2 楼（沙发）",
    3: "3 楼（板凳）",
    4: "4 楼（地板）",
}
_REASONS: Final = {
    "blocked": "被管理员或版主屏蔽",
    "banned": "作者被禁言",
    "deleted": "作者被删除",
    "password": "需要密码",
    "paid": "需要购买",
    "reply": "回复后可见",
    "login": "登录后可见",
    "author": "仅作者可见",
}
NO_THREADS: Final = "没有存档的帖子"
GAP: Final = " · "


def author_of(post: ThreadPost) -> str:
    """Who wrote a post, as it is shown."""
    return post.author or "匿名"


def floor_of(post: ThreadPost) -> str:
    """The floor of a post."""
    if post.floor is None:
        return "楼层不详"
    return _FLOORS.get(post.floor, f"{post.floor} 楼")


def head_of(post: ThreadPost, forum: Forum) -> str:
    """Floor, author, time and place of a post, in a line."""
    words = [
        floor_of(post),
        author_of(post),
        local(post.posted_at, forum.utc_offset_minutes),
    ]
    if post.location:
        words.append(f"来自 {post.location}")
    if post.best_answer:
        words.append("最佳答案")
    if post.side:
        words.append(post.side)
    return _joined(words)


def remarks_of(post: ThreadPost, forum: Forum) -> list[str]:
    """What a reader must know of a post: that it is gone, or withheld, or was edited."""
    offset_minutes = forum.utc_offset_minutes
    said = []
    if post.gone_at:
        seen = local(post.last_seen_at, offset_minutes)
        gone = local(post.gone_at, offset_minutes)
        said.append(f"此帖已从论坛消失；最后一次见到是 {seen}，发现消失是 {gone}。")
    if post.withheld:
        said.append(_withheld(post))
    if post.edited_at:
        by = f"由 {post.edited_by} " if post.edited_by else ""
        when = local(post.edited_at, offset_minutes)
        said.append(f"最后{by}于 {when} 编辑。")
    return said


def _withheld(post: ThreadPost) -> str:
    why = _REASONS.get(post.withheld_reason or "", "")
    reason = f"（{why}）" if why else ""
    kept = "下面是隐藏之前或对其他读者显示的内容。" if post.text else ""
    return f"论坛隐藏了此帖{reason}：{post.withheld} {kept}".strip()


def byline_of(chosen: ChosenThread) -> str:
    """Who opened a thread, when, and how many posts of it there are, in a line."""
    summary = chosen.summary
    created = local(
        summary.created_at,
        chosen.forum.utc_offset_minutes,
    )
    posts = f"{len(chosen.post_ids)} 个帖子"
    return _joined([summary.author or "匿名", created, posts])


def thread_lines(chosen: ChosenThread) -> list[str]:
    """What is to be said of a thread above its posts."""
    forum = chosen.forum
    offset_minutes = forum.utc_offset_minutes
    where = [forum.title, chosen.board, chosen.thread.type]
    lines = [_joined(where), byline_of(chosen)]
    if chosen.url:
        lines.append(chosen.url)
    if chosen.thread.gone_at:
        seen = local(chosen.thread.last_seen_at, offset_minutes)
        lines.append(f"此主题已从论坛消失；最后一次见到是 {seen}。")
    if chosen.tags:
        lines.append(f"标签：{'、'.join(chosen.tags)}")
    for name, value in chosen.fields:
        lines.append(f"{name}：{value}")
    lines.append(f"时间均为 {zone(offset_minutes)}")
    return lines


def poll_lines(poll: Poll) -> list[str]:
    """The options of a poll, each with its votes."""
    lines = []
    for option in poll.options:
        votes = "票数未公开" if option.votes is None else f"{option.votes} 票"
        lines.append(f"{option.text}{GAP}{votes}")
    return lines


def file_words(file: Attachment) -> str:
    """A file that hangs on a post, in a line."""
    words = [file.name or "论坛未显示其名"]
    if file.size_bytes is not None:
        words.append(f"{file.size_bytes:,} 字节")
    if file.description:
        words.append(file.description)
    return GAP.join(words)


def comment_lines(post: ThreadPost, forum: Forum) -> list[str]:
    """The short comments (点评) under a post, a line each."""
    lines = []
    for comment in post.comments:
        when = local(comment.posted_at, forum.utc_offset_minutes)
        author = comment.author or "匿名"
        line = f"{author}：{comment.text}"
        if when:
            line += f"（{when}）"
        lines.append(line)
    return lines


def rating_lines(post: ThreadPost) -> list[str]:
    """The ratings (评分) of a post, a line each."""
    lines = []
    for rating in post.ratings:
        score = "" if rating.score is None else f"{rating.score:+d}"
        words = [rating.author, f"{rating.credit}{score}", rating.reason]
        line = _joined(words)
        lines.append(line)
    return lines


def hanging_lines(post: ThreadPost, forum: Forum) -> Iterator[tuple[str, str]]:
    """All that hangs on a post, a line each: what it is, and what it says."""
    if post.poll:
        for line in poll_lines(post.poll):
            yield "投票", line
    for file in post.attachments:
        yield "附件", file_words(file)
    for line in rating_lines(post):
        yield "评分", line
    for line in comment_lines(post, forum):
        yield "点评", line


def _joined(words: list[str]) -> str:
    return GAP.join(word for word in words if word)
