"""Addresses that say in their path what a script's query says: X's `rewriterule` setting, the
archiver, and forms that forums made themselves."""

from __future__ import annotations

import re

from scraper.addresses.routes import Params, board, page_number, thread, user
from scraper.addresses.target import Kind, Target

_ARCHIVED = re.compile(
    r"(tid|fid)-(\d{1,18})(?:-page-(\d{1,18}))?(?:\.html)?(?=$|[&?])", re.IGNORECASE
)
# The separators are kept apart from what follows them: else a long run of them would be
# tried in every way.
REWRITTEN = re.compile(
    r"(?:^|/)(?:"
    r"(?:thread|viewthread|t)[-_/]?(?P<tid>\d{1,18})(?:[-_/](?P<tid_page>\d{1,18}))?(?:[-_/]\d*)*"
    r"|(?:forum|forumdisplay|group|board|f)[-_/]?(?P<fid>\d{1,18})(?:[-_/](?P<fid_page>\d{1,18}))?"
    r"|forum-(?P<board>[a-z]\w*)(?:-(?P<board_page>\d{1,18}))?"
    r"|(?:space|profile)-(?:uid-)?(?P<uid>\d{1,18})|(?:space|profile)-username-(?P<user>[^/]+?)"
    r"|(?P<file>(?:data/attachment|attachments)/.+)"
    r")(?:\.(?:s?html?|aspx?))?/?$",
    re.IGNORECASE,
)


def archived(path: str, query_page: int = 1) -> Target | None:
    """An archiver page by `tid-24.html`, `tid-24-page-2.html` or `fid-2.html&page=3`; None
    for anything else."""
    found = _ARCHIVED.match(path)
    if found is None:
        return None

    key, digits, page_digits = found.groups()
    kind: Kind = "board"
    if key.lower() == "tid":
        kind = "thread"
    page = int(page_digits or 0)
    return Target(kind, int(digits), page or query_page, "archiver")


def rewritten(path: str, params: Params, charset: str) -> Target | None:
    """A page whose number is in the path: `thread-1-2-1.html`, `/t1-2-1`,
    `forum-the_end-1.html`, `space-uid-12.html`.

    None for any other path.
    """
    found = REWRITTEN.search(path)
    if found is None:
        file = path.rpartition("/")[2]
        return archived(file, page_number(params))

    part = found.groupdict("")
    if part["file"]:
        return Target("attachment", name=part["file"])

    page = part["tid_page"] or part["fid_page"] or part["board_page"]
    query = {"page": page or "1", **params}
    if part["tid"]:
        query["tid"] = part["tid"]
        return thread(query, charset)

    fid = part["fid"] or part["board"]
    if fid:
        query["fid"] = fid
        return board(query, charset)

    query["uid"] = part["uid"]
    query["username"] = part["user"]
    return user(query, charset)
