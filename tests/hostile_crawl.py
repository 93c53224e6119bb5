"""Crawls a forum as a program, so that its time and memory can be bounded, on a clock that
waits for nobody: `python tests/hostile_crawl.py ADDRESS FILE`; what came of it as JSON."""

from __future__ import annotations

import json
import re
import resource
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from crawling import Runner

from scraper.fetch.fetcher import FetchSettings

_SILENT_S = 1.0
_WHOLE_S = 3.0
"""What a forum may take to answer, so that tests do not wait for those that never do."""
_MAX_PAGES = 400


@dataclass(frozen=True, slots=True)
class Crawled:
    """What became of a crawl. `outcomes`: how many visits ended so; `reasons`: why they did
    that did not simply end well; `peak_mb`: the memory that its largest process took."""

    outcomes: dict[str, int]
    reasons: list[str]
    warnings: list[str]
    stopped: str
    posts: int
    whole_threads: int
    peak_mb: int


def crawl(url: str, path: Path) -> Crawled:
    """One run, and what came of it."""
    runner = Runner(path)
    settings = FetchSettings(
        delay_s=0.0,
        timeout_s=_SILENT_S,
        total_timeout_s=_WHOLE_S,
    )
    ran = runner.run(
        url,
        settings=settings,
        media=True,
        max_pages=_MAX_PAGES,
        patience_s=20_000.0,
    )
    ((posts,),) = runner.rows("SELECT count(*) FROM posts")
    ((threads,),) = runner.rows(
        "SELECT count(*) FROM threads WHERE tid IN (6, 7) AND id IN "
        "(SELECT thread_id FROM posts GROUP BY thread_id HAVING count(*) = 3)"
    )
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    largest = max(_own_peak_kb(), of_children)
    return Crawled(
        outcomes=dict(Counter(visit.outcome for visit in ran.visits)),
        reasons=sorted({visit.reason for visit in ran.visits} - {""}),
        warnings=sorted(ran.totals.warnings.pages),
        stopped=ran.stopped[0],
        posts=posts,
        whole_threads=threads,
        peak_mb=largest // 1024,
    )


def _own_peak_kb() -> int:
    """Not `ru_maxrss` where Linux tells better: that begins with what the program had that
    began this one."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("ascii"))
        if found:
            return int(found[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(json.dumps(asdict(crawl(sys.argv[1], Path(sys.argv[2])))))
