"""Pages of a crawl as pywb shows them in Chromium: with their style sheets, their scripts, and
the pictures that scripts put in their place."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from browser import chromium, shots
from crawling import Runner
from fake_forum.dressing import LATE, SHEET, dress, file_at
from fake_forum.server import serve
from fake_forum.story import qingshi
from pywb_server import program, pywb
from warcio.archiveiterator import ArchiveIterator

from scraper.policy.plan import Scope

RED_EDGE = "rgb(12, 34, 56)"
"""The colour that the style sheet of ours gives the page's head."""
ACTS = "mod=misc&ac=sendmail"
WITHIN = re.compile(r"^http://[^/]+/forum/\w{2}_/")
NAMED = """() => ({
  sheets: [...document.querySelectorAll('link[rel=stylesheet]')].map(each => each.href),
  scripts: [...document.querySelectorAll('script[src]:not([src*="/static/wombat.js"])')].map(
    each => each.src),
  late: [...document.querySelectorAll('img[file]')].map(each => each.src),
  empty: [...document.querySelectorAll('img[file]')].filter(
    each => !each.complete || !each.naturalWidth).map(each => each.src),
})"""


ALL_CAME = """() => document.readyState === 'complete' &&
  [...document.querySelectorAll('img[file]')].every(each => each.complete)"""
EDGE = "() => getComputedStyle(document.querySelector('#hd')).borderTopColor"


@dataclass(frozen=True)
class Replayed:
    """A page as the browser had it: statuses by address, and what the page names."""

    statuses: dict[str, int]
    named: dict[str, list[str]]
    edge: str

    def status_of(self, address: str) -> int:
        """What an address that the page names was answered with; 0 for nothing."""
        return self.statuses.get(original(address), 0)


def original(address: str) -> str:
    """The forum's own address of what pywb has at one of its own."""
    bare = address.partition("#")[0]
    return WITHIN.sub("", bare)


def frame_of(page: Any) -> Any:
    """The frame in which pywb shows a page."""
    for _ in range(600):
        for frame in page.frames:
            if WITHIN.match(frame.url):
                return frame
        page.wait_for_timeout(100)
    raise AssertionError("pywb showed nothing")


def replayed(collection: str, url: str, picture: Path) -> Replayed:
    """A page in the browser, with a picture of it taken."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        statuses: dict[str, int] = {}

        def note(response: Any) -> None:
            statuses[original(response.url)] = response.status

        page.on("response", note)
        page.goto(f"{collection}{url}")
        frame = frame_of(page)
        frame.wait_for_function(ALL_CAME, timeout=60_000)
        named = frame.evaluate(NAMED)
        edge = frame.evaluate(EDGE)
        page.screenshot(path=str(picture))
    return Replayed(statuses, named, edge)


def check(shown: Replayed) -> None:
    """All that a page names is there, but what acts when it is asked for."""
    scripts = [each for each in shown.named["scripts"] if ACTS not in each]
    assert shown.named["sheets"]
    assert scripts
    assert shown.named["late"]
    for address in (*shown.named["sheets"], *scripts, *shown.named["late"]):
        assert shown.status_of(address) == 200, address
    assert shown.named["empty"] == []
    assert shown.edge == RED_EDGE


def test_a_thread_of_a_forum(tmp_path: Path) -> None:
    program("wayback")
    runner = Runner(tmp_path / "forum.db")
    with serve(qingshi(), guests_see_files=True) as site:
        dress(site.site)
        runner.run(site.url, media=True, requisites=True)
        url = site.url
    ((tid,),) = runner.rows(
        "SELECT t.tid FROM threads t JOIN posts p ON p.thread_id = t.id"
        " WHERE p.html LIKE '%file=\"data/attachment%' LIMIT 1"
    )
    picture = shots(tmp_path) / "replay-thread.png"
    with pywb(tmp_path / "pywb", tmp_path / "forum.warc") as collection:
        thread = f"{url}forum.php?mod=viewthread&tid={tid}"
        shown = replayed(collection, thread, picture)
    check(shown)
    assert picture.stat().st_size > 2_000


Recorded: TypeAlias = tuple[int, str, str, bytes]
"""Status, type, location, body."""


def recordings(warc: Path) -> tuple[str, dict[str, Recorded]]:
    """The host of a recorded forum, and the first answer of each address."""
    host = ""
    found: dict[str, Recorded] = {}
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type != "response":
                continue
            parts = urlsplit(record.rec_headers.get_header("WARC-Target-URI"))
            host = parts.netloc
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if path in found:
                continue
            headers = record.http_headers
            found[path] = (
                int(headers.get_statuscode()),
                headers.get_header("Content-Type") or "",
                headers.get_header("Location") or "",
                record.content_stream().read(),
            )
    return host, found


def not_recorded(path: str) -> Recorded:
    """What a recorded forum answers beside its pages: sheets and scripts of ours."""
    if path.endswith(".css"):
        return 200, "text/css", "", SHEET.encode()
    if path.endswith(".js"):
        text = LATE if "forum_viewthread" in path else "var loaded;"
        return 200, "application/javascript", "", text.encode()
    answer = file_at(path.lstrip("/"))
    if answer:
        return answer.status, answer.content_type, "", answer.body
    return 404, "text/html", "", b"<h1>404 Not Found</h1>"


@contextmanager
def recorded_forum(warc: Path) -> Iterator[str]:
    """A recorded forum on loopback."""
    host, pages = recordings(warc)
    host_in_text = re.compile(rb"%s(?![\w.])" % re.escape(host.encode()))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

        def do_GET(self) -> None:
            here = self.headers["Host"]
            path = re.sub(r"&(extra=[^&]*|page=1)(?=&|$)", "", self.path)
            found = pages.get(path) or not_recorded(urlsplit(path).path)
            status, kind, location, body = found
            body = host_in_text.sub(here.encode(), body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if location:
                self.send_header("Location", location.replace(host, here))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    worker = threading.Thread(target=server.serve_forever, daemon=True)
    worker.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        worker.join()


def test_a_thread_of_the_recorded_forum(tmp_path: Path, shared: Path) -> None:
    program("wayback")
    runner = Runner(tmp_path / "forum.db")
    with recorded_forum(shared / "sites" / "x35-site.warc.gz") as url:
        scope = Scope(threads=frozenset({403}))
        runner.run(url, scope=scope, media=True, requisites=True)
    picture = shots(tmp_path) / "replay-recorded-thread.png"
    with pywb(tmp_path / "pywb", tmp_path / "forum.warc") as collection:
        thread = f"{url}forum.php?mod=viewthread&tid=403"
        shown = replayed(collection, thread, picture)
    check(shown)
    assert len(shown.named["sheets"]) >= 3
    assert len(shown.named["scripts"]) == 6
