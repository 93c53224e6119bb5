"""What a forum's pages need beside themselves: sheets, scripts and pictures, as X3.5 has
them; the scripts are ours, and do what the forum's do for pictures that load late."""

from __future__ import annotations

from .site import ROBOTS, Answer, Site, picture

SHEET = """@charset "utf-8";
@import "style_1_more.css";
/* url(../../static/image/common/commented_out.png) @import "never.css"; */
body { background: url(../../static/image/common/background.png) repeat-x; }
#hd { border-top: 7px solid rgb(12, 34, 56); }
@font-face { font-family: f; src: url("../../static/fonts/icons.woff2?v=3#iefix"); }
.x { background: url(data:image/gif;base64,R0lGODlhAQABAAAAACw=); behavior: url(pie.htc); }
"""
MORE = "h2 { background-image: url('../../static/image/common/arrow.gif'); }\n"
LATE = """function showLate() {
  var pictures = document.getElementsByTagName('img');
  for (var i = 0; i < pictures.length; i++) {
    var address = pictures[i].getAttribute('file');
    if (address) pictures[i].src = address;
  }
}
window.addEventListener('DOMContentLoaded', showLate);
"""
HEAD = """<link rel="shortcut icon" href="static/image/common/forum.ico" />
<link rel="stylesheet" id="css_widthauto" href='data/cache/style_1_widthauto.css?q1' />
<script src="data/cache/common.js?q1" type="text/javascript"></script>
<script src="data/cache/forum_viewthread.js?q1" type="text/javascript"></script>
<script src="home.php?mod=misc&ac=sendmail&rand=1795470704" type="text/javascript"></script>
"""
STYLES = (
    "data/cache/style_1_common.css",
    "data/cache/style_1_more.css",
    "data/cache/style_1_widthauto.css",
)
SCRIPTS = (
    "data/cache/common.js",
    "data/cache/common_extra.js",
    "data/cache/forum_viewthread.js",
)
PICTURES = (
    "static/image/common/logo.png",
    "static/image/common/none.gif",
    "static/image/common/background.png",
    "static/image/common/arrow.gif",
    "static/image/common/forum.ico",
)
FONT = "static/fonts/icons.woff2"
_TEXTS = {
    "data/cache/style_1_common.css": SHEET,
    "data/cache/style_1_more.css": MORE,
    "data/cache/style_1_widthauto.css": ".wp { width: 98%; }\n",
    "data/cache/common.js": "var loaded = 1;\n",
    "data/cache/common_extra.js": "function _zoom() {}\n",
    "data/cache/forum_viewthread.js": LATE,
}
_ALLOWED = b"Allow: /data/attachment/\nAllow: /data/cache/\n"


def dress(site: Site) -> None:
    """Have a forum's pages name what they need, and its server give it."""
    site.head = HEAD
    site.robots = ROBOTS.replace(b"Allow: /data/attachment/\n", _ALLOWED)
    site.files = file_at


def file_at(path: str) -> Answer | None:
    """What the server has at a path beside pages."""
    text = _TEXTS.get(path)
    if text is not None:
        content_type = "text/css" if path.endswith(".css") else "application/javascript"
        return Answer(200, text.encode(), content_type)
    if path == FONT:
        return Answer(200, b"wOF2" + bytes(40), "font/woff2")
    if path.startswith("static/image/"):
        return Answer(200, picture(path), "image/png")
    return None
