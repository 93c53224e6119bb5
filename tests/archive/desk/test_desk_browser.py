"""A person who saves a forum in a real browser, with scripts and without, wide and narrow,
by mouse and by keys alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import serious_faults, shots
from crawling import readable
from desk_client import PATIENCE_S, Desk, forum_of_radios, running
from fake_forum.server import Running, serve

from tests.archive_of_posts import make_archive

PATIENCE_MS = PATIENCE_S * 1000


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(forum_of_radios(boards=1, threads=3)) as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "archives"
    folder.mkdir()
    with running(folder) as found:
        yield found


@pytest.mark.parametrize(
    ("with_scripts", "width", "scheme"),
    [(False, 1280, "light"), (True, 390, "dark")],
)
def test_a_forum_is_saved(
    browser: Any,
    desk: Desk,
    site: Running,
    tmp_path: Path,
    with_scripts: bool,
    width: int,
    scheme: str,
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale="zh-CN",
        java_script_enabled=with_scripts,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    folder = shots(tmp_path)

    def see(name: str) -> None:
        page.screenshot(
            path=folder / f"desk-{name}-{width}-{scheme}.png", full_page=True
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").count() == 1

    page.goto(desk.entrance)
    assert "token" not in page.url, "it does not stay in the address bar"
    see("first")
    site.hold_after = 4
    page.get_by_label("网址", exact=True).fill(site.url)
    page.get_by_label("图片和附件也存").check()
    page.locator("summary").first.click()
    page.get_by_label("每页之间停几秒").fill("0")
    page.get_by_label("文件名").fill("收音机")
    see("filled")
    page.get_by_role("button", name="开始保存").click()
    page.get_by_role("heading", name="正在保存 收音机.db").wait_for()
    see("running")

    # a second one is refused with a sentence
    page.goto(desk.place)
    page.get_by_label("网址", exact=True).fill(site.url)
    page.get_by_role("button", name="开始保存").click()
    assert "一次只做一件事" in page.get_by_role("alert").inner_text()
    page.get_by_role("link", name="正在保存 收音机.db").click()

    page.get_by_role("button", name="停下", exact=True).click()
    page.get_by_role("heading", name="可以接着存").wait_for()
    see("stopped")
    site.hold_after = None
    page.get_by_role("button", name="接着存").click()
    # no key is pressed, no script loads the page again
    page.get_by_role("heading", name="已存完 收音机.db").wait_for()
    see("done")

    page.get_by_role("link", name="回到首页").click()
    see("archives")
    page.get_by_role("searchbox").fill("收音机")
    page.get_by_role("button", name="搜索", exact=True).click()
    page.wait_for_load_state()
    assert page.locator("mark").first.inner_text() == "收音机"

    page.goto(desk.place)
    page.get_by_label("格式").select_option("txt")
    page.get_by_role("button", name="导出").click()
    page.get_by_role("heading", name="已导出 收音机.db").wait_for()
    page.get_by_role("button", name="结束程序").click()
    page.get_by_role("heading", name="程序已结束").wait_for()
    context.close()

    assert desk.process.wait(PATIENCE_S) == 0
    assert (desk.folder / "收音机.txt").stat().st_size > 0
    conn = sqlite3.connect(desk.folder / "收音机.db")
    found = {row[0] for row in conn.execute("SELECT pid FROM posts")}
    conn.close()
    assert found == readable(site.forum)


def test_by_keys_alone(browser: Any, desk: Desk, site: Running) -> None:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(desk.entrance)

    def tab_to(selector: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.locator(f"{selector}:focus").count():
                return
        raise AssertionError(f"no way to {selector}")

    tab_to("#address")
    page.keyboard.type(site.url)
    tab_to("summary")
    page.keyboard.press("Enter")
    tab_to("#delay")
    page.keyboard.press("Control+A")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="127.0.0.1.db is saved").wait_for()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_keeps_people_from_it(
    browser: Any, desk: Desk, width: int, scheme: str
) -> None:
    """axe-core finds no serious fault, with an archive that is offered and without, nor in
    what is said of a mistake."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(desk.entrance)
    faults = serious_faults(page)
    make_archive(desk.folder / "radios.db").close()
    page.goto(desk.place)
    assert page.get_by_text("radios").count() > 0
    faults += serious_faults(page)
    page.locator("#address").fill("no address")
    page.locator("button.main").click()
    page.get_by_role("alert").wait_for()
    faults += serious_faults(page)
    context.close()
    assert faults == []


def test_a_page_of_another_site_cannot_use_it(
    browser: Any, desk: Desk, site: Running
) -> None:
    """In the same browser, after the owner has come in: forms, frames, pictures, links."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(desk.entrance)
    evil = context.new_page()
    statuses: list[int] = []
    evil.on(
        "response",
        lambda answer: (
            statuses.append(answer.status)
            if answer.url.startswith(desk.place)
            else None
        ),
    )
    evil.goto(site.url)  # of another port: another origin on the same site
    markup = f"""<form id="f" method="post" action="{desk.place}save">
      <input name="address" value="{site.url}"><input name="key" value="x"></form>"""
    evil.evaluate(
        """markup => { document.body.innerHTML = markup;
        document.getElementById('f').submit(); }""",
        markup,
    )
    evil.wait_for_timeout(500)
    evil.goto(site.url)
    evil.evaluate(
        """place => { document.body.innerHTML =
        `<iframe src="${place}"></iframe><img src="${place}"><a href="${place}">x</a>`; }""",
        desk.place,
    )
    evil.locator("a").click()
    evil.wait_for_load_state()
    assert "another site" in evil.inner_text("body")
    assert statuses
    assert set(statuses) == {403}
    page.reload()
    assert page.locator(".note").count() == 0, "nothing was begun"
    context.close()
