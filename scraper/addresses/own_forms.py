"""Addresses in forms that a forum's owner made up (`/t5-1`, `suid-901`,
`read-htm-tid-5.html`): read, and written. `form_learning` says how they become known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from scraper.addresses.routes import board, thread, user
from scraper.addresses.target import Target
from scraper.core.site import LinkKind

_HOST = re.compile(r"(?:https?:)?//(?:www\.)?([^/?#]+)", re.I)


@dataclass(frozen=True)
class OwnForm:
    """One form of address. `parts` stand around its numbers; a slot is what a number means,
    or the number that always stands there. `first_page`: the lowest page seen in it."""

    kind: LinkKind
    parts: tuple[str, ...]
    slots: tuple[str, ...]
    first_page: int = 1

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the form at the end of a path; a query may follow."""
        first, *others = self.parts
        form = re.escape(first)
        for slot, part in zip(self.slots, others, strict=True):
            form += _slot_pattern(slot)
            form += re.escape(part)
        return re.compile(f"(?:^|(?<=/)){form}(?=$|[?&])")

    def target(self, address: str, charset: str) -> Target | None:
        """The page that an address of this form stands for; None for any other."""
        found = self.pattern.search(address)
        if found is None:
            return None
        query = _query_after(found)
        numbers = found.groupdict()
        page = numbers.get("page")
        if page:
            query.setdefault("page", page)
        number = numbers["id"]
        return _target(self.kind, number, query, charset)

    def address(self, number: int, page: int) -> str | None:
        """The address of a page in this form, below the forum's; None where it has none
        that is known for sure."""
        if not self._is_known_for(page):
            return None
        values = {
            "id": str(number),
            "page": str(page),
        }
        address, *others = self.parts
        for slot, part in zip(self.slots, others, strict=True):
            address += values.get(slot, slot)
            address += part
        return address

    def _is_known_for(self, page: int) -> bool:
        """Whether the address of a page with this number is known for sure."""
        if "any" in self.slots:
            return False
        if page < self.first_page:
            return False
        return page == 1 or "page" in self.slots


@dataclass(frozen=True, slots=True)
class OwnForms:
    """The forms of one forum. `host`: the only one that they are of, without `www.`;
    `go_first`: some of them look like forms of Discuz!'s own that mean something else."""

    forms: tuple[OwnForm, ...] = ()
    host: str = ""
    go_first: bool = False

    def target(self, url: str, charset: str = "") -> Target | None:
        """The page that an address of one of these forms stands for; None for any other,
        and for those of other hosts."""
        if not self.forms:
            return None
        address = self._below_host(url)
        for form in self.forms:
            target = form.target(address, charset)
            if target is not None:
                return target
        return None

    def address(self, kind: LinkKind, number: int, page: int = 1) -> str | None:
        """The address of a page, below the forum's; None where no form has one."""
        for form in self.forms:
            if form.kind != kind:
                continue
            address = form.address(number, page)
            if address is not None:
                return address
        return None

    def folder_of(self, url: str) -> str | None:
        """What stands before the form in an address: the forum's own one, with a final
        slash; None for an address of no form."""
        for form in self.forms:
            found = form.pattern.search(url)
            if found is None:
                continue
            if self._below_host(url):
                end = found.start()
                return url[:end]
        return None

    def _below_host(self, url: str) -> str:
        """An address without scheme, host and fragment; empty where the host is another."""
        url, _, _ = url.partition("#")
        url = url.replace("&amp;", "&")
        found = _HOST.match(url)
        if found is None:
            return url
        host = found[1].lower()
        if host != self.host:
            return ""
        start = found.end()
        return url[start:]


NO_FORMS: Final = OwnForms()


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """The host of an address, with its port and without `www.`; empty for a relative one."""
    found = _HOST.match(url)
    if found is None:
        return ""
    return found[1].lower()


def _slot_pattern(slot: str) -> str:
    if slot in ("id", "page"):
        return rf"(?P<{slot}>[1-9]\d{{0,17}})"
    if slot == "any":
        return r"\d+"
    return slot


def _query_after(found: re.Match[str]) -> dict[str, str]:
    """The query that follows a form in an address; it may choose what is shown."""
    start = found.end() + 1
    rest = found.string[start:]
    query: dict[str, str] = {}
    for pair in rest.split("&"):
        key, _, value = pair.partition("=")
        if pair:
            query[key] = value
    return query


def _target(kind: LinkKind, number: str, query: dict[str, str], charset: str) -> Target:
    """What a form of that kind leads to."""
    query.setdefault("page", "1")
    if kind == "thread":
        query["tid"] = number
        return thread(query, charset)
    if kind == "board":
        query["fid"] = number
        return board(query, charset)
    if kind == "user":
        query["uid"] = number
        return user(query, charset)
    if kind == "last":
        return Target("thread", int(number), last=True)
    if kind == "tag":
        return Target("other", int(number), name="misc.php?mod=tag")
    return Target(kind, int(number))
