"""Which forms of a forum's own are recognised while a page of it is read.

Readers of pages ask `parse_url` in many places, and what it says of an address depends on
the forum that the page is of. As with `decimal`'s context, that is set around the reading
of a page, by the page alone, and is of no effect on other pages and threads.
"""

from __future__ import annotations

from contextvars import ContextVar, Token

from scraper.addresses.own_forms import OwnForms, host_of
from scraper.addresses.target import Target

_OTHER_SCHEMES = ("javascript:", "mailto:", "data:", "#")


class LinkReader:
    """The forms of one forum, which `parse_url` knows within a `with` block.

    `has_missed`: it was asked for an address of the forum that has neither one of these
    forms nor one of Discuz!'s. `evidence`: addresses of which is known what pages tell,
    although no form was proved by it: they are no news.
    """

    __slots__ = ("_evidence", "_host", "_targets", "_token", "forms", "has_missed")
    _token: Token[LinkReader | None]

    def __init__(
        self, forms: OwnForms, page_url: str, evidence: frozenset[str] = frozenset()
    ) -> None:
        self.forms = forms
        self.has_missed = False
        self._evidence = evidence
        self._host = host_of(page_url)
        self._targets: dict[str, Target | None] = {}

    def __enter__(self) -> LinkReader:
        self._token = current_reader.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        current_reader.reset(self._token)

    def read(self, url: str, usual: Target | None, charset: str) -> Target | None:
        """The page that an address stands for, `usual` by Discuz!'s own forms."""
        if self.forms.forms and (usual is None or self.forms.go_first):
            own = self._own_target(url, charset)
            if own is not None:
                return own
        if usual is None and not self.has_missed:
            self.has_missed = self._is_news(url)
        return usual

    def _own_target(self, url: str, charset: str) -> Target | None:
        """By the forum's own forms; pages link the same members again and again."""
        if url not in self._targets:
            self._targets[url] = self.forms.target(url, charset)
        return self._targets[url]

    def _is_news(self, url: str) -> bool:
        if not url or url.startswith(_OTHER_SCHEMES):
            return False
        host = host_of(url)
        if host and host != self._host:
            return False
        return not self._is_evidence(url)

    def _is_evidence(self, url: str) -> bool:
        """Whether an address ends in one that is known, whatever folder the forum is in."""
        address = url
        while address and self._evidence:
            if address in self._evidence:
                return True
            _, _, address = address.partition("/")
        return False


current_reader: ContextVar[LinkReader | None] = ContextVar(
    "current_reader", default=None
)


def own_forms_read(
    forms: OwnForms, page_url: str, evidence: frozenset[str] = frozenset()
) -> LinkReader:
    """Have `parse_url` recognise a forum's own forms within a `with` block."""
    return LinkReader(forms, page_url, evidence)
