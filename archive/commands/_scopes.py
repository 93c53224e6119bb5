"""What a crawl is about: what the addresses that people give name, or what earlier runs were
about."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qs, urlsplit

from archive.commands._crawl_options import Options, with_slash
from archive.crawl.remembered_scope import remembered_scope
from scraper.addresses.target import Target
from scraper.addresses.urls import parse_url
from scraper.core.errors import InputError
from scraper.policy.plan import Scope

_SAME_FRONT: Final = frozenset(
    {"archiver", "from", "fromuid", "fromuser", "mobile", "mod", "sid", "simpletype"}
)
"""What may follow a front page's address without making another page of it."""
_MOST_NAMED: Final = 5


@dataclass(slots=True)
class _Named:
    """The boards, threads and members that options and addresses name."""

    boards: set[int] = field(default_factory=set)
    threads: set[int] = field(default_factory=set)
    users: set[int] = field(default_factory=set)

    def add(self, target: Target) -> bool:
        """Take what an address names; False where a crawl cannot begin there."""
        match target.kind:
            case "board":
                items, number = self.boards, target.id
            case "thread":
                items, number = self.threads, target.id
            case "post":
                items, number = self.threads, target.tid
            case "user":
                items, number = self.users, target.id
            case _:
                return False
        if not number:
            return False
        items.add(number)
        return True


def scope_of(options: Options, urls: Sequence[str]) -> Scope:
    """What a run is about: the options, and boards, threads and members that addresses
    name. InputError for an address that names something else."""
    named = _Named(
        set(options.boards),
        set(options.threads),
        set(options.users),
    )
    for url in urls:
        target = _named_by(url)
        if target is None:
            continue
        if not named.add(target):
            raise _no_beginning(url, f"the address of a {target.kind}")
    return Scope(
        boards=frozenset(named.boards),
        threads=frozenset(named.threads),
        users=frozenset(named.users),
        since=options.since,
        complete=options.complete,
    )


def scope_to_go_on(
    options: Options, urls: Sequence[str], conn: sqlite3.Connection, address: str
) -> tuple[Scope, str]:
    """What a run is about, and a line that says so where no address is given: then it is
    what earlier runs were about."""
    scope = scope_of(options, urls)
    if options.urls or not scope.whole:
        return scope, ""

    before = remembered_scope(conn, address)
    if before.whole:
        return scope, ""
    whole = shlex.join(["discuz-archive", "crawl", str(options.db), address])
    words = (
        f"{address}: goes on with {_described(before)} only; `{whole}` takes all of it"
    )
    goes_on = replace(
        before,
        since=options.since,
        complete=options.complete,
    )
    return goes_on, words


def _named_by(url: str) -> Target | None:
    """What an address names; None for the whole forum. InputError for a part of it that
    cannot be crawled by itself."""
    address = with_slash(url)
    parts = urlsplit(address)
    target = parse_url(address)
    if target is None:
        if parts.path.endswith("/") and not parts.query:
            return None
        raise _no_beginning(url, "an address of no form that Discuz! has")
    if target.kind == "index":
        return _beside_front(url, parts.query)
    if target.kind == "other":
        raise _no_beginning(
            url, f"the address of a page of another kind ({target.name})"
        )
    if target.kind == "board" and target.filter:
        raise _no_beginning(url, f"a selection of a board ({target.filter})")
    return target


def _beside_front(url: str, query: str) -> Target | None:
    """What the address of a front page says beside it: some link threads without saying
    `mod=viewthread`."""
    asked = parse_qs(query)
    for key, kind in (("tid", "viewthread"), ("fid", "forumdisplay")):
        if key in asked:
            return parse_url(f"forum.php?mod={kind}&{key}={asked[key][0]}")
    others = set(asked) - _SAME_FRONT
    if others:
        names = ", ".join(sorted(others))
        raise _no_beginning(
            url, f"the forum's front page with something more ({names})"
        )
    return None


def _no_beginning(url: str, what: str) -> InputError:
    return InputError(
        f"{url}: is {what}, and no place to begin a crawl; "
        "give that of the forum, of a board, a thread or a member"
    )


def _described(scope: Scope) -> str:
    """`thread 5`, `boards 2, 36`."""
    parts = []
    for name, items in (
        ("board", scope.boards),
        ("thread", scope.threads),
        ("member", scope.users),
    ):
        if not items:
            continue
        shown = ", ".join(map(str, sorted(items)[:_MOST_NAMED]))
        more = " and others" if len(items) > _MOST_NAMED else ""
        plural = "s" if len(items) > 1 else ""
        parts.append(f"{name}{plural} {shown}{more}")
    return ", ".join(parts)
