"""A forum that does its worst, one scenario after the other: each is bounded in time, memory
and requests, what became of the attacked page is named, and the other pages are read."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from corpus import ROOT

STUCK_S = 300
"""Nothing takes so long but what has no end; most scenarios take two seconds."""
MOST_MB = 500
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_TRIES = 6


@dataclass(frozen=True)
class Outcome:
    """What must become of a scenario.

    `posts`: how many are stored; `whole`: how many of the two threads beside the attacked
    one are complete; `reason`, `stopped`: patterns of what is said of the attacked page, and
    of why the run ended; `requests`: at most, of the forum.
    """

    posts: int = 6
    whole: int = 2
    reason: str = ""
    stopped: str = ""
    warning: str = ""
    requests: int = 10 + 2 * _TRIES


def refused(reason: str, requests: int = 10 + 2 * _TRIES) -> Outcome:
    """The attacked page is not read, and it is said why."""
    return Outcome(reason=reason, requests=requests)


READ = Outcome(posts=7)
ALL_READ = Outcome(posts=9)
NO_HTTP = refused("garbled: what answered speaks no HTTP")
TOO_SLOW = refused("timeout: no answer in time")
ELSEWHERE = refused("redirected out of the forum to ")
NO_PAGE = refused("unreadable: not a page of Discuz!")
LOOP = refused("redirect_loop: redirects go round in circles", requests=80)
CUT = refused("truncated: the connection broke before the answer was whole")

BODIES = {
    "gzipbomb": refused("too_large: more than |timeout: "),
    "gzipmembers": refused("garbled: more than 1000 gzip members"),
    "br": refused("garbled: the server used a coding that was not asked for: br"),
    "zstd": refused("garbled: the server used a coding that was not asked for: zstd"),
    "codings": refused("garbled: "),
    "quine": refused("unreadable: |too_large: |garbled: "),
    "endless": refused("too_large: more than 16000000 bytes"),
    "slowbody": TOO_SLOW,
    "slowheaders": TOO_SLOW,
    "hints": TOO_SLOW,
    "slowchunk": TOO_SLOW,
    "nulls": NO_PAGE,
}
HEADS = {
    "millionheaders": refused("Too many response headers"),
    "clbig": CUT,
    "clsmall": refused("unreadable: |truncated: "),
    "clneg": NO_PAGE,
    "clhuge": NO_PAGE,
    "cltwo": NO_PAGE,
    "chunkgarbage": CUT,
    "http09": NO_HTTP,
    "binaryhead": NO_PAGE,
    "status999": refused("server_error: status 999"),
    "garbage": NO_HTTP,
    "close": refused("reset: the connection was cut before an answer came"),
    "cookies": READ,
    "lyingtype": READ,
    "charset_utf-7": READ,
    "charset_utf-16": READ,
    "charset_gbk%00": READ,
    "charset_idna": READ,
    "charset_punycode": READ,
    "charset_unicode_escape": READ,
    "charset_undefined": READ,
    "charset_zlib_codec": READ,
    "charset_x-evil": READ,
}
WAITS = {
    "retry1e18": refused("wants to be left alone for 86400 s"),
    "retrydate": refused("wants to be left alone for 86400 s"),
    "retrybad": refused("server_error: status 503"),
    "retry9digits": refused("server_error: status 503"),
}
REDIRECTS = {
    "redir_file": ELSEWHERE,
    "redir_ftp": ELSEWHERE,
    "redir_js": NO_HTTP,
    "redir_data": NO_HTTP,
    "redir_meta": ELSEWHERE,
    "redir_ten": ELSEWHERE,
    "redir_six": ELSEWHERE,
    "redir_dec": ELSEWHERE,
    "redir_crlf": refused("reset: ", requests=20),
    "redir_user": Outcome(),
    "redir_self": LOOP,
    "redir_bad": NO_HTTP,
    "redir_empty": ELSEWHERE,
    "redir_nul": ELSEWHERE,
    "redir_idn": NO_HTTP,
    "redir_long": Outcome(),
    "redirendless": LOOP,
    "redirloop": Outcome(posts=0, whole=0, reason="redirect_loop: ", requests=120),
    "redirchain": Outcome(posts=0, whole=0, reason="redirect_loop: ", requests=210),
}
MARKUP = {
    "nodes10m": refused("unreadable: a page of more than 8,000,000 characters"),
    "fmtbomb": refused("unreadable: markup that unfolds beyond reason"),
    "tagname": READ,
    "cyclicquote": READ,
    "dates": Outcome(posts=24, whole=0),
    "calendar": Outcome(posts=3, whole=0),
    "sid": Outcome(posts=3, whole=0),
}
CLAIMS = {
    "bigpages": Outcome(posts=7, warning="endless-pages", requests=30),
    "bigboard": Outcome(posts=9, warning="endless-pages", requests=30),
    "endlesspages": Outcome(posts=1194, requests=410),
    "endlessboard": Outcome(posts=597, whole=0, requests=410),
    "endlessthreads": Outcome(posts=4, whole=0),
    "bigtid": Outcome(posts=12),
    "bigfid": ALL_READ,
    "loopboards": ALL_READ,
    "samepid": Outcome(posts=1, whole=0),
    "otherpid": Outcome(posts=3, whole=0),
    "challenge50": Outcome(posts=141, whole=0, stopped="challenge: ", requests=55),
}
ROBOTS = {
    "robots500": ALL_READ,
    "robotsredos": ALL_READ,
    "robotsdelay": Outcome(posts=9, requests=410),
    "robotsnan": ALL_READ,
    "robotsneg": ALL_READ,
    "robotsbin": ALL_READ,
    "robotsmeta": ALL_READ,
    "robotsmany": ALL_READ,
}
WORDS = {
    "ansi": Outcome(posts=3, whole=0),
    "ansinotice": Outcome(posts=0, whole=0, reason="forbidden: ", requests=40),
    "ansifail": NO_HTTP,
    "media": Outcome(posts=7, reason="bad_address: ", requests=80),
}
SCENARIOS = BODIES | HEADS | WAITS | REDIRECTS | MARKUP | CLAIMS | ROBOTS | WORDS

ALWAYS = (
    "codings",
    "fmtbomb",
    "hints",
    "clhuge",
    "retrydate",
    "redir_meta",
    "redirendless",
    "bigpages",
    "robots500",
    "ansinotice",
)


@contextmanager
def hostile(shared: Path, scenario: str, folder: Path) -> Iterator[str]:
    """The forum's address while the block lasts; what it was asked is in `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = shared / "cases" / "hostile" / "forum.py"
    forum = subprocess.Popen(
        [sys.executable, str(program), scenario, str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        forum.kill()
        forum.wait()


def wait_for(port: int) -> None:
    """Wait until a server listens."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the forum does not begin to listen")


def requests_of(folder: Path, scenario: str) -> int:
    """How many requests the forum had."""
    lines = (folder / f"log.{scenario}").read_text().splitlines()
    return sum(line.startswith("[") for line in lines)


def check(shared: Path, folder: Path, scenario: str) -> None:
    """A crawl of a scenario ends as it must."""
    expected = SCENARIOS[scenario]
    with hostile(shared, scenario, folder) as url:
        done = subprocess.run(
            [
                sys.executable,
                str(ROOT / "tests" / "hostile_crawl.py"),
                url,
                str(folder / "forum.db"),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=STUCK_S,
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        )
        assert done.returncode == 0, done.stderr
    crawled = json.loads(done.stdout)
    assert crawled["peak_mb"] < MOST_MB, crawled
    assert crawled["posts"] == expected.posts, crawled
    assert crawled["whole_threads"] == expected.whole, crawled
    assert re.match(expected.stopped or "$", crawled["stopped"]), crawled
    assert not expected.warning or expected.warning in crawled["warnings"], crawled
    said = "\n".join(crawled["reasons"])
    assert re.search(expected.reason, said), crawled
    assert bool(said) == bool(expected.reason), crawled
    assert requests_of(folder, scenario) <= expected.requests


@pytest.mark.parametrize("scenario", ALWAYS)
def test_a_hostile_forum(shared: Path, tmp_path: Path, scenario: str) -> None:
    check(shared, tmp_path, scenario)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - set(ALWAYS)))
def test_every_scenario(shared: Path, tmp_path: Path, scenario: str) -> None:
    check(shared, tmp_path, scenario)


def test_every_scenario_that_it_knows_is_here(shared: Path) -> None:
    program = (shared / "cases" / "hostile" / "forum.py").read_text()
    known = set(re.findall(r"SC==\s*'(\w+)'", program))
    assert known <= SCENARIOS.keys()


@pytest.mark.parametrize(
    "scenario",
    [
        "ansi",
        pytest.param("ansinotice", marks=pytest.mark.slow),
        pytest.param("ansifail", marks=pytest.mark.slow),
    ],
)
def test_no_command_says_what_moves_a_cursor(
    shared: Path, tmp_path: Path, scenario: str
) -> None:
    db = str(tmp_path / "forum.db")
    most = ["--delay", "0", "--max-pages", "5"]
    with hostile(shared, scenario, tmp_path) as url:
        crawled = all_said(["crawl", db, url, *most])
        in_json = all_said(["crawl", db, "--json", *most])
    for words in (crawled, in_json, all_said(["status", db])):
        assert words
        assert not CONTROLS.search(words)


def all_said(words: list[str]) -> str:
    """All that a command says, on both streams."""
    done = subprocess.run(
        [sys.executable, "-m", "archive", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=STUCK_S,
        text=True,
    )
    return done.stdout
