"""Which addresses of a web crawl's index may be pages of Discuz!: one pattern that any engine
understands (RE2, Java's, Python's), and that misses little.

More than Discuz! matches (vBulletin has a forumdisplay.php, too): what a page is, its bytes say.
Forms that an owner made up, and front pages, which look like any site's, are not found.
"""

from __future__ import annotations

from typing import Final

_SCRIPTS: Final = (
    "forum",  # X
    "group",
    "home",
    "viewthread",  # 5.0 to 7.2
    "forumdisplay",
    "redirect",
    "space",
    "eccredit",
    "viewpro",
    "rss",
)
_WITH_MODE: Final = ("misc", "index", "member")
"""Scripts of a name that others have: with a parameter of Discuz!'s only."""
_PARAMETERS: Final = ("mod=", "gid=", "action=view", "tid=", "fid=")
_REWRITTEN: Final = (
    r"(?:thread|forum|group|viewthread|forumdisplay)-[0-9a-z]+-[0-9]",
    r"redirect-(?:tid|goto)-",
    r"space-(?:uid|username)-",
    r"(?:profile|archiver/?(?:\?|index\.php)?/?[tf]id)-[0-9]",
)


def _either(choices: tuple[str, ...]) -> str:
    return "(?:" + "|".join(choices) + ")"


PATTERN: Final = "(?i)" + _either(
    (
        rf"/{_either(_SCRIPTS)}\.php(?:[?/]|$)",
        rf"/{_either(_WITH_MODE)}\.php\?(?:[^#]*&)?{_either(_PARAMETERS)}",
        rf"/{_either(_REWRITTEN)}",
        r"/archiver/(?:[?#]|index\.php|$)",
        r"/wap/(?:index\.php)?(?:[?#]|$)",
        r"/api/mobile/(?:index\.php)?\?",
    )
)
"""Of whole addresses; searched for anywhere in one."""
