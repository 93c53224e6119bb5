"""Which of the files that pages need are asked for: those of the template, once a forum, and
nothing that does something when it is asked for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from scraper.core.requisites import Requisite

MOST_OF_FORUM: Final = 600
"""Style sheets, scripts, pictures and fonts of one forum; thumbs are as many as its posts'
pictures. An ordinary forum has some 30 to 150."""
AGAIN_AFTER: Final = timedelta(days=180)
"""One that a page still names is asked for again then; a forum that is updated gives its
sheets and scripts other addresses."""

_MOST_CHARS: Final = 2_000
_TEMPLATE_FOLDER: Final = re.compile(
    r"/(?:static|images|template|templates|smil(?:ey|ies)|data/cache|forumdata/cache)/",
    re.I,
)
_ATTACHMENTS: Final = re.compile(r"/attachments?/(?!common/)", re.I)
_AVATARS: Final = re.compile(r"avatar", re.I)
_NO_AVATAR: Final = "noavatar"
_DYNAMIC: Final = (".php", ".asp", ".aspx", ".jsp", ".cgi")


def is_wanted(requisite: Requisite, posts_markup: str) -> bool:
    """Whether to ask for a file that a page names. `posts_markup`: the messages of the page
    as served, whose own pictures are none of the template's."""
    if len(requisite.url) > _MOST_CHARS:
        return False
    try:
        path = urlsplit(requisite.url).path
    except ValueError:
        return False
    match requisite.kind:
        case "thumb" | "style":
            return True
        case "script" | "font":
            return not _is_dynamic(path)
    return not _is_dynamic(path) and _is_of_template(requisite, path, posts_markup)


def _is_dynamic(path: str) -> bool:
    """Whether a program answers at an address: what X puts into pages so sends mail, counts
    or runs its timer (`home.php?mod=misc&ac=sendmail`)."""
    return path.lower().endswith(_DYNAMIC)


def _is_of_template(requisite: Requisite, path: str, posts_markup: str) -> bool:
    if _AVATARS.search(path) and _NO_AVATAR not in path:
        return False
    if requisite.is_smiley or _TEMPLATE_FOLDER.search(path):
        return True
    if _ATTACHMENTS.search(path):
        return False
    escaped = requisite.stated.replace("&", "&amp;")
    return requisite.stated not in posts_markup and escaped not in posts_markup
