"""The name we give: honest, and without the words for which Discuz! shows another page."""

from __future__ import annotations

import pytest

from scraper.core.errors import InputError
from scraper.policy.user_agent import user_agent


def test_our_name_selects_no_other_page() -> None:
    assert user_agent("0.1.0", "https://keeper.example/forums") == (
        "discuz-archive/0.1.0 (+https://keeper.example/forums)"
    )
    assert user_agent("12.3.4") == "discuz-archive/12.3.4"


@pytest.mark.parametrize(
    "contact",
    [
        "robot@example.com",
        "https://MOTor.example",
        "legolg@example.com",
        "used@example.com",
        "connect@example.com",
        "java@example.com",
        "me (at home)",
        "我@example.com",
        "a\r\nX: y",
    ],
)
def test_contacts_that_would_change_the_page_or_the_header_are_refused(
    contact: str,
) -> None:
    with pytest.raises(InputError, match="contact"):
        user_agent("0.1.0", contact)
