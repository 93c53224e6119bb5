"""Forgetting on request: posts are erased from the files of an index, and do not come back
with the next load."""

from __future__ import annotations

from typing import Final, Literal

from archive.clickhouse.engine import Engine
from archive.clickhouse.load import FORGETS
from archive.clickhouse.node import Node

Kind = Literal["post", "thread", "user"]
_ORPHANED_NAMES: Final = (
    """kind = 'author' AND name NOT IN (SELECT author FROM posts)"""
)


def forget(engine: Engine, kind: str, site_id: int, item: int) -> int:
    """Erase a post, a thread or all of a member, by the forum's own number (pid, tid, uid).
    How many posts that were."""
    node = Node(engine)
    where = f"site_id = {site_id} AND ifNull({FORGETS[kind]}, -1) = {item}"
    engine.run(
        f"""INSERT INTO {node.all("forgotten")} (kind, site_id, item)
        VALUES ('{kind}', {site_id}, {item})"""
    )
    ((posts,),) = engine.rows(f"SELECT count() FROM {node.all('posts')} WHERE {where}")
    gone = f"post_id IN (SELECT post_id FROM posts WHERE {where})"
    node.erase("post_keys", gone)
    node.erase("posts", where)
    if kind == "thread":
        node.erase("threads", where)
    elif kind == "user":
        node.erase("users", where)
    if not node.cluster:
        # names lie apart from posts on a cluster: there they go with the next index
        node.erase("names", _ORPHANED_NAMES)
    return int(posts)
