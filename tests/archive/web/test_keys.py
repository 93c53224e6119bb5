"""Keys that turn pages: announced where they work, and left to the reader where something is
typed or moved sideways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browser import served

from archive.reading.thread_lists import PAGE_ROWS
from tests.archive_of_posts import Row, insert, make_archive

THREAD = "/f/1/thread/1"
BOARD = "/f/1/board/1"


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A thread and a board of three pages each."""
    path = tmp_path_factory.mktemp("keys") / "forum.db"
    rows = [Row(text=f"第{floor}楼", floor=floor) for floor in range(1, 26)]
    conn = make_archive(path, rows)
    for tid in range(2, 2 * PAGE_ROWS + 2):
        insert(conn, "threads", site_id=1, tid=tid, board_id=1, title=f"主题{tid}")
    wide = f"<table><tr>{'<td>很宽的一格</td>' * 80}</tr></table>"
    conn.execute("UPDATE posts SET html = ? WHERE floor = 12", (wide,))
    conn.commit()
    conn.close()
    with served(path) as found:
        yield found


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.mark.parametrize(
    ("begin", "key", "end"),
    [
        (THREAD, "ArrowRight", f"{THREAD}?page=2"),
        (f"{THREAD}?page=2", "ArrowRight", f"{THREAD}?page=3"),
        (f"{THREAD}?page=2", "ArrowLeft", f"{THREAD}?page=1"),
        (
            f"{THREAD}?order=newest&page=2",
            "ArrowRight",
            f"{THREAD}?order=newest&page=3",
        ),
        (BOARD, "ArrowRight", f"{BOARD}?sort=reply&show=all&year=0&page=2"),
        (f"{BOARD}?page=3", "ArrowLeft", f"{BOARD}?sort=reply&show=all&year=0&page=2"),
    ],
)
def test_arrows_turn_pages(
    page: Any, address: str, begin: str, key: str, end: str
) -> None:
    page.goto(address + begin)
    page.keyboard.press(key)
    page.wait_for_url(address + end)


def stays(page: Any, press: str = "ArrowRight") -> bool:
    """Whether a key leads nowhere: the next page would be asked for at once."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press(press)
    page.evaluate("new Promise(done => setTimeout(done, 200))")
    return asked == []


@pytest.mark.parametrize("field", [".find input", "#to", "#words"])
def test_not_while_something_is_typed(page: Any, address: str, field: str) -> None:
    page.goto(address + THREAD)
    page.locator(field).fill("收音机")
    assert stays(page)
    assert stays(page, "ArrowLeft")


@pytest.mark.parametrize("modifier", ["Alt", "Control", "Shift", "Meta"])
def test_not_with_other_keys(page: Any, address: str, modifier: str) -> None:
    page.goto(f"{address}{THREAD}?page=2")
    page.evaluate("addEventListener('keydown', event => event.preventDefault())")
    assert stays(page, f"{modifier}+ArrowRight")


@pytest.mark.parametrize(
    ("begin", "key"),
    [
        (THREAD, "ArrowLeft"),
        (f"{THREAD}?page=3", "ArrowRight"),
        (BOARD, "ArrowLeft"),
        (f"{THREAD}?page=2", "n"),
        (f"{THREAD}?page=2", "Escape"),
        (f"{THREAD}?page=2", '"'),
    ],
)
def test_no_key_leads_beyond_the_ends_or_elsewhere(
    page: Any, address: str, begin: str, key: str
) -> None:
    page.goto(address + begin)
    assert stays(page, key)


def test_not_where_arrows_move_what_is_shown(page: Any, address: str) -> None:
    page.goto(f"{address}{THREAD}?page=2")
    wide = page.locator(".message table")
    wide.evaluate("each => { each.tabIndex = 0 }")
    wide.focus()
    assert wide.evaluate("each => each.scrollWidth > each.clientWidth")
    assert stays(page)
    wide.blur()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**?page=3")


def test_a_key_held_down_turns_one_page(page: Any, address: str) -> None:
    page.goto(address + THREAD)
    page.keyboard.down("ArrowRight")
    page.wait_for_url("**?page=2")
    page.wait_for_load_state()
    page.keyboard.down("ArrowRight")
    page.evaluate("new Promise(done => setTimeout(done, 200))")
    assert page.url.endswith("?page=2")


@pytest.mark.parametrize("path", [THREAD, BOARD])
def test_keys_are_announced(page: Any, address: str, path: str) -> None:
    page.goto(f"{address}{path}?page=2")
    for rel, key, title in (
        ("prev", "ArrowLeft", "或按 ← 键"),
        ("next", "ArrowRight", "或按 → 键"),
    ):
        link = page.locator(f"nav.pages a[rel={rel}]").first
        assert link.get_attribute("aria-keyshortcuts") == key
        assert link.get_attribute("title") == title


def test_without_scripts_no_key_is_announced(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + THREAD)
    link = page.locator("nav.pages a[rel=next]").first
    assert link.get_attribute("aria-keyshortcuts") is None
    assert link.get_attribute("title") is None
    context.close()
