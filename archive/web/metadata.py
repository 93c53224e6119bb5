"""What Datasette shows about an archive: descriptions from the schema's own comments, facets, named queries."""

from __future__ import annotations

from typing import Any

from archive.schema import descriptions

FACETS = {
    "posts": ["thread_id", "author", "withheld_reason"], "post_list": ["board", "author", "site"],
    "threads": ["board_id", "special", "type", "author"], "thread_list": ["board", "author", "site"],
    "boards": ["site_id"], "captures": ["kind", "outcome", "theme", "status"], "attachments": ["image"],
    "frontier": ["kind", "state", "outcome"],
}
SORTS = {"posts": "posted_at", "post_list": "posted_at", "threads": "last_post_at", "thread_list": "last_post_at"}
LABELS = {"sites": "name", "boards": "name", "users": "name", "threads": "title"}
INTERNAL = ("posts_fts",)  # the index and its shadow tables: nothing to read there

QUERIES: dict[str, dict[str, Any]] = {
    "search": {
        "title": "搜索帖子 / Search posts",
        "description": "每个词都要出现；繁简体通用。/ Every word must occur; traditional and simplified match.",
        "sql": (
            "select posted_at, author, thread, words, board, floor, url from search "
            "where q = json_quote(:q) order by rank limit 100"
        ),
    },
    "silent_threads": {
        "title": "无人回复的主题 / Threads without replies",
        "sql": (
            "select t.title, t.author, t.board, t.created_at, t.url from thread_list t "
            "where t.posts_here = 1 and coalesce(t.replies, 0) = 0 order by t.created_at desc limit 200"
        ),
    },
    "most_quoted": {
        "title": "被引用最多的帖子 / Most quoted posts",
        "sql": (
            "select count(*) as quoted, l.author, l.posted_at, l.thread, substr(l.text, 1, 100) as words, l.url "
            "from quotes q join posts quoting on quoting.id = q.post_id "
            "join posts p on p.site_id = quoting.site_id and p.pid = q.pid join post_list l on l.id = p.id "
            "group by p.id order by quoted desc limit 100"
        ),
    },
    "reply_network": {
        "title": "主题的回复关系 / Who quotes whom in a thread",
        "sql": (
            "select p.author as source, q.author as target, count(*) as quotes from quotes q "
            "join posts p on p.id = q.post_id join threads t on t.id = p.thread_id where t.tid = :tid "
            "group by 1, 2 order by 3 desc"
        ),
    },
    "vanished": {
        "title": "已消失的帖子 / Posts that have disappeared",
        "sql": (
            "select author, posted_at, gone_at, thread, substr(text, 1, 200) as words, url from post_list "
            "where gone_at is not null order by gone_at desc limit 200"
        ),
    },
}


def metadata(database: str) -> dict[str, Any]:
    """Datasette's metadata for an archive that it knows by the name `database`."""
    tables = {name: _table(name, text, columns) for name, (text, columns) in descriptions().items()}
    return {
        "title": "discuz-archive",
        "description": "Discuz! 论坛存档 / An archive of Discuz! forums",
        "databases": {database: {"tables": tables, "queries": QUERIES}},
    }


def _table(name: str, text: str, columns: dict[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"description": text, "columns": columns}
    if name in FACETS:
        said["facets"] = FACETS[name]
    if name in SORTS:
        said["sort_desc"] = SORTS[name]
    if name in LABELS:
        said["label_column"] = LABELS[name]
    if name.startswith(INTERNAL):
        said["hidden"] = True
    return said
