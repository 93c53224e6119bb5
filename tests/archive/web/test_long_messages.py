"""Messages that no forum prints and an attacker may: nested and long. Nothing is timed: with
code that needs the square of its input these tests do not end."""

from __future__ import annotations

import pytest

from archive.store.markdown import to_markdown
from archive.web.message import MessageContext, render_message

CONTEXT = MessageContext(link=str, picture=lambda address: ("", address))
CODE = '<div class="blockcode">'


@pytest.mark.parametrize(
    "opening",
    [
        CODE,
        f"{CODE}<ol><li>",
        f"{CODE}<code>",
        '<div class="quote"><blockquote>',
        '<div class="sign">',
        '<div class="locked"><font color="red">',
        "<pre>\n",
        "<table><tr><td>",
    ],
)
def test_what_is_nested_beyond_reason_is_shown_by_its_words(opening: str) -> None:
    message = opening * 10_000 + "词"
    assert str(render_message(message, CONTEXT)).strip().endswith("词")
    assert to_markdown(message) == ""


def test_code_within_code_is_code() -> None:
    message = f"{CODE}<ol><li>甲<br>" * 100 + "乙"
    shown = str(render_message(message, CONTEXT))
    assert shown.count("<pre") == 1
    assert shown.count("甲") == 100
    assert shown.endswith("乙</code></pre>")


def test_blocks_of_code_beside_each_other_are_each_kept() -> None:
    block = f'{CODE}<div id="code_x"><ol><li>甲<br /><li>&nbsp; 乙</ol></div></div>'
    shown = str(render_message(block * 3 + "丙", CONTEXT))
    assert shown.count('<pre class="code"><code>甲\n  乙</code></pre>') == 3


def test_many_pieces_on_one_line_of_code() -> None:
    message = f"{CODE}<code>{'<b>字</b>' * 20_000}</code></div>"
    assert "字" * 20_000 in str(render_message(message, CONTEXT))


def test_hidden_parts_within_hidden_parts_are_taken_out_once() -> None:
    message = '<div class="tip"><font class="jammer">x' * 200 + "</font></div>" * 200
    shown = render_message(f"前{message}后<b>词</b>" * 20, CONTEXT)
    assert str(shown) == "前后<b>词</b>" * 20
