"""Queries that Datasette offers by name: a title, what the columns mean, and the statement."""

from __future__ import annotations

from typing import Any, Final

_PAGE: Final = "'/f/' || l.site_id || '/post/' || coalesce(l.pid, '~' || l.id) as page"
"""Where a post stands among the archive's own pages, of the view `post_list` as `l`."""

QUERIES: Final[dict[str, dict[str, Any]]] = {
    "search": {
        "title": "搜索帖子 / Search posts",
        "description": (
            "每个词都要出现；繁简体通用。/ "
            "Every word must occur; traditional and simplified match."
        ),
        "sql": f"""select s.posted_at, s.author, s.thread, s.words, s.board, s.floor, {_PAGE}, s.url
from search s join post_list l on l.id = s.id
where s.q = json_quote(:q) order by s.rank limit 100""",
    },
    "silent_threads": {
        "title": "无人回复的主题 / Threads without replies",
        "description": (
            "论坛显示零回复、这里也只有主楼的主题，新的在前。/ "
            "Threads that the forum says have no reply, and of which only the opening "
            "post is here; newest first."
        ),
        "sql": """select t.title, t.author, t.board, t.created_at,
  '/f/' || t.site_id || '/thread/' || coalesce(t.tid, '~' || t.id) as page, t.url
from thread_list t
where t.posts_here = 1 and coalesce(t.replies, 0) = 0
order by t.created_at desc limit 200""",
    },
    "most_quoted": {
        "title": "被引用最多的帖子 / Most quoted posts",
        "description": (
            "quoted：引用它的次数。/ quoted: how many quotes of it are in other posts."
        ),
        "sql": f"""select q.quoted, l.author, l.posted_at, l.thread,
  substr(l.text, 1, 100) as words, {_PAGE}, l.url
from (
  select p.id, count(*) as quoted
  from quotes q
  join posts quoting on quoting.id = q.post_id
  join posts p on p.site_id = quoting.site_id and p.pid = q.pid
  group by p.id order by quoted desc limit 100
) q
join post_list l on l.id = q.id
order by q.quoted desc""",
    },
    "reply_network": {
        "title": "主题的回复关系 / Who quotes whom in a thread",
        "description": (
            "每行一条边：source 引用 target 若干次；CSV 可直接读入 Gephi、NetworkX。"
            "tid 是主题在论坛上的编号。/ "
            "An edge a row: source quotes target so many times; Gephi and NetworkX read "
            "the CSV. tid: the forum's number of the thread; forum: the forum's number "
            "in this file."
        ),
        "params": ["forum", "tid"],
        "sql": """select p.author as source, q.author as target, count(*) as weight
from quotes q
join posts p on p.id = q.post_id
join threads t on t.id = p.thread_id
where t.tid = :tid and t.site_id = coalesce(nullif(:forum, ''), 1)
group by 1, 2 order by 3 desc""",
    },
    "edited_after_replies": {
        "title": "有人回复之后又被编辑的帖子 / Posts edited after replies",
        "description": (
            "replies：编辑之前已有的后续帖子数；versions：存档里较早的版本数。/ "
            "replies: later posts of the thread that were there when it was edited; "
            "versions: older versions in this archive."
        ),
        "sql": f"""select * from (
  select l.author, l.posted_at, p.edited_at,
    (
      select count(*) from posts r where r.thread_id = p.thread_id
      and r.posted_at > p.posted_at and r.posted_at < p.edited_at
    ) as replies,
    (select count(*) from post_versions v where v.post_id = p.id) as versions,
    l.thread, substr(l.text, 1, 100) as words, {_PAGE}, l.url
  from posts p join post_list l on l.id = p.id
  where p.edited_at > p.posted_at
)
where replies > 0 order by edited_at desc limit 200""",
    },
    "vanished": {
        "title": "已消失的帖子 / Posts that have disappeared",
        "description": (
            "gone_at：存档发现它不在了的时间。/ "
            "gone_at: when a capture first showed that it was no longer there."
        ),
        "sql": f"""select l.author, l.posted_at, l.gone_at, l.thread,
  substr(l.text, 1, 200) as words, {_PAGE}, l.url
from post_list l
where l.gone_at is not null order by l.gone_at desc limit 200""",
    },
}
