"""What Datasette's own pages of an archive show beside what they always do: the way back to
ours, the columns' names in Chinese, our colours. Their templates are in `templates`."""

from __future__ import annotations

from typing import Any, Final

from archive.store.post_columns import COLUMN_OF
from archive.web.language import COOKIE, Language, chosen_language
from archive.web.strings import in_language, text

_POSTS: Final = ("posts", "post_list", "post_versions")
NAMES: Final[dict[str, str]] = {
    "id": "编号",
    "name": "名称",
    "base_url": "网址",
    "software": "软件",
    "utc_offset_minutes": "时区（分钟）",
    "first_seen_at": "首次见到",
    "last_seen_at": "最近见到",
    "gone_at": "消失于",
    "address": "地址",
    "site_id": "论坛",
    "site": "论坛",
    "url": "网址",
    "fetched_at": "抓取时间",
    "status": "状态码",
    "content_type": "内容类型",
    "size_bytes": "字节数",
    "digest": "摘要",
    "file": "文件",
    "offset": "位置",
    "length": "长度",
    "kind": "种类",
    "theme": "版式",
    "outcome": "结果",
    "message": "说明",
    "thread_id": "主题",
    "thread": "主题",
    "board_id": "版块",
    "board": "版块",
    "page": "页",
    "warnings": "警告",
    "fid": "版块号",
    "tid": "主题号",
    "pid": "帖子号",
    "uid": "会员号",
    "user_id": "会员",
    "post_id": "帖子",
    "capture_id": "网页",
    "parent_id": "上级版块",
    "category": "分区",
    "description": "说明",
    "threads": "主题数",
    "posts": "帖子数",
    "moderators": "版主",
    "title": "标题",
    "type": "分类",
    "special": "特殊主题",
    "author": "作者",
    "created_at": "发表于",
    "replies": "回复",
    "views": "查看",
    "pages": "页数",
    "last_post_at": "最后发表",
    "last_author": "最后发表者",
    "excerpt": "摘录",
    "sticky": "置顶",
    "closed": "关闭",
    "moved_to": "移至",
    "price": "售价",
    "read_level": "阅读权限",
    "tag": "标签",
    "value": "值",
    "position": "次序",
    "opening": "首帖",
    "aid": "附件号",
    "image": "图片",
    "downloads": "下载",
    "score": "分数",
    "credit": "积分",
    "reason": "理由",
    "votes": "票数",
    "percent": "比例",
    "state": "状态",
    "due_at": "到期",
    "tries": "尝试",
    "command": "命令",
    "started_at": "开始",
    "ended_at": "结束",
    "requests": "请求",
    "words": "词语",
    "total": "总数",
    "posts_here": "存有帖子",
}
"""Columns that are called the same in every table; those of posts have their own names."""


def label_of(table: str, column: str, language: Language) -> str:
    """What a column is called beside its own name; empty where that says it."""
    if language == "en":
        return ""
    described = COLUMN_OF.get(column) if table in _POSTS else None
    chinese = described.label_zh if described else NAMES.get(column, "")
    return in_language((chinese, ""), language) if chinese else ""


def template_values(request: Any, table: str | None, style: str) -> dict[str, Any]:
    """What our templates of Datasette's pages call."""
    language = _language_of(request)

    def word(key: str) -> str:
        return text(key, language)

    def label(column: str) -> str:
        return label_of(table or "", column, language)

    return {
        "archive_style": style,
        "archive_word": word,
        "archive_label": label,
    }


def _language_of(request: Any) -> Language:
    if request is None:
        return "zh"
    accepted = request.headers.get("accept-language", "")
    return chosen_language(request.cookies.get(COOKIE), accepted)
