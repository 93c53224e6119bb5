"""Markup grown from HTML's own expensive rules: each piece repeated until a parser that
follows the rules would need minutes or gigabytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final


def _bomb(kind: str, block: str) -> Callable[[int], str]:
    """Formatting elements left open, which every block after them opens again."""

    def grow(size: int) -> str:
        opened = "".join(f"<{kind} id={number}>" for number in range(size))
        return f"<p>{opened}{f'{block}字' * size}"

    return grow


def _attributes(tag: str, separator: str) -> Callable[[int], str]:
    def grow(size: int) -> str:
        names = separator.join(f"a{number}" for number in range(20 * size))
        return f"<{tag} {names}>"

    return grow


def _hidden_end(hiding: str) -> Callable[[int], str]:
    """Elements left open beside end tags that are none."""
    return lambda size: f"<div>{hiding}" * (20 * size)


def _repeated(outer: str, inner: str) -> Callable[[int], str]:
    return lambda size: outer * (6 * size) + inner * (50 * size)


ATTACKS: Final[dict[str, Callable[[int], str]]] = {
    "b in paragraphs": _bomb("b", "<p>"),
    "font in divisions": _bomb("font", "<div>"),
    "upper case": _bomb("I", "<P>"),
    "nobr in lists": _bomb("nobr", "<li>"),
    "slash for a blank": _bomb("u/class=x", "<p>"),
    "cells": _bomb("em", "<table><tr><td>"),
    "unclosed quote": _bomb("tt title='<", "<p>"),
    "ends in comments": lambda size: (
        "<p>"
        + "".join(f"<b id={number}><!-- </b> -->" for number in range(size))
        + "<p>字" * size
    ),
    "ends in select": lambda size: (
        "<p>"
        + "".join(f"<b id={number}>" for number in range(size))
        + f"<select>{'</b>' * size}</select>"
        + "<p>字" * size
    ),
    "ends in a table": lambda size: (
        "<p>"
        + "".join(f"<s id={number}>" for number in range(size))
        + f"<table>{'</s>' * size}</table>"
        + "<p>字" * size
    ),
    "attributes": _attributes("a", " "),
    "attributes behind quotes": _attributes("a", ' x=">" '),
    "attributes and slashes": _attributes("div", "/"),
    "attributes behind a comment": lambda size: (
        f'<!-- <a b=" -->{_attributes("p", " ")(size)}"'
    ),
    "ends of nothing": _hidden_end("</x>"),
    "ends in attributes": _hidden_end('<img alt="</div>">'),
    "ends in values without quotes": _hidden_end("<img alt=</div>"),
    "ends in comments alone": _hidden_end("<!--</div>-->"),
    "ends in text areas": _hidden_end("<textarea></div></textarea>"),
    "ends out of scope": _hidden_end("<table><tr><td></div>"),
    "deep paragraphs": _repeated("<div>", "<p></p>"),
    "deep list items": _repeated("<ul>", "<li>"),
    "deep terms": _repeated("<dl>", "<dd>"),
    "deep ends": _repeated("<div>", "</p>"),
    "options": _repeated("<select>", "<option>x"),
    "foreign cells": _repeated("<svg>", "<td>"),
    "bodies": lambda size: "".join(f"<body a{number}>" for number in range(20 * size)),
    "tags": lambda size: "<br>" * (400 * size),
}
"""Markup of about so many thousand pieces, by name; 2,000 is beyond reason for each."""
