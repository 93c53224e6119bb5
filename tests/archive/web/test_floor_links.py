"""The link of a floor: copied by a click that says so, and a plain link where no script runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import served
from static_server import serve_folder

from archive.commands.export import command
from tests.archive_of_posts import Row, make_archive

FLOORS = 12
LINK = "a.floor >> nth={}"
MAY_COPY = ["clipboard-read", "clipboard-write"]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        Row(text=f"第{floor}楼的话", floor=floor, opening=floor == 1)
        for floor in range(1, FLOORS + 1)
    ]
    path = tmp_path_factory.mktemp("floors") / "forum.db"
    make_archive(path, rows).close()
    return path


@pytest.fixture(scope="module")
def address(browser: Any, db: Path) -> Iterator[str]:
    with served(db) as found:
        yield found


@pytest.fixture
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    options = {"locale": "zh-CN", **getattr(request, "param", {})}
    context = browser.new_context(**options)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    yield page
    context.close()
    assert [each for each in faults if "404" not in each] == [], "it asks for an icon"


def copied(page: Any) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"locale": "zh-CN"}, "已复制链接：3 楼 · 板凳"),
        ({"locale": "zh-TW"}, "已複製連結：3 樓 · 板凳"),
        ({"locale": "en-GB"}, "Link copied: #3"),
    ],
    indirect=["page"],
)
def test_a_click_copies_the_link_and_says_so(
    page: Any, address: str, said: str
) -> None:
    page.context.grant_permissions(MAY_COPY)
    page.goto(f"{address}/f/1/thread/1")
    page.click(LINK.format(2))
    page.locator("[role=status]", has_text=said).wait_for()
    assert copied(page) == f"{address}/f/1/post/3"
    assert page.url == f"{address}/f/1/thread/1", "the reader stays"


def test_a_key_copies_it_too(page: Any, address: str) -> None:
    page.context.grant_permissions(MAY_COPY)
    page.goto(f"{address}/f/1/thread/1")
    page.locator(LINK.format(1)).press("Enter")
    page.locator("[role=status]", has_text="2 楼").wait_for()
    assert copied(page) == f"{address}/f/1/post/2"


def test_what_was_said_goes_away(page: Any, address: str) -> None:
    page.context.grant_permissions(MAY_COPY)
    page.clock.install()
    page.goto(f"{address}/f/1/thread/1")
    page.click(LINK.format(0))
    page.locator("[role=status]", has_text="1 楼").wait_for()
    page.clock.run_for(10_000)
    assert not page.locator("[role=status]").text_content()


def test_without_the_clipboard_of_safe_addresses(page: Any, address: str) -> None:
    """As on a page that came by http from another machine."""
    page.context.grant_permissions(MAY_COPY)
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(f"{address}/f/1/thread/1")
    page.click(LINK.format(4))
    page.locator("[role=status]", has_text="5 楼").wait_for()
    safe = page.context.new_page()
    safe.goto(address)
    assert copied(safe) == f"{address}/f/1/post/5"


def test_what_cannot_be_copied_is_a_link(page: Any, address: str) -> None:
    page.add_init_script(
        "delete Navigator.prototype.clipboard; document.execCommand = () => false"
    )
    page.goto(f"{address}/f/1/thread/1")
    page.click(LINK.format(3))
    page.wait_for_url("**/thread/1#p4")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_it_is_a_link(page: Any, address: str) -> None:
    page.goto(f"{address}/f/1/thread/1?page=2")
    assert page.locator(LINK.format(0)).get_attribute("title") is None
    page.click(LINK.format(1))
    page.wait_for_url("**/thread/1?page=2#p12")
    assert page.locator("article:target").inner_text().count("第12楼的话") == 1


@pytest.mark.parametrize("modifier", ["Control", "Shift"])
def test_a_link_in_another_tab_or_window(
    page: Any, address: str, modifier: str
) -> None:
    page.goto(f"{address}/f/1/thread/1")
    with page.context.expect_page() as opened:
        page.click(LINK.format(1), modifiers=[modifier])
    opened.value.wait_for_url("**/thread/1#p2")
    assert not page.locator("[role=status]").text_content()


def test_pages_may_load_our_script_alone(page: Any, address: str) -> None:
    answer = page.request.get(f"{address}/f/1/thread/1")
    policy = answer.headers["content-security-policy"]
    directives = {each.split()[0]: each for each in policy.split("; ")}
    assert directives["default-src"] == "default-src 'none'"
    assert directives["script-src"] == "script-src 'self'"
    other = page.request.get(f"{address}/f/1/board/9")
    assert other.status == 404
    assert "script-src" not in other.headers["content-security-policy"]
    script = page.request.get(f"{address}/-/forum/reading.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.fixture(scope="module")
def site(db: Path) -> Path:
    """Its folder of plain files."""
    target = db.with_name("site")
    words = [str(db), "--format", "site", "--to", str(target)]
    assert command.main(words, standalone_mode=False) == 0
    return target


def test_in_a_site_on_a_web_space(page: Any, site: Path) -> None:
    page.context.grant_permissions(MAY_COPY)
    with serve_folder(site) as space:
        page.goto(f"{space.url}f/1/thread/1-2.html")
        page.click(LINK.format(1))
        page.locator("[role=status]", has_text="已复制链接：12 楼").wait_for()
        assert copied(page) == f"{space.url}f/1/thread/1-2.html#p12"


def test_in_a_site_opened_as_files(page: Any, site: Path) -> None:
    page.goto((site / "en/f/1/thread/1.html").as_uri())
    page.click(LINK.format(4))
    page.locator("[role=status]", has_text="Link copied: #5").wait_for()
