"""What is broken in a page, and which look at it is sound."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.core.records import Capture
from scraper.fetch.damage import Breaks, breaks, damage, sound_look

_AT = datetime(2026, 11, 24, tzinfo=UTC)
NONE: Breaks = frozenset()
OWN: Breaks = frozenset(["a\ufffd", "b\ufffd", "c\ufffd"])
CUT: Breaks = frozenset([b"x\x00"])
OTHER: Breaks = frozenset([b"y\x01"])


def test_half_characters_are_no_damage() -> None:
    capture = Capture(
        "http://bbs.example/",
        _AT,
        "论坛".encode("gbk") * 20 + b"\xcc</a>",
        200,
        (("Content-Type", "text/html; charset=gbk"),),
    )
    assert 0 < damage(breaks(capture)) < 3
    assert not breaks(Capture("", _AT, "论坛\ufffd".encode() * 9))
    assert breaks(Capture("", _AT, "论坛\ufffd坛".encode() + b"\xe5<")) == {
        "论坛\ufffd坛\udce5"
    }
    assert damage(breaks(Capture("", _AT, b"<p>\x00\x01</p>"))) >= 3


@pytest.mark.parametrize(
    ("looks", "sound"),
    [
        ([NONE], 0),
        ([OWN], None),
        ([frozenset(["a\ufffd", "b\ufffd"])], 0),
        ([CUT], None),
        ([OWN, OWN], 0),
        ([OWN | CUT, OWN], 1),
        ([OWN | CUT, OWN | OTHER], None),
        ([OWN | CUT, OWN | OTHER, OWN], 2),
        ([CUT, OTHER, CUT], 0),
    ],
)
def test_a_look_is_sound_whose_breaks_are_those_of_another(
    looks: list[Breaks], sound: int | None
) -> None:
    assert sound_look(looks) == sound


@pytest.mark.parametrize(
    ("status", "kind", "looked_at"),
    [
        (200, "", True),
        (200, "text/html; charset=gbk", True),
        (200, "application/xhtml+xml", True),
        (200, "Application/JSON", True),
        (200, "image/png", False),
        (404, "text/html", False),
        (302, "", False),
    ],
)
def test_only_pages_of_text_are_looked_at(
    status: int, kind: str, looked_at: bool
) -> None:
    headers = (("Content-Type", kind),) if kind else ()
    capture = Capture("", _AT, b"<p>\x00\xff</p>", status, headers)
    assert bool(breaks(capture)) is looked_at
