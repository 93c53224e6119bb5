"""Charts that are wider than a phone: the newest is in view at once, and one sees that there
is more."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser import served, shots

from tests.archive_of_posts import Row, make_archive

WIDTH = 390
MONTHS = "[aria-labelledby=f-months].wide"
HOURS = "[aria-labelledby=f-hours].wide"


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A forum of five years, busier each year."""
    database = tmp_path_factory.mktemp("charts") / "forum.db"
    rows = []
    for year in range(2019, 2024):
        for month in range(1, 13):
            posted_at = f"{year}-{month:02}-01T08:00:00Z"
            rows += [Row(text="帖", posted_at=posted_at)] * (year - 2016)
    make_archive(database, rows).close()
    with served(database) as found:
        while "f-months" not in drawn(found):
            time.sleep(0.5)
        yield found


def drawn(address: str) -> str:
    """The headings of the charts that have been counted for."""
    page = httpx.get(f"{address}/pictures", trust_env=False, timeout=60).text
    return " ".join(re.findall('class="scroll wide[^>]*labelledby="([^"]+)"', page))


@pytest.fixture(params=["light", "dark"])
def page(
    browser: Any, address: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 900},
        color_scheme=request.param,
        locale="zh-CN",
        java_script_enabled=False,
    )
    opened = context.new_page()
    opened.goto(f"{address}/pictures")
    opened.screenshot(
        path=shots(tmp_path) / f"charts-{request.param}.png", full_page=True
    )
    yield opened
    context.close()


def edges(page: Any, box: str) -> tuple[float, float, float, float]:
    """Left and right of a box that scrolls, and of the picture in it."""
    outer = page.locator(box).bounding_box()
    inner = page.locator(f"{box} img").bounding_box()
    return (
        outer["x"],
        outer["x"] + outer["width"],
        inner["x"],
        inner["x"] + inner["width"],
    )


def test_the_newest_months_are_first_in_view(page: Any) -> None:
    left, right, picture_left, picture_right = edges(page, MONTHS)
    assert abs(picture_right - right) <= 1
    assert picture_left < left - 50, "there is nothing to scroll to"


def test_the_oldest_months_can_be_scrolled_to(page: Any) -> None:
    page.locator(MONTHS).focus()
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    left, _, picture_left, _ = edges(page, MONTHS)
    assert abs(picture_left - left) <= 1


def test_a_day_is_read_from_its_first_hour(page: Any) -> None:
    left, right, picture_left, picture_right = edges(page, HOURS)
    assert abs(picture_left - left) <= 1
    assert picture_right > right + 50


def test_a_chart_says_that_it_scrolls_where_it_does(page: Any) -> None:
    cues = page.locator(".cue")
    assert cues.count() == 2
    assert all(cue.is_visible() for cue in cues.all())
    assert "最新" in cues.first.text_content()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not any(cue.is_visible() for cue in cues.all())


def test_more_behind_an_edge_is_shown_by_a_shadow(page: Any, browser: Any) -> None:
    """At the left, where older months lie, and not at the right, where nothing does; the
    other way round once the oldest are in view."""
    box = page.locator(MONTHS)
    ground, left, right = brightness(browser, box.screenshot(), (0.5, 0.0, 1.0))
    assert abs(left - ground) > 15
    assert abs(right - ground) < 6
    box.focus()
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    ground, left, right = brightness(browser, box.screenshot(), (0.5, 0.0, 1.0))
    assert abs(left - ground) < 6
    assert abs(right - ground) > 15


def brightness(browser: Any, picture: bytes, across: tuple[float, ...]) -> list[int]:
    """How bright a picture is at some places of its lowest row, where no label stands: 0 to
    255."""
    page = browser.new_page()
    page.set_content(f'<img src="data:image/png;base64,{b64encode(picture).decode()}">')
    found: list[int] = page.evaluate(
        """async across => {
          const image = document.images[0];
          await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height);
          const drawing = canvas.getContext("2d");
          drawing.drawImage(image, 0, 0);
          return across.map(each => {
            const x = Math.round(2 + each * (image.width - 5));
            const [red, green, blue] = drawing.getImageData(x, image.height - 3, 1, 1).data;
            return Math.round((red + green + blue) / 3);
          });
        }""",
        list(across),
    )
    page.close()
    return found
