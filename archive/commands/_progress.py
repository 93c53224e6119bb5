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

from archive.crawl.forum import Forum
from archive.crawl.report import ForumReport, duration
from archive.crawl.values import CrawlResult, Totals, VisitOutcome

_LIVE_S: Final = 0.5
_PLAIN_S: Final = 30.0
_LEFT_SHARE: Final = (
    50  # counting what is left of a large forum takes a moment: at most 2 % of the time
)

_FATES: Final[dict[VisitOutcome, str]] = {
    "again": "later again",
    "given_up": "given up",
    "gone": "not there",
}


class Progress:
    """Shows visits as they come. `quiet`: nothing but problems, on the error stream, for
    `--json`."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = Console(stderr=quiet, highlight=False)
        self._quiet = quiet
        self._live: Live | None = None
        self._shown_s = self._left_due_s = float("-inf")
        self._left: dict[str, tuple[int, int]] = {}
        self._began_s = time.monotonic()

    def __enter__(self) -> Self:
        if self._console.is_terminal and not self._quiet:
            self._live = Live(
                console=self._console, refresh_per_second=4, transient=True
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
        self._console.print(text, markup=False, soft_wrap=True)

    def show(
        self, visit: CrawlResult, forums: Sequence[Forum], totals: Mapping[str, Totals]
    ) -> None:
        """One more visit."""
        if fate := _FATES.get(visit.ending):
            self.say(f"{visit.url}: {fate}: {visit.reason}")
        now_s = time.monotonic()
        if self._quiet or now_s - self._shown_s < (_LIVE_S if self._live else _PLAIN_S):
            return
        self._shown_s = now_s
        if now_s >= self._left_due_s:
            self._left = {
                forum.name: (forum.left(), forum.files_left()) for forum in forums
            }
            self._left_due_s = now_s + _LEFT_SHARE * (time.monotonic() - now_s)
        if self._live:
            self._live.update(self._table(forums, totals))
            return
        for forum in forums:
            self.say(self._line(forum, totals.get(forum.name, Totals())))

    def _line(self, forum: Forum, totals: Totals) -> str:
        seconds = max(time.monotonic() - self._began_s, 0.001)
        pages, files = self._left.get(forum.name, (0, 0))
        pace = (totals.pages + totals.files) / seconds
        remaining = duration((pages + files) / pace) if pace else "?"
        return (
            f"{forum.name}: {totals.boards} boards, {totals.threads} threads, {totals.pages} pages; posts: "
            f"{totals.new} new, {totals.changed} changed, {totals.gone} gone; {pace:.2f} pages/s, pause "
            f"{forum.pace.delay_s:.1f} s; {_left(pages, files)} left, about {remaining}"
        )

    def _table(self, forums: Sequence[Forum], totals: Mapping[str, Totals]) -> Table:
        table = Table.grid(padding=(0, 1))
        for forum in forums:
            table.add_row(self._line(forum, totals.get(forum.name, Totals())))
        return table

    def summary(
        self,
        reports: Sequence[ForumReport],
        seconds: float,
        interrupted: bool,
        command: str,
        status: str,
    ) -> None:
        """What the run came to, and how to go on."""
        for report in reports:
            totals = report.totals
            files = f"; {totals.files} pictures and files" if totals.files else ""
            self.say(
                f"{report.forum}: {totals.boards} boards, {totals.threads} threads, {totals.pages} pages in "
                f"{duration(seconds)} ({report.requests} requests); posts: {totals.new} new, {totals.changed} "
                f"changed, {totals.gone} gone{files}"
            )
            if report.stopped:
                self.say(f"  stopped: {report.stopped}")
            if totals.given_up or totals.refused:
                self.say(
                    f"  {totals.given_up} pages given up, {totals.refused} refused by the forum: `{status}` "
                    "lists them"
                )
            if totals.not_there:
                self.say(
                    f"  {totals.not_there} pages that the forum does not have: deleted since, or a wrong number"
                )
            if report.left or report.files_left:
                self.say(
                    f"  {_left(report.left, report.files_left)} left: `{command}` goes on"
                )
        if interrupted:
            self.say(
                f"interrupted: everything up to here is kept; go on with `{command}`"
            )


def _left(pages: int, files: int) -> str:
    return f"{pages} pages" + (f", {files} pictures and files" if files else "")
