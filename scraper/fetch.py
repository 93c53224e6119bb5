"""The way to the network: one forum, asked in turn, politely; answers and failures are values, nothing raises."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from scraper.fetch_values import DEFAULT_SETTINGS, FORUM_WIDE, Answer, Failure, FailureReason, FetchSettings, Validators
from scraper.politeness import Pace

__all__ = ["DEFAULT_SETTINGS", "FORUM_WIDE", "Answer", "Failure", "FailureReason", "FetchSettings", "Fetcher", "Validators"]


class Fetcher:
    """Asks one forum for pages. Blocking and thread-safe: run one thread a forum, or `settings.concurrency` of them.

    Every request waits for its turn (`pace`), is decided by robots.txt first, and keeps the forum's cookies.
    `now_s` (monotonic), `sleep` and `dice` can be given for tests.
    """

    def __init__(self, base_url: str, settings: FetchSettings = DEFAULT_SETTINGS, *,
                 now_s: Callable[[], float] | None = None, sleep: Callable[[float], object] | None = None,
                 dice: random.Random | None = None) -> None:
        self.base_url = base_url
        self.settings = settings
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.close()

    def start(self) -> Answer | Failure:
        """Read robots.txt and the front page (of `base_url`); with a login, see that the cookies log in."""
        raise NotImplementedError

    def get(self, url: str, *, referer: str = "", if_changed: Validators | None = None,
            follow: bool = True) -> Answer | Failure:
        """A page of the forum. Redirects are followed within the forum; with `follow=False` the first is the answer.

        One page may cost several requests: redirects, the self-redirect of X3, one more try after the anti-flood page,
        one more look at a page with broken characters. Other failures are returned at once: the caller decides when to
        ask again (`politeness.retry_delay_s`).
        """
        raise NotImplementedError

    def get_media(self, url: str, *, referer: str = "", if_changed: Validators | None = None) -> Answer | Failure:
        """A picture or file that a post shows, wherever it lies: http and https, no private addresses, limits kept.

        Hosts that are not the forum's have a pace of their own and see no cookies.
        """
        raise NotImplementedError

    def allowed(self, url: str) -> bool:
        """Whether the forum's robots.txt lets us ask for an address (True before `start`)."""
        raise NotImplementedError

    @property
    def pace(self) -> Pace:
        """The forum's pace now, to show and to estimate with; keep `too_fast_s` for the next run."""
        raise NotImplementedError

    @property
    def requests(self) -> int:
        """How many requests have been sent so far, robots.txt and redirects included."""
        raise NotImplementedError

    @property
    def uid(self) -> int | None:
        """The member whom the cookies log in; None for a guest or before `start`."""
        raise NotImplementedError

    def stop(self) -> None:
        """Let pauses end at once: `get` returns `stopped` from now on. The request in flight is finished."""
        self._stopped.set()

    def close(self) -> None:
        """Close the connections."""
