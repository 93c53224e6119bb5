"""The options that say how a forum is asked: as which browser, through which proxy, and what
its owner allows."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import click

_Command: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkOptions:
    """How to ask, as given. `headers`: names and values, sent to the forum's own hosts;
    `unchecked_hosts`: those whose certificates are taken as they are."""

    user_agent: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    proxy: str = ""
    unchecked_hosts: frozenset[str] = frozenset()
    owner_consents: bool = False

    def words(self) -> list[str]:
        """These options on a command line."""
        words = list[str]()
        if self.user_agent:
            words += ["--user-agent", self.user_agent]
        for name, value in self.headers:
            words += ["--header", f"{name}: {value}"]
        if self.proxy:
            words += ["--proxy", self.proxy]
        for host in sorted(self.unchecked_hosts):
            words += ["--insecure", host]
        if self.owner_consents:
            words.append("--owner-consents")
        return words

    def terms(self) -> list[str]:
        """Those on which the archive was allowed what it has: they are kept with a run."""
        words = list[str]()
        for host in sorted(self.unchecked_hosts):
            words += ["--insecure", host]
        if self.owner_consents:
            words.append("--owner-consents")
        return words

    def warc_fields(self) -> dict[str, str]:
        """The same as fields of a `warcinfo` record (WARC 1.1, 6.2)."""
        fields = {"robots": "classic"}
        if self.owner_consents:
            fields["robots"] = "ignored on the forum's own hosts: its owner consents"
        if self.unchecked_hosts:
            hosts = ", ".join(sorted(self.unchecked_hosts))
            fields["certificates-not-checked"] = hosts
        if self.user_agent:
            fields["http-header-user-agent"] = self.user_agent
        return fields


USUAL_NETWORK: Final = NetworkOptions()


def _read_headers(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    # imported when it runs: --help is quick
    from scraper.fetch.headers import read_header

    return tuple(read_header(text) for text in texts)


def _read_proxy(_context: click.Context, _option: click.Parameter, text: str) -> str:
    from scraper.fetch.proxies import read_proxy

    return read_proxy(text) if text else ""


def _read_hosts(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> frozenset[str]:
    """Hosts by their names, or by addresses of theirs."""
    hosts = set[str]()
    for text in texts:
        address = text if "://" in text else f"//{text}"
        try:
            host = urlsplit(address).hostname
        except ValueError:
            host = None
        if not host:
            raise click.BadParameter(f"{text!r} names no host")
        hosts.add(host)
    return frozenset(hosts)


_OPTIONS: Final = (
    click.option(
        "--user-agent",
        default="",
        metavar="TEXT",
        help="User-Agent of the browser that the cookies come from: logins of Discuz! 6, 7 "
        "and X1 hold for that browser alone, and so does what challenge pages give.",
    ),
    click.option(
        "--header",
        "headers",
        multiple=True,
        metavar="'NAME: VALUE'",
        callback=_read_headers,
        help="One more header for the forum's own hosts.",
    ),
    click.option(
        "--proxy",
        default="",
        metavar="ADDRESS",
        callback=_read_proxy,
        help="http://HOST:PORT or socks5://HOST:PORT; without it, that of the environment.",
    ),
    click.option(
        "--insecure",
        "unchecked_hosts",
        multiple=True,
        metavar="HOST",
        callback=_read_hosts,
        help="Take this host's certificate as it is: expired, say.",
    ),
    click.option(
        "--owner-consents",
        is_flag=True,
        help="The forum's owner allows what its robots.txt forbids, attachments say: kept "
        "in the archive's records.",
    ),
)


def network_options(command: _Command) -> _Command:
    """Give a command these options; it gets them as one argument, `network`."""

    @functools.wraps(command)
    def with_network(*args: Any, **given: Any) -> Any:
        own = {each.name: given.pop(each.name) for each in fields(NetworkOptions)}
        return command(*args, network=NetworkOptions(**own), **given)

    for option in reversed(_OPTIONS):
        with_network = option(with_network)
    return with_network
