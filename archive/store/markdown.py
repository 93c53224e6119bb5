"""A message as Markdown, by html-to-markdown: for reading, and for corpora that want
structure without markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from html import unescape
from typing import Any, Final

from html_to_markdown import (
    CodeBlockStyle,
    ConversionOptions,
    HeadingStyle,
    HiddenContent,
    HighlightStyle,
    InlineDataMedia,
    LinkStyle,
    ListIndentType,
    NewlineStyle,
    OutputFormat,
    TierStrategy,
    UrlEscapeStyle,
    WhitespaceMode,
    convert,
)

from scraper.core.errors import PageError
from scraper.markup.code_blocks import with_plain_code
from scraper.markup.excess import OF_MESSAGE, refuse_excess

_LAZY = re.compile(
    r"""<img\b(?:(?!<img)[^>])*?\sfile=["']([^"']++)["'](?:(?!<img)[^>])*+>""", re.I
)
# what to leave out, and the words without which a message need not be searched for it
_NOT_THE_POSTERS: Final = {
    "i.pstatus": "pstatus",
    "font.jammer": "jammer",
    "span[style*='none']": "none",
    "div[style*='none']": "none",
    "div.tip": "tip",
    "div.attach_popup": "attach_popup",
    "em[onclick*='copycode']": "copycode",
    "script": "<script",
    "style": "<style",
    "title": "<title",
    "meta": "<meta",
}
_STYLES: Final[dict[str, Any]] = {
    "code_block_style": CodeBlockStyle.BACKTICKS,
    "heading_style": HeadingStyle.ATX,
    "hidden_content": HiddenContent.DROP,
    "highlight_style": HighlightStyle.DOUBLE_EQUAL,
    "inline_data_media": InlineDataMedia.KEEP,
    "link_style": LinkStyle.INLINE,
    "list_indent_type": ListIndentType.SPACES,
    "newline_style": NewlineStyle.SPACES,
    "output_format": OutputFormat.MARKDOWN,
    "tier_strategy": TierStrategy.AUTO,
    "url_escape_style": UrlEscapeStyle.ANGLE,
    "whitespace_mode": WhitespaceMode.NORMALIZED,
}
"""The library's defaults: it looks them up by name in every call, which takes longer than
most conversions."""
_made: ContextVar[Mapping[str, str] | None] = ContextVar("made", default=None)


@contextmanager
def made_before(markdowns: Mapping[str, str]) -> Iterator[None]:
    """Within the block `to_markdown` takes what it has made elsewhere, by markup."""
    token = _made.set(markdowns)
    try:
        yield
    finally:
        _made.reset(token)


def to_markdown(html: str) -> str:
    """A message's markup as Markdown. Quotes stay, marked as such; empty where it cannot be
    converted."""
    made = _made.get()
    if made and html in made:
        return made[html]
    has_breaks_only = html.count("<") == html.count("<br>")
    if has_breaks_only:  # as most messages
        return _lines(html)
    try:
        refuse_excess(html.encode("utf-8", "replace"), OF_MESSAGE)
    except PageError:
        return ""
    if "blockcode" in html:
        html = with_plain_code(html)
    if "file=" in html:
        html = _LAZY.sub(r'<img src="\1">', html)
    left_out = [selector for selector, mark in _NOT_THE_POSTERS.items() if mark in html]
    # options are translated anew by every call
    options = None
    if left_out:
        options = ConversionOptions(
            **_STYLES,
            exclude_selectors=left_out,
            extract_metadata=False,
        )
    try:
        result = convert(html, options)
        return (result.content or "").strip()
    except (
        Exception
    ):  # its failures have no common base; the words are in `text` anyway
        return ""


def _lines(html: str) -> str:
    lines = []
    for line in html.split("<br>"):
        words = unescape(line).split()
        lines.append(" ".join(words))
    return "  \n".join(lines).strip()
