"""Two texts as they can be compared where their smilies have other codes: a set that was
renamed, a browser's saved copy that renames or inlines their files."""

from __future__ import annotations

import re
from collections.abc import Callable

from archive.store.wording import squeezed
from scraper.core.records import Post
from scraper.markup.smilies import numbered_smilies


def comparable(
    stored_text: str, stored_html: Callable[[], str], post: Post
) -> tuple[str, str]:
    """The stored words and a page's, with the numbers of smilies in place of their codes
    where both messages have numbers. `stored_html` is asked only where the words differ."""
    texts = (stored_text, post.text)
    if "smilieid=" not in post.html or squeezed(stored_text) == squeezed(post.text):
        return texts
    stored_smilies = numbered_smilies(stored_html())
    if not stored_smilies:
        return texts
    return (
        _with_numbers(stored_text, stored_smilies),
        _with_numbers(post.text, numbered_smilies(post.html)),
    )


def _with_numbers(text: str, smilies: list[tuple[str, str]]) -> str:
    numbers = {code: number for number, code in smilies}
    if not numbers:
        return text
    longest_first = sorted(numbers, key=len, reverse=True)
    codes = re.compile("|".join(map(re.escape, longest_first)))
    return codes.sub(lambda found: f"\0{numbers[found[0]]}\0", text)
