"""How a forum is asked, from the command line: as which browser, through which proxy, what its
owner allows; and what is said and written down of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from fake_forum.server import Running, serve
from fake_forum.story import QING, qingshi
from raw_server import answer, serve_raw
from tls_server import serve_tls

from archive.cli import cli, run
from archive.commands._crawl_options import Options, command_line
from archive.commands._network_options import NetworkOptions
from archive.commands.crawl import command as crawl
from archive.commands.watch import command as watch
from archive.schema import open_archive

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:120.0) Gecko/20100101 Firefox/120.0"
PAGE = b"<html><head><title>Powered by Discuz!</title></head><body>x</body></html>"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures on hosts that are gone are asked for again at once."""
    monkeypatch.setattr("scraper.policy.politeness._RETRY_FIRST_S", 0.0)


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(qingshi(), guests_see_files=True) as running:
        running.site.guests_get_files = True
        yield running


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "forum.db"


def call(*words: object) -> Result:
    result = CliRunner().invoke(cli, list(map(str, words)), standalone_mode=False)
    assert result.exception is None, result.output
    return result


def code_of(*words: object) -> int:
    """The exit code that a shell would see."""
    return run(lambda: cli.main(list(map(str, words)), standalone_mode=False))


def warc_infos(db: Path) -> list[str]:
    """The fields of each `warcinfo` record, in the order written."""
    found = []
    for path in sorted(db.with_suffix(".warc").glob("*.warc.gz")):
        text = gzip.decompress(path.read_bytes()).decode("latin-1")
        for record in text.split("WARC/1.1\r\n")[1:]:
            head, _, block = record.partition("\r\n\r\n")
            if "WARC-Type: warcinfo" in head:
                found.append(block.strip())
    return found


def test_files_that_robots_forbid_are_counted_once_and_come_with_consent(
    site: Running, db: Path
) -> None:
    first = call("crawl", db, site.url, "--delay", 0, "--media").output
    assert first.count("where the forum's owner allows them, --owner-consents") == 1
    assert "given up: robots" not in first
    assert not any("mod=attachment" in path for path in site.paths())

    second = call(
        "crawl", db, site.url, "--delay", 0, "--media", "--owner-consents"
    ).output
    assert "robots.txt was set aside: the owner consents" in second
    assert "robots.txt keeps" not in second
    assert any("mod=attachment" in path for path in site.paths())

    conn = open_archive(db).conn
    arguments = [row[0] for row in conn.execute("SELECT arguments FROM runs")]
    ((consents_at,),) = conn.execute("SELECT owner_consents_at FROM crawls")
    conn.close()
    assert arguments == [site.url, f"{site.url} --owner-consents"]
    assert consents_at
    before, after = warc_infos(db)
    assert "robots: classic" in before
    assert "robots: ignored on the forum's own hosts: its owner consents" in after


def test_monitoring_gets_the_figures(site: Running, db: Path, tmp_path: Path) -> None:
    metrics = tmp_path / "crawl.prom"
    words = ("crawl", db, site.url, "--delay", 0, "--media", "--json")
    output = call(*words, "--metrics", metrics, "--insecure", "a.example").output
    (forum,) = json.loads(output.splitlines()[-1])["forums"]
    assert forum["files_kept_out"] >= 1
    assert forum["unchecked_hosts"] == ["a.example"]
    assert forum["owner_consents"] is False
    assert f'files_kept_out{{forum="{site.url}"}} {forum["files_kept_out"]}' in (
        metrics.read_text()
    )


def test_an_expired_certificate_is_taken_where_it_is_named(
    db: Path, tmp_path: Path
) -> None:
    with serve_tls(tmp_path, answer(PAGE, "Content-Type: text/html")[0]) as port:
        url = f"https://localhost:{port}/"
        refused = call("crawl", db, url, "--delay", 0)
        assert refused.return_value == 6
        assert "`--insecure localhost`" in refused.output
        taken = call("crawl", db, url, "--delay", 0, "--insecure", url).output
    assert "certificate of" not in taken
    assert "certificates were not checked: localhost" in taken


@pytest.mark.parametrize("odd", ["odd.example\tFALSE\t/\n", "no fields\n"])
def test_a_login_tied_to_a_browser_and_an_odd_line_of_its_cookies(
    site: Running, db: Path, tmp_path: Path, odd: str
) -> None:
    site.faults.login_agent = FIREFOX
    cookies = tmp_path / "cookies.txt"
    lines = [
        f"127.0.0.1\tFALSE\t/\tFALSE\t0\t{name}\t{value}\n"
        for name, value in site.site.login(QING).items()
    ]
    cookies.write_text(odd + "".join(lines))
    words = ("crawl", db, site.url, "--delay", 0, "--cookies", cookies)

    lost = call(*words)
    assert lost.return_value == 8
    assert "--user-agent" in lost.output
    assert f"{cookies}: passed over: line 1 has no 7 fields" in lost.output

    kept = call(*words, "--user-agent", FIREFOX)
    assert kept.return_value == 0
    conn = open_archive(db).conn
    titles = {title for (title,) in conn.execute("SELECT title FROM threads")}
    conn.close()
    assert "内院夜谈" in titles
    assert f"http-header-user-agent: {FIREFOX}" in warc_infos(db)[-1]


def test_headers_that_h11_refuses_cost_nothing(site: Running, db: Path) -> None:
    site.faults.header_lines = (
        b"x-cache-result/forum.php: not support",
        b"X-Powered-By : PHP/5.2.17",
        b"Set-Cookie: a_name=\xd6\xf1\xd3\xb0; path=/",
        b"Content-Encoding: UTF-8",
        b"X-Empty:",
    )
    result = call("crawl", db, site.url, "--delay", 0, "--json")
    (forum,) = json.loads(result.output.splitlines()[-1])["forums"]
    assert (forum["outcome"], forum["failed"]) == ("done", 0)
    assert forum["new"] > 20


def test_a_proxy_that_is_named_and_one_of_the_environment(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_raw() as proxy:
        proxy.answers["http://bbs.invalid/"] = answer(PAGE, "Content-Type: text/html")
        named = ("--proxy", f"http://127.0.0.1:{proxy.port}")
        call("crawl", db, "http://bbs.invalid/", "--delay", 0, *named)
        assert "http://bbs.invalid/" in proxy.paths()
        proxy.asked.clear()
        monkeypatch.setenv("all_proxy", f"http://127.0.0.1:{proxy.port}")
        call("doctor", "http://bbs.invalid/")
        assert "http://bbs.invalid/" in proxy.paths()


@pytest.mark.parametrize("command", ["crawl", "doctor", "dry"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("http_proxy", "http://[::1"),
        ("all_proxy", "nonsense://x"),
        ("all_proxy", "://"),
        ("SSL_CERT_FILE", "/nowhere"),
    ],
)
def test_no_environment_ends_in_a_traceback(
    db: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str, value: str
) -> None:
    monkeypatch.setenv("no_proxy", "localhost,fe80::/10,[::1],,*.,:")
    monkeypatch.setenv(name, value)
    words: tuple[object, ...] = ("doctor", "http://bbs.invalid/")
    if command != "doctor":
        words = ("crawl", db, "http://bbs.invalid/", "--delay", 0)
    if command == "dry":
        words = (*words, "--dry-run")
    assert code_of(*words) == 6


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--proxy", "gopher://x"), 3),
        (("--proxy", "http://"), 3),
        (("--header", "Cookie: a=b"), 3),
        (("--header", "nonsense"), 3),
        (("--insecure", ""), 2),
        (("--insecure", "http://["), 2),
        (("--user-agent", "Mozilla/5.0 (iPhone)"), 3),
    ],
)
def test_wrong_options_are_named(db: Path, words: tuple[str, ...], code: int) -> None:
    assert code_of("crawl", db, "http://127.0.0.1:9/", *words) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a_auth=abc", 3),
        ("Cookie: a_auth=abc", 3),
        ("127.0.0.1\tFALSE\t/\tFALSE\t0\ta_auth\tabc\n", 6),
    ],
)
def test_a_copied_header_is_never_sent_to_two_forums(
    db: Path, tmp_path: Path, text: str, code: int
) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.write_text(text)
    urls = ("http://127.0.0.1:9/", "http://127.0.0.1:9/bbs/forum.php")
    assert code_of("crawl", db, *urls, "--delay", 0, "--cookies", cookies) == code


def test_a_schedule_says_what_is_wrong_now() -> None:
    assert code_of("schedule", "forum.db", "http://a/", "--proxy", "gopher://x") == 3
    text = call("schedule", "forum.db", "http://a/", "--insecure", "a").output
    assert "http://a/ --insecure a" in text


@pytest.mark.parametrize("command", [crawl, watch])
def test_a_run_is_gone_on_with_in_the_same_way(command: click.Command) -> None:
    network = NetworkOptions(
        user_agent=FIREFOX,
        headers=(("X-Key", "a b"),),
        proxy="socks5h://127.0.0.1:1080",
        unchecked_hosts=frozenset({"b.example", "a.example"}),
        owner_consents=True,
    )
    line = command_line("crawl", Options(db=Path("a.db"), network=network))
    assert line == (
        f"discuz-archive crawl a.db --user-agent '{FIREFOX}' --header 'X-Key: a b' "
        "--proxy socks5h://127.0.0.1:1080 --insecure a.example --insecure b.example "
        "--owner-consents"
    )
    named = {option for each in command.params for option in each.opts}
    assert {word for word in line.split() if word.startswith("--")} <= named
