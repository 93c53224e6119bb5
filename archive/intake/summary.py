"""What an ingest came to: counts, the problems with their reasons, and the exit code that
says it in a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from archive.intake.results import IngestResult
from archive.store.census import WarningCounts
from archive.store.suspects import TRIED_AGAIN
from scraper.core.errors import InputError, PageError

MAX_PROBLEMS: Final = 200
"""How many problems are kept in words; the rest is counted."""
_THERE: Final = ("stored", "unchanged", "known")
_PROBLEMS: Final = ("failed", "set_aside", "unreadable", "foreign")


@dataclass(slots=True)
class IngestSummary:
    """Counts the captures of one run; takes no more room for a million pages than for one."""

    files: int = 0
    pages: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    other_rows: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)
    problem_count: int = 0
    page_errors: int = 0
    teaching: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    warnings: WarningCounts = field(default_factory=WarningCounts)
    _source: str = ""

    def add(self, result: IngestResult) -> None:
        """Count one capture."""
        if not self._counts(result):
            return
        if result.source != self._source:
            self._source = result.source
            self.files += 1
        self.results[result.result] += 1
        if result.kind:
            self.pages[result.kind] += 1
        self.new += result.saved.new
        self.changed += result.saved.changed
        self.unchanged += result.saved.unchanged
        self.other_rows += result.saved.other_rows
        if result.result == "skipped":
            self.passed_over[result.reason] += 1
        self.warnings.add(result.url, result.warnings)
        self.teaching += result.teaches_addresses
        if result.result in _PROBLEMS:
            self._add_problem(result)

    def _counts(self, result: IngestResult) -> bool:
        """Whether a result is of something not met before; a file that posts show was
        passed over first, or is met with each page that shows it."""
        if result.result == "file":
            self.results["file"] += 1
            if result.reason:
                self.results["skipped"] -= 1
                self.passed_over[result.reason] -= 1
            return False
        return result.result != "skipped" or bool(result.reason)

    @property
    def captures(self) -> int:
        """How many captures were read or passed over."""
        return self.results.total()

    @property
    def anything_new(self) -> bool:
        """Whether the archive says more than before."""
        files = self.results["file"]
        return bool(self.new or self.changed or self.other_rows or files)

    @property
    def exit_code(self) -> int:
        """0 where something was stored or was there already; else by what went wrong."""
        is_there = any(self.results[result] for result in _THERE)
        if self.anything_new or is_there:
            return 0
        return PageError.exit_code if self.page_errors else InputError.exit_code

    def as_json(self) -> dict[str, object]:
        """One object for programs: empty counts are left out."""
        return {
            "files": self.files,
            "pages": dict(self.pages),
            "results": dict(self.results),
            "posts": {
                "new": self.new,
                "changed": self.changed,
                "unchanged": self.unchanged,
            },
            "other_rows": self.other_rows,
            "passed_over": dict(+self.passed_over),
            "own_addresses_learned_from": self.teaching,
            "problem_count": self.problem_count,
            "problems": self.problems,
            "warnings": dict(self.warnings.pages),
            "exit_code": self.exit_code,
        }

    def headline(self) -> str:
        """The outcome in one sentence."""
        if self.anything_new:
            new = _number(self.new, "new post")
            return f"{new}, {self.changed} changed, {self.unchanged} as known"
        there = self.results["known"] + self.results["unchanged"]
        if there:
            pages = _number(there, "page")
            return f"nothing new: {pages} already in the archive"
        return "nothing was stored"

    def lines(self) -> Iterator[tuple[str, str]]:
        """The summary's rows: what, how many."""
        yield "files", str(self.files)
        for kind, count in self.pages.most_common():
            yield f"{kind} pages", str(count)
        yield (
            "posts",
            f"{self.new} new, {self.changed} changed, {self.unchanged} as known",
        )
        if self.other_rows:
            yield "threads, boards, members", f"{self.other_rows} new or changed"
        if count := self.results["known"]:
            yield "captures known before", str(count)
        if count := self.results["file"]:
            yield "pictures and files of posts, kept", str(count)
        for kind, count in self.passed_over.most_common():
            if count:
                yield f"not pages: {kind}", str(count)
        if count := self.results["set_aside"]:
            yield "set aside", f"{count}; {TRIED_AGAIN}"
        if self.teaching:
            pages = _number(self.teaching, "page")
            yield (
                "addresses of the forum's own learned from",
                f"{pages}; `reparse` reads those before them by it",
            )
        if self.problem_count:
            yield "problems", str(self.problem_count)

    def _add_problem(self, result: IngestResult) -> None:
        self.problem_count += 1
        self.page_errors += result.page_error
        if len(self.problems) < MAX_PROBLEMS:
            problem = {
                "source": result.source,
                "url": result.url,
                "reason": result.reason,
                "result": result.result,
            }
            self.problems.append(
                {name: value for name, value in problem.items() if value}
            )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
