"""What a person sees of a crawl: one live line a forum on a terminal, plain lines
elsewhere, a summary at the end."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from archive.commands._chinese import translated
from archive.commands._saying import plain, record
from archive.commands._talk import is_quiet, is_verbose
from archive.crawl.forum import Forum
from archive.crawl.progress_file import ForumProgress, progress_file, write_progress
from archive.crawl.report import ForumReport, duration
from archive.crawl.values import CrawlResult, Totals
from scraper.policy.judgement import VisitOutcome

_LIVE_S: Final = 0.5
_PLAIN_S: Final = 30.0
_FILE_S: Final = 1.0
# Counting what is left of a large forum takes a moment: at most 2 % of the time.
_LEFT_SHARE: Final = 50

_FATES: Final[dict[VisitOutcome, str]] = {
    "again": "later again",
    "given_up": "given up",
    "gone": "not there",
}


class Progress:
    """Shows results as they come. `quiet`: nothing but problems, on the error stream, for
    `--json`."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = Console(stderr=quiet, highlight=False)
        self._quiet = quiet
        self._live: Live | None = None
        self._began_s = time.monotonic()
        self._shown_s = float("-inf")
        self._left: dict[str, tuple[int, int]] = {}  # pages and files, by forum
        self._count_left_at_s = float("-inf")
        self._file = progress_file()
        self._written_s = float("-inf")

    def __enter__(self) -> Self:
        if self._console.is_terminal and not self._quiet:
            self._live = Live(
                console=self._console,
                refresh_per_second=4,
                transient=True,
            )
            self._live.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: object,
        _trace: TracebackType | None,
    ) -> None:
        if self._live:
            self._live.stop()
            self._live = None

    def say(self, text: str) -> None:
        """A line of its own."""
        line = plain(translated(text))
        self._console.print(line, markup=False, soft_wrap=True)
        record(line)

    def show(
        self, result: CrawlResult, forums: Sequence[Forum], totals: Mapping[str, Totals]
    ) -> None:
        """One more result."""
        fate = _FATES.get(result.outcome)
        if fate and not _is_summed_up(result):
            self.say(f"{result.url}: {fate}: {result.reason}")
        elif is_verbose():
            self.say(f"{result.url}: {result.outcome}, {result.saved.new} new posts")

        now_s = time.monotonic()
        if self._file and now_s - self._written_s >= _FILE_S:
            self._written_s = now_s
            self._count_left(forums, now_s)
            figures = [self._figures(forum, totals) for forum in forums]
            write_progress(self._file, figures)
        if self._quiet:
            return
        pause_s = _LIVE_S if self._live else _PLAIN_S
        if now_s - self._shown_s < pause_s:
            return
        self._shown_s = now_s
        self._count_left(forums, now_s)

        lines = [self._line(forum, totals) for forum in forums]
        if self._live:
            self._live.update(_table(lines))
            return
        for line in lines:
            self.say(line)

    def summary(
        self,
        reports: Sequence[ForumReport],
        seconds: float,
        *,
        interrupted: bool,
        command: str,
        status: str,
    ) -> None:
        """What the run came to. `command` goes on with it, and `status` lists its problems."""
        if self._file:
            write_progress(self._file, [_last_figures(report) for report in reports])
        for report in reports:
            if is_quiet() and not report.stopped:
                continue
            for line in _summary_of(report, seconds, command, status):
                self.say(line)
        if interrupted and not is_quiet():
            self.say(
                f"interrupted: everything up to here is kept; go on with `{command}`"
            )

    def _count_left(self, forums: Sequence[Forum], now_s: float) -> None:
        if now_s < self._count_left_at_s:
            return
        self._left = {
            forum.name: (forum.left(), forum.files_left()) for forum in forums
        }
        took_s = time.monotonic() - now_s
        self._count_left_at_s = now_s + _LEFT_SHARE * took_s

    def _line(self, forum: Forum, totals_by_forum: Mapping[str, Totals]) -> str:
        totals = totals_by_forum.get(forum.name, Totals())
        figures = self._figures(forum, totals_by_forum)
        seconds = max(time.monotonic() - self._began_s, 0.001)
        per_second = (totals.pages + totals.files) / seconds
        remaining = "?"
        if figures.seconds_left is not None:
            remaining = duration(figures.seconds_left)
        left = _left(figures.pages_left, figures.files_left)
        return (
            f"{forum.name}: {_counts(totals)}; {_posts(totals)}; {per_second:.2f} pages/s, "
            f"pause {forum.pace.delay_s:.1f} s; {left} left, about {remaining}"
        )

    def _figures(
        self, forum: Forum, totals_by_forum: Mapping[str, Totals]
    ) -> ForumProgress:
        totals = totals_by_forum.get(forum.name, Totals())
        pages_left, files_left = self._left.get(forum.name, (0, 0))
        fetched = totals.pages + totals.files
        seconds_left = None
        if fetched:
            seconds = time.monotonic() - self._began_s
            seconds_left = (pages_left + files_left) * seconds / fetched
        return _figures_of(
            forum.name,
            totals,
            pages_left=pages_left,
            files_left=files_left,
            delay_s=forum.pace.delay_s,
            seconds_left=seconds_left,
        )


def _figures_of(
    name: str,
    totals: Totals,
    *,
    pages_left: int,
    files_left: int,
    delay_s: float,
    seconds_left: float | None,
) -> ForumProgress:
    return ForumProgress(
        forum=name,
        boards=totals.boards,
        threads=totals.threads,
        pages=totals.pages,
        files=totals.files,
        posts_new=totals.new,
        posts_changed=totals.changed,
        posts_gone=totals.gone,
        pages_left=pages_left,
        files_left=files_left,
        delay_s=delay_s,
        seconds_left=seconds_left,
    )


def _last_figures(report: ForumReport) -> ForumProgress:
    """How far a run came."""
    return _figures_of(
        report.forum,
        report.totals,
        pages_left=report.left,
        files_left=report.files_left,
        delay_s=report.delay_s,
        seconds_left=None,
    )


def incomplete(posts: int) -> str:
    """That posts have more ratings or comments than are kept."""
    return (
        f"{posts} posts have more ratings or comments than are kept: "
        "robots.txt, or the forum, does not let us ask for them"
    )


def _is_summed_up(result: CrawlResult) -> bool:
    """Whether the summary says at once how many such there were: robots.txt as Discuz! ships
    it forbids all attachments."""
    return result.key.kind == "media" and result.reason.startswith("robots:")


def _table(lines: Sequence[str]) -> Table:
    table = Table.grid(padding=(0, 1))
    for line in lines:
        table.add_row(Text(plain(translated(line))))
    return table


def _summary_of(
    report: ForumReport, seconds: float, command: str, status: str
) -> list[str]:
    totals = report.totals
    files = f"; {totals.files} pictures and files" if totals.files else ""
    lines = [
        f"{report.forum}: {_counts(totals)} in {duration(seconds)} "
        f"({report.requests} requests); {_posts(totals)}{files}"
    ]
    if report.stopped:
        lines.append(f"  stopped: {report.stopped}")
    if totals.given_up or totals.refused:
        lines.append(
            f"  {totals.given_up} pages given up, {totals.refused} refused by the forum: "
            f"`{status}` lists them"
        )
    if totals.not_there:
        lines.append(
            f"  {totals.not_there} pages that the forum does not have: "
            "deleted since, or a wrong number"
        )
    if report.incomplete_posts:
        lines.append(f"  {incomplete(report.incomplete_posts)}")
    if report.threads_before_login:
        complete = command if "--complete" in command else f"{command} --complete"
        lines.append(
            f"  {report.threads_before_login} threads here were read as a guest, and may "
            f"hold more for members: `{complete}` reads them again"
        )
    lines += [f"  {each.url}: set aside: {each.reason}" for each in report.set_aside]
    lines += _terms_of(report)
    lines += [f"  warning: {warning}" for warning in totals.warnings.lines()]
    if report.left or report.files_left:
        left = _left(report.left, report.files_left)
        lines.append(f"  {left} left: `{command}` goes on")
    return lines


def _terms_of(report: ForumReport) -> list[str]:
    """On what terms the forum was asked, where they are not the usual ones, and what they
    cost."""
    lines = []
    if report.files_kept_out:
        lines.append(
            f"  robots.txt keeps {report.files_kept_out} pictures and files from us: "
            "where the forum's owner allows them, --owner-consents takes them"
        )
    if report.owner_consents:
        lines.append("  robots.txt was set aside: the owner consents, as you say")
    if report.unchecked_hosts:
        hosts = ", ".join(report.unchecked_hosts)
        lines.append(f"  certificates were not checked: {hosts} (--insecure)")
    return lines


def _counts(totals: Totals) -> str:
    return f"{totals.boards} boards, {totals.threads} threads, {totals.pages} pages"


def _posts(totals: Totals) -> str:
    return f"posts: {totals.new} new, {totals.changed} changed, {totals.gone} gone"


def _left(pages: int, files: int) -> str:
    if not files:
        return f"{pages} pages"
    return f"{pages} pages, {files} pictures and files"
