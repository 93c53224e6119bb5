"""What `crawl` and `watch` share: options into forums, signals, progress, and how a run ends."""

from __future__ import annotations

import contextlib
import json
import shlex
import signal
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import click
from sqlite_utils import Database

from archive.commands._progress import Progress
from archive.crawl.forum import Forum
from archive.crawl.loop import Crawl
from archive.crawl.report import ForumReport, as_json, as_prometheus, begin_run, end_run
from archive.crawl.values import CrawlSettings, Totals
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.addresses.urls import base_of, parse_url
from scraper.core.errors import (
    DiscuzArchiveError,
    FetchError,
    InputError,
    LoginError,
    RefusedError,
)
from scraper.fetch.cookies import read_cookies
from scraper.fetch.fetcher import Fetcher, FetchSettings
from scraper.policy.plan import Scope

EXIT_INTERRUPTED = 130
_STARTS = ("board", "thread", "user")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a run as given."""

    db: Path
    urls: tuple[str, ...] = ()
    boards: tuple[int, ...] = ()
    threads: tuple[int, ...] = ()
    users: tuple[int, ...] = ()
    since: date | None = None
    complete: bool = False
    max_pages: int | None = None
    delay_s: float = 2.0
    concurrency: int = 1
    contact: str = ""
    cookies: Path | None = None
    media: bool = False
    json: bool = False
    metrics: Path | None = None
    seeds: bool = True


@dataclass(slots=True)
class Session:
    """One run: the archive, the crawl, what it came to."""

    options: Options
    conn: Database
    captures: Captures
    crawl: Crawl
    progress: Progress
    totals: dict[str, Totals] = field(default_factory=dict)
    began_s: float = field(default_factory=time.monotonic)
    told: bool = False


class Stoppable(Protocol):
    """What a signal stops."""

    def stop(self) -> None:
        """End soon."""


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def run(options: Options, command: str) -> int:
    """Crawl once; the exit code: 0, 130 after Ctrl-C, or that of the reason for which a
    forum stopped."""
    session: Session | None = None
    try:
        with opened(options) as session:
            return finish(session, command, visit_all(session))
    except (DiscuzArchiveError, sqlite3.Error, OSError) as error:
        if options.json and not (
            session and session.told
        ):  # whoever waits for a line gets one
            click.echo(
                json.dumps(
                    {"outcome": "failed", "error": str(error), "forums": []},
                    ensure_ascii=False,
                )
            )
        raise


@contextlib.contextmanager
def opened(options: Options) -> Iterator[Session]:
    """The archive opened for writing, with the forums that the options name."""
    if (
        options.metrics and not options.metrics.absolute().parent.is_dir()
    ):  # better now than after a day's crawl
        raise InputError(
            f"{options.metrics}: there is no folder {options.metrics.parent} to write --metrics to"
        )
    with contextlib.ExitStack() as stack:
        db = open_archive(options.db)
        stack.callback(db.close)
        captures = stack.enter_context(Captures(db.conn))
        crawl = Crawl(db.conn, captures, Store(db.conn), now)
        progress = Progress(options.json)
        if crawl.caught_up:
            progress.say(
                f"{crawl.caught_up} pages of a run that was cut short are read now"
            )
        for address, (urls, scope) in _forums(options, db).items():
            _add(
                crawl,
                options,
                address,
                scope_of(options, urls, scope),
                _too_fast_s(db, address),
            )
        yield Session(options, db, captures, crawl, progress)


def visit_all(session: Session) -> int:
    """CrawlResult all that is due; the number of the run's row."""
    arguments = " ".join(
        [*session.options.urls, *(["--complete"] if session.options.complete else [])]
    )
    run_id = begin_run(session.conn.conn, "crawl", arguments, now())
    with signals(session.crawl), session.progress:
        for visit in session.crawl.run():
            session.totals.setdefault(visit.forum, Totals()).add(visit)
            session.progress.show(visit, session.crawl.forums, session.totals)
    return run_id


def finish(session: Session, command: str, run_id: int) -> int:
    """Tell how the run ended, and write it down."""
    reports = [_report(forum, session) for forum in session.crawl.forums]
    interrupted = session.crawl.stopping
    stopped = any(report.stopped for report in reports)
    outcome = "interrupted" if interrupted else "stopped" if stopped else "done"
    end_run(session.conn.conn, run_id, reports, now(), outcome)
    seconds = time.monotonic() - session.began_s
    if session.options.json:
        click.echo(json.dumps(as_json(reports, seconds, outcome), ensure_ascii=False))
    else:
        session.progress.summary(
            reports,
            seconds,
            interrupted,
            command_line(command, session.options),
            shlex.join(["discuz-archive", "status", str(session.options.db)]),
        )
    session.told = True
    if session.options.metrics:
        _write(session.options.metrics, as_prometheus(reports, now(), seconds))
    return EXIT_INTERRUPTED if interrupted else _exit_code(reports)


def command_line(command: str, options: Options) -> str:
    """The command that goes on with a run: about the same boards and threads, with the same
    manners."""
    words = ["discuz-archive", command, str(options.db), *options.urls]
    for name, items in (
        ("--board", options.boards),
        ("--thread", options.threads),
        ("--user", options.users),
    ):
        words += [word for item in items for word in (name, str(item))]
    usual = Options(db=options.db)
    for name, value, otherwise in (
        ("--since", options.since, None),
        ("--delay", options.delay_s, usual.delay_s),
        ("--concurrency", options.concurrency, usual.concurrency),
        ("--contact", options.contact, ""),
        ("--cookies", options.cookies, None),
    ):
        words += (
            [name, f"{value:g}" if isinstance(value, float) else str(value)]
            if value != otherwise
            else []
        )
    words += [
        name
        for name, given in (
            ("--complete", options.complete),
            ("--media", options.media),
        )
        if given
    ]
    return shlex.join(words)


@contextlib.contextmanager
def signals(crawl: Stoppable) -> Iterator[None]:
    """Ctrl-C and SIGTERM finish the page under way; a second Ctrl-C ends at once."""

    def stop(number: int, _frame: object) -> None:
        crawl.stop()
        signal.signal(number, before[signal.Signals(number)])

    before = {
        number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)
    }
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def scope_of(options: Options, urls: Sequence[str], extra: Scope) -> Scope:
    """What a run is about: the options, and boards, threads and members that addresses name."""
    boards, threads, users = (
        set(options.boards),
        set(options.threads),
        set(options.users),
    )
    for url in urls:
        target = parse_url(with_scheme(url))
        if target is None or target.kind in ("index", "other"):
            continue
        kind, number = (
            ("thread", target.tid)
            if target.kind == "post"
            else (target.kind, target.id)
        )
        if kind not in _STARTS or not number:
            raise InputError(
                f"{url}: is the address of a {target.kind}, and no place to begin a crawl; give that of "
                "the forum, of a board, a thread or a member"
            )
        {"board": boards, "thread": threads, "user": users}[kind].add(number)
    return Scope(
        boards=frozenset(boards) | extra.boards,
        threads=frozenset(threads),
        users=frozenset(users),
        since=options.since,
        complete=options.complete,
    )


def _forums(options: Options, db: Database) -> dict[str, tuple[list[str], Scope]]:
    """The forums of a run by address, each with the addresses given for it; all known ones
    where none is given."""
    urls = options.urls or tuple(
        row[0] for row in db.execute("SELECT address FROM crawls ORDER BY site_id")
    )
    if not urls:
        raise InputError(f"{options.db} knows no forum yet; give the forum's address")
    found: dict[str, tuple[list[str], Scope]] = {}
    for url in urls:
        found.setdefault(base_of(with_scheme(url)), ([], Scope()))[0].append(url)
    if len(found) > 1 and (options.boards or options.threads or options.users):
        raise InputError(
            "--board, --thread and --user name things of one forum; give one address with them"
        )
    return found


def with_scheme(url: str) -> str:
    """An address as people type it: old forums have http only, and those that have https
    redirect there."""
    return url if "://" in url else f"http://{url}"


def _too_fast_s(db: Database, address: str) -> float:
    """The pause at which a forum complained on an earlier run."""
    row = db.execute(
        "SELECT max(too_fast_s) FROM crawls WHERE address = ?", (address,)
    ).fetchone()
    return float(row[0] or 0.0)


def _add(
    crawl: Crawl, options: Options, address: str, scope: Scope, too_fast_s: float
) -> None:
    settings = CrawlSettings(
        scope=scope,
        max_pages=options.max_pages,
        seeds=options.seeds,
        media=options.media,
        login=options.cookies is not None,
    )
    asked = replace(fetch_settings(options, address), known_too_fast_s=too_fast_s)
    crawl.add(Fetcher(address, asked), settings, options.concurrency)


def fetch_settings(options: Options, address: str) -> FetchSettings:
    """How to ask a forum: the options, with the cookies that are for it. LoginError where
    none logs in there."""
    jar = None
    if options.cookies:
        host = urlsplit(address).hostname or ""
        jar = read_cookies(
            options.cookies.read_text(encoding="utf-8", errors="replace"),
            host,
            time.time(),
        )
    return FetchSettings(
        delay_s=options.delay_s,
        concurrency=options.concurrency,
        contact=options.contact,
        cookies=jar,
        login=jar is not None,
    )


def _report(forum: Forum, session: Session) -> ForumReport:
    return ForumReport(
        forum=forum.name,
        site_id=forum.site_id,
        totals=session.totals.get(forum.name, Totals()),
        requests=forum.requests,
        left=forum.left(),
        delay_s=forum.pace.delay_s,
        stopped=forum.stopped,
        files_left=forum.files_left(),
    )


def _exit_code(reports: Sequence[ForumReport]) -> int:
    """That of the worst reason: a lost login before a refusal before a failing network."""
    found = {
        error_class(report.stopped).exit_code for report in reports if report.stopped
    }
    return max(found, default=0)


def error_class(reason: str) -> type[FetchError]:
    """The error that a forum's reason for stopping is."""
    name = reason.partition(":")[0]
    if name == "login_lost":
        return LoginError
    return (
        RefusedError
        if name in ("challenge", "closed", "forbidden", "throttled", "robots")
        else FetchError
    )


def _write(path: Path, text: str) -> None:
    """Replace a file whole: a collector never reads half of it."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
