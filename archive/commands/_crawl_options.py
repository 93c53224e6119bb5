"""The options of a crawl: which forums they name, what the run is about, how to ask, and the
command that goes on with it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from archive.commands._network_options import USUAL_NETWORK, NetworkOptions
from archive.crawl.start_addresses import check_address, with_scheme
from archive.store.sites import Sites
from scraper.addresses.urls import base_of, parse_url
from scraper.core.errors import InputError
from scraper.fetch.cookies import names_hosts, passed_over, read_cookies
from scraper.fetch.fetcher import FetchSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a run as given. `requisites`: None for what `media` says."""

    db: Path
    urls: tuple[str, ...] = ()
    boards: tuple[int, ...] = ()
    threads: tuple[int, ...] = ()
    users: tuple[int, ...] = ()
    since: date | None = None
    complete: bool = False
    max_pages: int | None = None
    delay_s: float = 2.0
    concurrency: int = 1
    contact: str = ""
    cookies: Path | None = None
    media: bool = False
    requisites: bool | None = None
    json: bool = False
    metrics: Path | None = None
    seeds: bool = True
    network: NetworkOptions = USUAL_NETWORK

    @property
    def takes_requisites(self) -> bool:
        """Whether what pages need to look as they did is asked for."""
        return self.media if self.requisites is None else self.requisites


def in_usual_form(options: Options, sites: Sites) -> Options:
    """The same, with addresses of owners' own forms, as far as they are known, in Discuz!'s."""
    urls = [sites.usual_address(with_scheme(url)) for url in options.urls]
    return replace(
        options,
        urls=tuple(urls),
    )


def forums_of(options: Options, known: Iterable[str]) -> dict[str, list[str]]:
    """The forums of a run: address → the addresses given for it. Where none is given, the
    `known` ones."""
    urls = options.urls or tuple(known)
    if not urls:
        raise InputError(
            f"{options.db} knows no forum to go on with; give the forum's address"
        )

    found = dict[str, list[str]]()
    for url in urls:
        base = base_of(with_slash(url))
        found.setdefault(base, []).append(url)

    if len(found) > 1:
        _check_for_several(options)
    return found


def check_before_files(options: Options) -> None:
    """InputError, or LoginError for its cookies, where no run can begin so. To be asked
    before any file is made."""
    for url in options.urls:
        check_address(url)
    if options.db.exists():
        return
    for address in forums_of(options, known=()):
        fetch_settings(options, address)


def _check_for_several(options: Options) -> None:
    """InputError for options that mean one forum."""
    names_things = bool(options.boards or options.threads or options.users)
    if names_things:
        raise InputError(
            "--board, --thread and --user name things of one forum; give one address with them"
        )
    if options.cookies and not names_hosts(_text_of(options.cookies)):
        raise InputError(
            f"{options.cookies}: a copied Cookie: header names no forum, and would be sent to "
            "all of them; give one address with it"
        )


def with_slash(url: str) -> str:
    """The same for a folder: `/bbs` is no page of a forum, but may be where one lies."""
    url = with_scheme(url)
    file = urlsplit(url).path.rpartition("/")[2]
    may_be_folder = bool(file) and "." not in file and "?" not in url
    if may_be_folder and parse_url(url) is None:
        return f"{url.partition('#')[0]}/"
    return url


def fetch_settings(
    options: Options, address: str, too_fast_s: float = 0.0
) -> FetchSettings:
    """How to ask a forum: the options, with the cookies that are for it. LoginError where
    none logs in there. `too_fast_s`: the pause at which it complained on an earlier run."""
    jar = None
    if options.cookies:
        host = urlsplit(address).hostname or ""
        jar = read_cookies(
            _text_of(options.cookies),
            host,
            time.time(),
        )
    network = options.network
    return FetchSettings(
        delay_s=options.delay_s,
        concurrency=options.concurrency,
        contact=options.contact,
        cookies=jar,
        login=jar is not None,
        known_too_fast_s=too_fast_s,
        user_agent=network.user_agent,
        headers=network.headers,
        proxy=network.proxy,
        unchecked_hosts=network.unchecked_hosts,
        owner_consents=network.owner_consents,
    )


def cookie_notes(options: Options) -> list[str]:
    """What of the cookie file was passed over, a line each."""
    if not options.cookies:
        return []
    odd = passed_over(_text_of(options.cookies))
    return [f"{options.cookies}: passed over: {words}" for words in odd]


def _text_of(cookies: Path) -> str:
    return cookies.read_text(
        encoding="utf-8",
        errors="replace",
    )


def command_line(command: str, options: Options) -> str:
    """The command that goes on with a run: about the same boards and threads, with the same
    manners."""
    words = ["discuz-archive", command, str(options.db), *options.urls]
    for name, items in (
        ("--board", options.boards),
        ("--thread", options.threads),
        ("--user", options.users),
    ):
        for item in items:
            words += [name, str(item)]

    usual = Options(db=options.db)
    for name, value, default in (
        ("--since", options.since, usual.since),
        ("--delay", options.delay_s, usual.delay_s),
        ("--concurrency", options.concurrency, usual.concurrency),
        ("--contact", options.contact, usual.contact),
        ("--cookies", options.cookies, usual.cookies),
    ):
        if value != default:
            text = f"{value:g}" if isinstance(value, float) else str(value)
            words += [name, text]

    if options.complete:
        words.append("--complete")
    if options.media:
        words.append("--media")
    if options.requisites is not None:
        words.append("--requisites" if options.requisites else "--no-requisites")
    words += options.network.words()
    return shlex.join(words)
