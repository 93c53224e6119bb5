"""Posts, names, titles and queries that attack their reader, shown in Chromium: nothing
runs, nothing goes out.

Once as our pages are, and once with their Content-Security-Policy switched off: each of the
two walls holds alone.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from attacks import ALL, NAMES, OUTSIDE
from browser import served

from archive.web.message import MessageContext, render_message
from tests.archive_of_posts import Row, insert, make_archive

BEGAN = datetime(2024, 5, 1, tzinfo=UTC)
_LOOK = """() => {
  for (const each of document.querySelectorAll('details')) each.open = true
  for (const each of document.querySelectorAll('*')) {
    for (const kind of ['mouseover', 'pointerover', 'focus', 'focusin', 'animationstart', 'input'])
      each.dispatchEvent(new Event(kind, {bubbles: true}))
    if (each.focus) each.focus()
  }
  const links = [...document.querySelectorAll('a[href]')].map(each => each.protocol)
  const isOurs = each => each.matches("head > script[src='/-/forum/reading.js']:empty")
  const all = [...document.querySelectorAll('*')].filter(each => !isOurs(each))
  const inline = all.flatMap(each => each.getAttributeNames())
    .filter(name => name.startsWith('on') || name === 'style')
  const kinds = [...new Set(all.map(each => each.tagName.toLowerCase()))]
  return {links: [...new Set(links)], inline, kinds, ran: window.ran || 0}
}"""
_NEVER = {
    "script",
    "iframe",
    "object",
    "embed",
    "applet",
    "svg",
    "math",
    "style",
    "base",
    "template",
    "video",
    "audio",
    "frame",
    "frameset",
    "textarea",
    "noscript",
    "portal",
    "source",
}


@pytest.fixture(scope="module")
def attacked(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An archive whose every word is an attack."""
    path = tmp_path_factory.mktemp("attacks") / "attacks.db"
    conn = make_archive(
        path,
        [
            Row(
                text=attack,
                floor=floor,
                opening=floor == 1,
                author=NAMES[floor % len(NAMES)],
                posted_at=f"{BEGAN + timedelta(minutes=floor):%Y-%m-%dT%H:%M:%SZ}",
            )
            for floor, attack in enumerate(ALL, 1)
        ],
    )
    for row, attack in enumerate(ALL, 1):
        conn.execute(
            """UPDATE posts SET html = ?, signature = ?, edited_by = ?,
            edited_at = '2024' WHERE id = ?""",
            (attack, attack, attack[:80], row),
        )
    _names(conn)
    conn.commit()
    conn.close()
    with served(path) as address:
        yield address


def _names(conn: sqlite3.Connection) -> None:
    for number, name in enumerate(NAMES, 1):
        insert(conn, "users", site_id=1, uid=number, name=name)
        insert(conn, "user_fields", user_id=number, position=1, name=name, value=name)
        board = insert(
            conn,
            "boards",
            site_id=1,
            fid=100 + number,
            name=name,
            description=name,
            category=name,
            moderators=name,
        )
        insert(
            conn,
            "threads",
            site_id=1,
            tid=1000 + number,
            board_id=board,
            title=name,
            type=name,
            author=name,
            last_author=name,
            user_id=number,
        )
        insert(conn, "thread_tags", thread_id=1, tag=name)
        insert(
            conn, "thread_fields", thread_id=1, position=number, name=name, value=name
        )
        insert(
            conn,
            "attachments",
            post_id=number,
            position=1,
            name=name,
            url=name,
            description=name,
        )
        insert(conn, "images", post_id=number, position=1, url=name)
        insert(
            conn,
            "ratings",
            post_id=number,
            position=1,
            author=name,
            credit=name,
            reason=name,
        )
        insert(conn, "comments", post_id=number, position=1, author=name, text=name)
        insert(conn, "polls", post_id=number)
        insert(conn, "poll_options", post_id=number, position=1, text=name, votes=1)
        insert(
            conn,
            "post_versions",
            post_id=number,
            text=name,
            subject=name,
            first_seen_at="2024",
            last_seen_at="2024",
        )
        insert(conn, "runs", command=name, arguments=name, message=name, outcome=name)
        insert(
            conn,
            "frontier",
            site_id=1,
            kind="thread",
            item=number,
            state="given_up",
            outcome=name,
            message=name,
        )
        insert(conn, "captures", url=name, outcome="failed", message=name, digest=name)
        conn.execute(
            "UPDATE posts SET user_id = ?, subject = ?, withheld = ?, side = ? WHERE id = ?",
            (number, name, name, name, number),
        )
    conn.execute("UPDATE boards SET name = ? WHERE id = 1", (NAMES[1],))
    conn.execute(
        "UPDATE threads SET title = ?, type = ?, special = ? WHERE id = 1",
        (NAMES[0], NAMES[1], NAMES[2]),
    )
    conn.execute("UPDATE sites SET name = ?, software = ?", (NAMES[0], NAMES[1]))


def listen(page: Any) -> tuple[list[str], list[str]]:
    """What a page asks for, and what its dialogs say, as lists that grow."""
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    return asked, said


@pytest.mark.parametrize(
    "bypass_csp", [False, True], ids=["as served", "without the policy"]
)
def test_nothing_runs_and_nothing_goes_out(
    browser: Any, attacked: str, bypass_csp: bool
) -> None:
    context = browser.new_context(bypass_csp=bypass_csp)
    page = context.new_page()
    asked, said = listen(page)
    page.add_init_script(
        """window.alert = window.confirm = window.prompt =
            () => { window.ran = (window.ran || 0) + 1 }"""
    )
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("popup", lambda popup: said.append(f"popup {popup.url}"))
    queries = [f"/search?q={quote(name)}" for name in (*NAMES, *ALL[::9])]
    paths = [f"/f/1/thread/1?page={number}" for number in range(1, len(ALL) // 10 + 2)]
    paths += [f"/f/1/post/{row}/versions" for row in range(1, len(NAMES) + 1)]
    paths += [f"/f/1/post/{row}/picture/1" for row in range(1, len(NAMES) + 1)]
    paths += [f"/f/1/post/{row}/similar" for row in range(1, len(ALL), 40)]
    paths += [f"/f/1/user/{row}" for row in range(1, len(NAMES) + 1)]
    paths += [
        "/",
        "/f/1",
        "/f/1/board/1",
        "/f/1/board/101",
        "/f/1/thread/1001",
        "/health",
        "/pictures",
        *queries,
        "/pictures/growth?thread=1",
        f"/f/1/author/{quote(NAMES[0], safe='')}",
    ]
    faults = []
    for path in paths:
        page.goto(attacked + path)
        seen = page.evaluate(_LOOK)
        if seen["ran"] or seen["inline"] or _NEVER & set(seen["kinds"]):
            faults.append(f"{path}: {seen}")
        if strange := set(seen["links"]) - {"http:", "https:", "ftp:", "mailto:"}:
            faults.append(f"{path}: links to {strange}")
    context.close()
    assert faults == []
    assert [each for each in asked if not each.startswith(f"{attacked}/")] == []
    assert [each for each in said if "404" not in each and "400" not in each] == []


def test_nothing_runs_on_the_pages_of_the_data(browser: Any, attacked: str) -> None:
    page = browser.new_page()
    asked, said = listen(page)
    page.add_init_script("window.alert = () => { window.ran = (window.ran || 0) + 1 }")
    tables = (
        "posts?_size=300",
        "post_list?_size=300",
        "threads",
        "thread_list",
        "boards",
        "users",
        "attachments",
        "runs",
        "captures",
        "posts/1",
        "vanished",
        "silent_threads",
        f"search?q={quote(NAMES[0])}",
    )
    for table in tables:
        page.goto(f"{attacked}/attacks/{table}")
        assert not page.evaluate("window.ran"), table
        assert not page.locator("a[href^='javascript:'], a[href^='data:']").count(), (
            table
        )
    page.close()
    assert said == []
    assert [each for each in asked if not each.startswith(f"{attacked}/")] == []


def test_this_test_would_notice(browser: Any) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script("window.alert = () => { window.ran = (window.ran || 0) + 1 }")
    page.goto("about:blank")
    ran = 0
    for attack in (
        "<img src=x onerror=alert(1)>",
        "<p onmouseover=alert(1)>x</p>",
        ALL[0],
        ALL[-1],
    ):
        page.set_content(attack)
        ran += page.evaluate(_LOOK)["ran"]
    page.set_content(f"<img src={OUTSIDE}>")
    page.close()
    assert ran >= 3
    assert OUTSIDE in asked


def test_answers_keep_browsers_from_running_or_telling_anything(
    browser: Any, attacked: str
) -> None:
    page = browser.new_page()
    answers = [
        page.request.get(f"{attacked}{path}")
        for path in ("/pictures/months.svg?site=1", "/f/1/thread/1")
    ]
    assert "sandbox" in answers[0].headers["content-security-policy"]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy.partition("script-src")[2]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
    page.close()


@pytest.mark.parametrize("attack", ALL)
def test_the_sanitiser_alone_lets_nothing_through(attack: str) -> None:
    context = MessageContext(
        lambda href: href, lambda source: ("", source), "picture: "
    )
    html = str(render_message(attack, context))
    assert not re.search(
        r"<(?:script|style|iframe|svg|math|object|embed|base|link|meta|form|input)\b",
        html,
        re.I,
    )
    for tag in re.findall(r"<[a-z][^>]*>", html):
        names = re.sub(r'"[^"]*"', '""', tag)
        assert not re.search(
            r"\s(?:on\w+|style|src|srcset|action|formaction)\s*=", names
        ), tag
    assert not re.search(
        r"""(?:href|src)\s*=\s*"(?!https?:|ftp:|mailto:|/f/|/-/media/|#p)""", html
    ), html
