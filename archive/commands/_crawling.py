"""What `crawl` and `watch` share: the archive opened with its forums, signals, progress, and
how a run ends."""

from __future__ import annotations

import contextlib
import json
import shlex
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from archive.commands._crawl_options import (
    Options,
    check_before_files,
    command_line,
    cookie_notes,
    fetch_settings,
    forums_of,
    in_usual_form,
)
from archive.commands._index_age import say_if_outdated
from archive.commands._progress import Progress
from archive.commands._saying import say
from archive.commands._scopes import scope_to_go_on
from archive.commands._talk import is_quiet
from archive.crawl.consent import count_kept_out
from archive.crawl.forum import Forum
from archive.crawl.loop import Crawl
from archive.crawl.remembered_scope import addresses_to_go_on
from archive.crawl.report import (
    ForumReport,
    as_json,
    as_prometheus,
    begin_run,
    end_run,
)
from archive.crawl.values import CrawlSettings, Totals
from archive.intake.parsers import ParserProcesses
from archive.schema import connect
from archive.store import suspects
from archive.store.save import Store
from archive.store.sites import Sites
from archive.store.windows import count_incomplete
from archive.warc.captures import Captures
from scraper.core.errors import (
    DiscuzArchiveError,
    FetchError,
    InputError,
    LoginError,
    RefusedError,
)
from scraper.fetch.fetcher import Fetcher

EXIT_INTERRUPTED: Final = 130
_REFUSALS: Final = (
    "challenge",
    "closed",
    "forbidden",
    "refused",
    "robots",
    "throttled",
)
_TOO_FAST: Final = "SELECT max(too_fast_s) FROM crawls WHERE address = ?"


@dataclass(slots=True)
class Session:
    """One run: the archive, the crawl, its sums. `is_reported`: how it ended was printed."""

    options: Options
    conn: sqlite3.Connection
    crawl: Crawl
    progress: Progress
    totals: dict[str, Totals] = field(default_factory=dict)
    began_s: float = field(default_factory=time.monotonic)
    is_reported: bool = False


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
        is_reported = session is not None and session.is_reported
        if options.json and not is_reported:  # whoever waits for a line gets one
            _print_json(
                {
                    "outcome": "failed",
                    "error": str(error),
                    "forums": [],
                }
            )
        raise


@contextlib.contextmanager
def opened(options: Options) -> Iterator[Session]:
    """The archive opened for writing, with the forums that the options name."""
    if options.metrics:
        _check_folder(options.metrics)
    check_before_files(options)

    with contextlib.ExitStack() as stack:
        # before anything is open: the parser's process has it open, too
        parsers = stack.enter_context(ParserProcesses(as_copy=True))
        conn = connect(options.db)
        stack.callback(conn.close)
        about = options.network.warc_fields()
        captures = stack.enter_context(Captures(conn, about=about))
        store = Store(conn)
        crawl = Crawl(conn, captures, store, now, parsers=parsers)
        progress = Progress(options.json or is_quiet())
        if crawl.caught_up:
            progress.say(
                f"{crawl.caught_up} pages of a run that was cut short are read now"
            )
        for note in cookie_notes(options):
            progress.say(note)
        _add_forums(crawl, options, conn, progress)
        yield Session(options, conn, crawl, progress)


def visit_all(session: Session) -> int:
    """Visit all that is due; the number of the run's row."""
    words = list(session.options.urls)
    if session.options.complete:
        words.append("--complete")
    words += session.options.network.terms()
    arguments = " ".join(words)
    run_id = begin_run(session.conn, "crawl", arguments, now())

    crawl = session.crawl
    totals = session.totals
    with signals(crawl), session.progress:
        for result in crawl.run():
            of_forum = totals.setdefault(result.forum, Totals())
            of_forum.add(result)
            session.progress.show(result, crawl.forums, totals)
    return run_id


def finish(session: Session, command: str, run_id: int) -> int:
    """Tell how the run ended, and write it down; the exit code."""
    options = session.options
    crawl = session.crawl
    reports = [_report(forum, session) for forum in crawl.forums]
    outcome = _outcome(crawl, reports)
    ended_at = now()
    end_run(session.conn, run_id, reports, ended_at, outcome)

    seconds = time.monotonic() - session.began_s
    if options.json:
        _print_json(as_json(reports, seconds, outcome))
    else:
        status = ["discuz-archive", "status", str(options.db)]
        session.progress.summary(
            reports,
            seconds,
            interrupted=outcome == "interrupted",
            command=command_line(command, options),
            status=shlex.join(status),
        )
    session.is_reported = True
    say_if_outdated(session.conn)

    if options.metrics:
        metrics = as_prometheus(reports, ended_at, seconds)
        _write(options.metrics, metrics)
    if outcome == "interrupted":
        return EXIT_INTERRUPTED
    return _exit_code(reports)


@contextlib.contextmanager
def signals(crawl: Stoppable) -> Iterator[None]:
    """Ctrl-C and SIGTERM finish the page under way; a second Ctrl-C ends at once."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":  # Ctrl-Break: what another program can send there
        numbers.append(signal.SIGBREAK)
    before = {number: signal.getsignal(number) for number in numbers}

    def stop(number: int, _frame: object) -> None:
        crawl.stop()
        handler = before[signal.Signals(number)]
        signal.signal(number, handler)

    for number in numbers:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def error_class(reason: str) -> type[DiscuzArchiveError]:
    """The error that a forum's reason for stopping is."""
    name = reason.partition(":")[0]
    if name == "login_lost":
        return LoginError
    if name in _REFUSALS:
        return RefusedError
    if name == "no_forum":
        return DiscuzArchiveError
    return FetchError


def _check_folder(metrics: Path) -> None:
    """InputError where the metrics cannot be written: better now than after a day's crawl."""
    if not metrics.absolute().parent.is_dir():
        raise InputError(
            f"{metrics}: there is no folder {metrics.parent} to write --metrics to"
        )


def _add_forums(
    crawl: Crawl, options: Options, conn: sqlite3.Connection, progress: Progress
) -> None:
    known = addresses_to_go_on(conn)
    options = in_usual_form(options, Sites(conn))
    forums = forums_of(options, known)
    for address, urls in forums.items():
        scope, words = scope_to_go_on(options, urls, conn, address)
        if words:
            progress.say(words)
        settings = CrawlSettings(
            scope=scope,
            max_pages=options.max_pages,
            seeds=options.seeds,
            media=options.media,
            requisites=options.takes_requisites,
            login=options.cookies is not None,
            owner_consents=options.network.owner_consents,
        )
        rows = conn.execute(_TOO_FAST, (address,))
        (too_fast_s,) = rows.fetchone()
        asked = fetch_settings(options, address, too_fast_s or 0.0)
        fetcher = Fetcher(address, asked)
        crawl.add(fetcher, settings, options.concurrency)


def _report(forum: Forum, session: Session) -> ForumReport:
    totals = session.totals.get(forum.name) or Totals()
    for result in forum.taken_back:
        totals.take_back(result)
    options = session.options
    kept_out = 0
    if options.media or options.takes_requisites:
        kept_out = count_kept_out(session.conn, forum.site_id, forum.name)
    before_login = 0
    if options.cookies:
        before_login = forum.threads_before_login()
    return ForumReport(
        forum=forum.name,
        site_id=forum.site_id,
        totals=totals,
        requests=forum.requests,
        left=forum.left(),
        delay_s=forum.pace.delay_s,
        stopped=forum.stopped,
        files_left=forum.files_left(),
        files_kept_out=kept_out,
        unchecked_hosts=tuple(sorted(options.network.unchecked_hosts)),
        owner_consents=options.network.owner_consents,
        threads_before_login=before_login,
        incomplete_posts=count_incomplete(session.conn, forum.site_id),
        set_aside=tuple(suspects.of_forum(session.conn, forum.site_id)),
    )


def _outcome(crawl: Crawl, reports: Sequence[ForumReport]) -> str:
    if crawl.stopping:
        return "interrupted"
    if any(report.stopped for report in reports):
        return "stopped"
    return "done"


def _exit_code(reports: Sequence[ForumReport]) -> int:
    """That of the worst reason: a lost login before a refusal before a failing network."""
    code = 0
    for report in reports:
        if report.stopped:
            error = error_class(report.stopped)
            code = max(code, error.exit_code)
    return code


def _print_json(data: dict[str, Any]) -> None:
    line = json.dumps(data, ensure_ascii=False)
    say(line)


def _write(path: Path, text: str) -> None:
    """Replace a file whole: a collector never reads half of it."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
