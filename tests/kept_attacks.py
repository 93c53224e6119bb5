"""Pages of forums that attack whoever looks at them as they were kept: bytes, and the
Content-Type that came with them."""

from __future__ import annotations

from typing import Final

from attacks import OUTSIDE

_HTML: Final = "text/html; charset=utf-8"
_FRAME: Final = "<html><head>{head}</head><body><p>帖子</p>{body}</body></html>"


def page(
    body: str = "", head: str = "", encoding: str = "utf-8", content_type: str = ""
) -> tuple[bytes, str]:
    """A page of Chinese words in an encoding, with its header."""
    text = _FRAME.format(head=head, body=body)
    return text.encode(encoding), content_type or f"text/html; charset={encoding}"


PAGES: Final[dict[str, tuple[bytes, str]]] = {
    "script": page("<script>alert(1)</script>", "<script>alert(2)</script>"),
    "script from outside": page(f"<script src={OUTSIDE}.js></script>"),
    "refresh": page(head=f'<meta http-equiv=refresh content="0;url={OUTSIDE}">'),
    "refresh by script": page(
        head='<meta http-equiv=refresh content="0;url=javascript:alert(1)">'
    ),
    "policy of its own": page(
        "<script>alert(1)</script>",
        '<meta http-equiv=Content-Security-Policy content="script-src *">',
    ),
    "form": page(
        f"<form action={OUTSIDE}><input autofocus onfocus=alert(1) name=x>"
        "<button>go</button></form>"
    ),
    "base": page("<img src=a.png><a href=b.html>x</a>", f"<base href={OUTSIDE}/>"),
    "svg": page(
        "<svg onload=alert(1)><script>alert(2)</script>"
        "<a xlink:href=javascript:alert(3)><text y=20>x</text></a>"
        f"<image href={OUTSIDE}.png /><use href={OUTSIDE}.svg#x /></svg>"
    ),
    "math": page("<math><mtext><img src=x onerror=alert(1)></mtext></math>"),
    "iframe": page(
        f"<iframe src={OUTSIDE}></iframe><iframe srcdoc='<script>alert(1)</script>'>"
        "</iframe><object data='data:text/html,<script>alert(2)</script>'></object>"
        f"<embed src={OUTSIDE}>"
    ),
    "links that run": page(
        "<a href=javascript:alert(1)>x</a><a href='java\tscript:alert(2)'>y</a>"
        "<a href='data:text/html,<script>alert(3)</script>'>z</a>"
        "<a href=vbscript:alert(4)>v</a>"
    ),
    "handlers": page(
        "<img src=x onerror=alert(1)><p onmouseover=alert(2)>x</p>"
        "<details open ontoggle=alert(3)>x</details>"
    ),
    "the page's own": (
        b"<html><body onload=alert(1) onpageshow=alert(2)><p>x</p></body></html>",
        _HTML,
    ),
    "connections": page(
        head="".join(
            f"<link rel={rel} href={OUTSIDE} as=script>"
            for rel in (
                "preconnect",
                "dns-prefetch",
                "prefetch",
                "preload",
                "modulepreload",
                "prerender",
                "stylesheet",
                "icon",
                "manifest",
            )
        )
    ),
    "styles": page(
        f"<p style='background:url({OUTSIDE}.png)'>x</p>"
        f"<p style='color:red;list-style-image:url({OUTSIDE}.png)'>x</p>"
        f"<p style='background-color:u\\72l({OUTSIDE}.png)'>x</p>",
        f"<style>@import '{OUTSIDE}.css'; p{{background:url({OUTSIDE}.png)}}</style>",
    ),
    "pictures": page(
        f"<img src={OUTSIDE}.png><img srcset='{OUTSIDE}.png 2x'>"
        f"<table background={OUTSIDE}.png><tr><td>x</td></tr></table>"
        f"<video poster={OUTSIDE}.png src={OUTSIDE}.mp4 autoplay></video>"
        f"<picture><source srcset={OUTSIDE}.png><img src=kept:1></picture>"
    ),
    "a script within a picture": page(
        '<img src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" '
        'onload="alert(1)"/>\'>'
    ),
    "noscript": page("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>"),
    "mutation": page(
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    ),
    "mutation of forms": page(
        "<form><math><mtext></form><form><mglyph><style></math>"
        "<img src onerror=alert(1)>"
    ),
    "UTF-7": (
        b"<html><head><meta charset=utf-7></head><body>"
        b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-</body></html>",
        "text/html; charset=utf-7",
    ),
    "UTF-7 with a mark": (
        b"+/v8-<html><body>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</body></html>",
        "text/html",
    ),
    "UTF-16": (
        "<html><body>帖子<script>alert(1)</script></body></html>".encode("utf-16"),
        "text/html",
    ),
    "GBK": page("<script>alert('论坛')</script>", encoding="gbk"),
    "half a character of GBK": (
        b'<html><body><img alt="\x81" title=" onerror=alert(1) src=x y=" >'
        + "论坛的帖子".encode("gbk")
        + b'<p title="\xb0">"onmouseover=alert(2) </p></body></html>',
        "text/html; charset=gbk",
    ),
    "Big5": page("<script>alert('論壇')</script>", encoding="big5"),
    "half a character of Big5": (
        b'<html><body><img alt="\xa1" title=" onerror=alert(1) src=x y=" >'
        + "論壇的帖子".encode("big5")
        + b"<a href='\xb3javascript:alert(2)'>x</a></body></html>",
        "text/html; charset=big5",
    ),
    "ISO-2022-JP": (
        b'<html><head><meta charset=iso-2022-jp></head><body><a title="\x1b$B" '
        b'onmouseover="\x1b(B" href=x>x</a><img src=x alt="\x1b$B" '
        b'title=" onerror=alert(1) \x1b(B"></body></html>',
        "text/html; charset=iso-2022-jp",
    ),
    "HZ": (
        b"<html><head><meta charset=hz-gb-2312></head><body>"
        b"~{<script>alert(1)~}</script><script>alert(2)</script></body></html>",
        "text/html; charset=hz-gb-2312",
    ),
    "nulls": (
        b"<html><body><scr\0ipt>alert(1)</scr\0ipt><img src=x o\0nerror=alert(2)>",
        _HTML,
    ),
    "XHTML": (
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        b"<script>alert(1)</script></body></html>",
        "application/xhtml+xml",
    ),
    "SVG alone": (
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "image/svg+xml",
    ),
    "a style sheet of XML": (
        b'<?xml version="1.0"?><?xml-stylesheet href="javascript:alert(1)"?>'
        b"<rss><channel><title>&lt;script&gt;alert(2)&lt;/script&gt;</title></channel>"
        b"</rss>",
        "text/xml",
    ),
    "JSON": (b'{"message": "<script>alert(1)</script>"}', "application/json"),
    "text": (b"<script>alert(1)</script>", "text/plain"),
    "a title": (
        b"<html><head><title>x</title></head><title></title><script>alert(1)</script>"
        b"<head><title>&lt;/title&gt;&lt;script&gt;alert(2)&lt;/script&gt;</title>",
        _HTML,
    ),
}
"""By what they try."""
