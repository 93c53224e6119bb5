"""Pages that fail one after the other: whether it is the pages, or the forum, and then why to
stop."""

from __future__ import annotations

from typing import Final

from scraper.fetch.values import Failure
from scraper.policy.plan import Key

_IN_A_ROW: Final = 10
_OF_THE_PAGE: Final = frozenset(
    {"robots", "foreign", "too_large", "bad_address", "redirect_loop"}
)
_OVERLOADED: Final = 503


class FailingPages:
    """The pages of one forum that failed since the last one that came. `patience_s`: for how
    long anybody would look on."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._keys: set[Key] = set()

    def clear(self) -> None:
        """A page came: what failed before it was of its page."""
        self._keys.clear()

    def add(self, key: Key, failure: Failure) -> str:
        """Count a failure; why to stop, empty where the run goes on.

        Stop where different pages fail one after the other: then it is not the pages, and
        all would be given up. Stop, too, where the forum wants a rest for longer than
        anybody would look on; Discuz! asks for an hour where one page of it breaks (503), so
        then another page must say so as well.
        """
        if failure.reason not in _OF_THE_PAGE:
            self._keys.add(key)
        if len(self._keys) >= _IN_A_ROW:
            return (
                f"{failure.reason}: {_IN_A_ROW} pages in a row failed, "
                f"the last with: {failure.message}"
            )

        rest_s = failure.retry_after_s or 0.0
        status = failure.capture.status if failure.capture else 0
        may_be_of_page = status == _OVERLOADED and len(self._keys) == 1
        if rest_s > self._patience_s and not may_be_of_page:
            return f"{failure.reason}: {failure.message}"
        return ""
