"""Addresses in forms that a forum's owner made up (`/t5-1`, `suid-901`,
`read-htm-tid-5.html`): read, and written. `form_learning` says how they become known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
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
        pieces = [re.escape(self.parts[0])]
        for slot, part in zip(self.slots, self.parts[1:], strict=True):
            pieces.append(_slot_pattern(slot))
            pieces.append(re.escape(part))
        return re.compile(f"(?:^|(?<=/)){''.join(pieces)}(?=$|[?&])")

    def target(self, address: str, charset: str) -> Target | None:
        """The page that an address of this form stands for; None for any other."""
        found = self.pattern.search(address)
        if found is None:
            return None
        part = found.groupdict()
        return _target(self.kind, part["id"], part.get("page"), found, charset)

    def address(self, number: int, page: int) -> str | None:
        """The address of a page in this form, below the forum's; None where it has none
        that is known for sure."""
        is_told = page == 1 or "page" in self.slots
        if "any" in self.slots or not is_told or page < self.first_page:
            return None

        values = {"id": str(number), "page": str(page)}
        address = self.parts[0]
        for slot, part in zip(self.slots, self.parts[1:], strict=True):
            address += values.get(slot, slot) + part
        return address


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
            if found is not None and self._below_host(url):
                return url[: found.start()]
        return None

    def _below_host(self, url: str) -> str:
        """An address without scheme, host and fragment; empty where the host is another."""
        url = url.partition("#")[0].replace("&amp;", "&")
        found = _HOST.match(url)
        if found is None:
            return url
        if found[1].lower() != self.host:
            return ""
        return url[found.end() :]


NO_FORMS: Final = OwnForms()


def host_of(url: str) -> str:
    """The host of an address, with its port and without `www.`; empty for a relative one."""
    found = _HOST.match(url)
    return found[1].lower() if found else ""


def _slot_pattern(slot: str) -> str:
    if slot in ("id", "page"):
        return rf"(?P<{slot}>[1-9]\d{{0,17}})"
    return r"\d+" if slot == "any" else slot


def _target(
    kind: LinkKind,
    number: str,
    page: str | None,
    found: re.Match[str],
    charset: str,
) -> Target:
    """What a form of that kind leads to; a query after it may choose what is shown."""
    rest = found.string[found.end() :]
    pairs = [each.partition("=") for each in rest[1:].split("&") if each]
    query = {"page": page or "1", **{key: value for key, _, value in pairs}}
    if kind == "thread":
        return thread({**query, "tid": number}, charset)
    if kind == "board":
        return board({**query, "fid": number}, charset)
    if kind == "user":
        return user({**query, "uid": number}, charset)
    if kind == "last":
        return Target("thread", int(number), last=True)
    if kind == "tag":
        return Target("other", int(number), name="misc.php?mod=tag")
    return Target(kind, int(number))
