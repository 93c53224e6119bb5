"""Which forms of a forum's own are recognised while a page of it is read.

Readers of pages ask `parse_url` in many places, and what it says of an address depends on
the forum that the page is of. As with `decimal`'s context, that is set around the reading
of a page, by the page alone, and is of no effect on other pages and threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from scraper.addresses.own_forms import OwnForms, host_of
from scraper.addresses.target import Target

_OTHER_SCHEMES = ("javascript:", "mailto:", "data:", "#")


class LinkReader:
    """The forms of one forum. `has_missed`: it was asked for an address of the forum that
    has neither one of these forms nor one of Discuz!'s."""

    __slots__ = ("_host", "forms", "has_missed")

    def __init__(self, forms: OwnForms, page_url: str) -> None:
        self.forms = forms
        self.has_missed = False
        self._host = host_of(page_url)

    def read(self, url: str, usual: Target | None, charset: str) -> Target | None:
        """The page that an address stands for, `usual` by Discuz!'s own forms."""
        if self.forms.forms:
            own = self.forms.target(url, charset)
            if own is not None:
                return own
        if usual is None and not self.has_missed:
            self.has_missed = self._is_of_forum(url)
        return usual

    def _is_of_forum(self, url: str) -> bool:
        if not url or url.startswith(_OTHER_SCHEMES):
            return False
        host = host_of(url)
        return not host or host == self._host


current_reader: ContextVar[LinkReader | None] = ContextVar(
    "current_reader", default=None
)


@contextmanager
def own_forms_read(forms: OwnForms, page_url: str) -> Iterator[LinkReader]:
    """Have `parse_url` recognise a forum's own forms within the block."""
    reader = LinkReader(forms, page_url)
    token = current_reader.set(reader)
    try:
        yield reader
    finally:
        current_reader.reset(token)
