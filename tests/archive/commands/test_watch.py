"""`watch` stays, whatever goes wrong between its first round and its last."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from archive.commands import _watching
from archive.commands._crawl_options import Options
from archive.commands._telling_people import Teller, WeeklyTeller
from archive.schema import open_archive
from archive.warc.captures import Captures
from scraper.core.errors import StorageError


class Waiting(threading.Event):
    """Waits for nothing, and notes how long it was asked to; others may act meanwhile."""

    def __init__(self, *acts: object) -> None:
        super().__init__()
        self.waits_s: list[float] = []
        self._acts = list(acts)

    def wait(self, timeout: float | None = None) -> bool:
        self.waits_s.append(timeout or 0.0)
        act = self._acts.pop(0) if self._acts else None
        if callable(act):
            act()
        return False


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(db=tmp_path / "forum.db", urls=("http://127.0.0.1:1/",), delay_s=0.0)


def nobody(options: Options) -> _watching._People:
    """Who is told of nothing."""
    return _watching._People(Teller(options.db, ""), WeeklyTeller(options.db, ""))


def test_a_round_that_finds_the_archive_held_is_tried_again(
    options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Captures(open_archive(options.db).conn)
    waiting = Waiting(other.open, other.close)
    _watching._watch(options, 3, waiting, nobody(options))
    assert len(waiting.waits_s) == 2
    assert waiting.waits_s[1] == 600
    told = capsys.readouterr()
    assert "another discuz-archive" in told.err
    assert "round 2 ended with 5; next in 10 min" in told.out


def test_an_archive_that_is_held_at_the_start_is_told_at_once(options: Options) -> None:
    with Captures(open_archive(options.db).conn) as other:
        other.open()
        with pytest.raises(StorageError, match="another discuz-archive"):
            _watching._watch(options, 1, Waiting(), nobody(options))
