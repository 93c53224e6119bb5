"""Which posts of a thread are read, and in which order, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OLDEST_FIRST: Final = "posted_at, pid, position, id"
NEWEST_FIRST: Final = "posted_at DESC, pid DESC, position DESC, id DESC"
_WITH_PICTURES: Final = """(
  EXISTS (SELECT 1 FROM images i WHERE i.post_id = posts.id)
  OR EXISTS (SELECT 1 FROM attachments a WHERE a.post_id = posts.id AND a.image))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPosts:
    """Posts of a thread: all, or those of a member (`user_id`, a row of `users`), those
    `with_pictures`; in the order of time, or `newest_first`."""

    user_id: int | None = None
    with_pictures: bool = False
    newest_first: bool = False

    @property
    def condition(self) -> str:
        """What must hold of a row of `posts`, with `values` for its marks."""
        conditions = ["thread_id = ?"]
        if self.user_id is not None:
            conditions.append("user_id = ?")
        if self.with_pictures:
            conditions.append(_WITH_PICTURES)
        return " AND ".join(conditions)

    @property
    def order(self) -> str:
        """What stands behind ORDER BY."""
        return NEWEST_FIRST if self.newest_first else OLDEST_FIRST

    def values(self, thread_id: int) -> tuple[int, ...]:
        """The values of `condition`."""
        if self.user_id is None:
            return (thread_id,)
        return thread_id, self.user_id


ALL_POSTS: Final = ChosenPosts()
