"""Blocks of code in a message's tree, put as plain `pre > code` for readers."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markup.code import read_code
from scraper.markup.html import outermost

_BLOCK = "div.blockcode"


def put_code_plainly(tree: LexborHTMLParser, body: LexborNode, name: str = "") -> None:
    """Put a `pre` in the place of each block of code, line by line as it was typed. A block
    within a block is part of its code. `name`: the class that each `pre` gets."""
    for node in outermost(body, _BLOCK):
        block = _plain(tree, node)
        if name:
            block.attrs["class"] = name
        node.replace_with(block)


def with_plain_code(html: str) -> str:
    """A message's markup, each block of code as `pre > code`. The markup must have been
    looked at for excess before."""
    tree = LexborHTMLParser(f"<body>{html}")
    body = tree.body
    if body is None:
        return html
    put_code_plainly(tree, body)
    return body.inner_html or ""


def _plain(tree: LexborHTMLParser, node: LexborNode) -> LexborNode:
    source = node.css_first("code") or node.css_first("[id^=code]") or node
    lines = str(read_code(source))
    code = tree.create_node("code")
    code.insert_child(lines)
    block = tree.create_node("pre")
    block.insert_child(code)
    return block
