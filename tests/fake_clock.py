"""A clock for crawls in tests: it stands still while anybody works, and jumps to what is
waited for first once everybody waits. So no test depends on how fast the machine is."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from archive.crawl.fetching import Inbox

Item = TypeVar("Item")

_STUCK_S: Final = 120.0  # of real time; so long nobody works for one page


class FakeClock:
    """The time, for the archive's thread (which waits on its inbox) and the fetching threads
    (which sleep)."""

    def __init__(self, start: datetime = datetime(2024, 6, 1, tzinfo=UTC)) -> None:
        self.start = start
        self._now_s = 0.0
        self.changed = threading.Condition()
        self._waits: dict[object, float] = {}  # who waits → until when

    def now(self) -> datetime:
        """The time."""
        return self.start + timedelta(seconds=self._now_s)

    def monotonic(self) -> float:
        """Seconds since it began."""
        return self._now_s

    def skip(self, **length: float) -> None:
        """Let time pass at once: `skip(hours=3)`."""
        with self.changed:
            self._now_s += timedelta(**length).total_seconds()

    def begin_wait(self, who: object, seconds: float) -> None:
        """Somebody waits from now on. The lock is held by the caller, here and below."""
        self._waits[who] = self._now_s + seconds

    def is_waiting(self, who: object) -> bool:
        """Whether somebody's time has not come yet."""
        return who in self._waits

    def end_wait(self, who: object) -> None:
        """Somebody waits no more: what was waited for came."""
        self._waits.pop(who, None)

    def sleepers(self, inbox: object) -> int:
        """How many wait beside the reader of an inbox."""
        return len(self._waits) - (inbox in self._waits)

    def jump(self) -> None:
        """Everybody waits: go on to where the first of them stops."""
        until_s = min(self._waits.values())
        self._now_s = max(self._now_s, until_s)
        over = [who for who, end_s in self._waits.items() if end_s <= self._now_s]
        for who in over:
            del self._waits[who]
        self.changed.notify_all()


class Sleeper:
    """How the threads of one forum sleep."""

    def __init__(
        self, clock: FakeClock, everybody_may_wait: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._everybody_may_wait = everybody_may_wait
        self._asleep: set[object] = set()
        self._is_stopped = False

    def sleep(self, seconds: float) -> None:
        """Return when the clock has moved on so far, or at once when the run ends."""
        who = object()
        with self._clock.changed:
            if self._is_stopped:
                return
            self._asleep.add(who)
            self._clock.begin_wait(who, seconds)
            self._everybody_may_wait()
            _wait_for(self._clock, lambda: not self._clock.is_waiting(who))
            self._asleep.discard(who)

    def stop(self) -> None:
        """Wake all up, and let none sleep any more."""
        with self._clock.changed:
            self._is_stopped = True
            for who in self._asleep:
                self._clock.end_wait(who)
            self._clock.changed.notify_all()


class FakeInbox(Inbox[Item]):
    """An inbox whose reader waits on the clock. `at_work`: how many fetching threads have
    something to do; time passes once all of them sleep and the reader waits."""

    def __init__(self, clock: FakeClock, at_work: Callable[[], int]) -> None:
        self._clock = clock
        self._at_work = at_work
        self._came: deque[Item] = deque()

    def sleeper(self) -> Sleeper:
        """How the threads of one more forum sleep."""
        return Sleeper(self._clock, self._pass_time)

    def put(self, item: Item) -> None:
        """Leave something."""
        with self._clock.changed:
            self._came.append(item)
            self._clock.changed.notify_all()

    def get(self, timeout_s: float) -> Item | None:
        """What comes first, or None when the time is over."""
        with self._clock.changed:
            self._clock.begin_wait(self, timeout_s)
            self._pass_time()
            _wait_for(
                self._clock,
                lambda: bool(self._came) or not self._clock.is_waiting(self),
            )
            self._clock.end_wait(self)
            return self._came.popleft() if self._came else None

    def get_soon(self) -> Item | None:
        """What is there already: no time passes while anybody works."""
        with self._clock.changed:
            return self._came.popleft() if self._came else None

    def _pass_time(self) -> None:
        """Let time pass, if everybody waits."""
        is_read = self._clock.is_waiting(self) and not self._came
        if is_read and self._clock.sleepers(self) == self._at_work():
            self._clock.jump()


def _wait_for(clock: FakeClock, is_over: Callable[[], bool]) -> None:
    assert clock.changed.wait_for(is_over, timeout=_STUCK_S), (
        "somebody waits for what no clock brings"
    )
