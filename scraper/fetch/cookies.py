"""A browser's cookies for one forum: which of a file are sent there, and whether they log in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http.cookiejar import Cookie, CookieJar
from typing import Final

from scraper.core.errors import InputError, LoginError
from scraper.fetch.cookie_files import LOCAL_SUFFIX, CookieFile, read_cookie_file

_SHOWN: Final = 5
_LOGIN_COOKIE = re.compile(r"(?:^|_)auth$|cookie_?auth|sessionauth", re.I)


def read_cookies(text: str, host: str, now_s: float) -> CookieJar:
    """The cookies of a file (`cookie_files`) that a browser would send to a host; all others
    are left out, so none can leak.

    InputError for a file without any cookie; LoginError where nothing in it logs in at this
    host, or only cookies that have expired by `now_s` (seconds since 1970).
    """
    file = read_cookie_file(text, host)
    fitting = _fitting(file, host)
    jar = CookieJar()
    for cookie in fitting:
        if not cookie.is_expired(int(now_s)):
            jar.set_cookie(cookie)
    if not _logs_in(jar):
        why = "is missing (its name ends in `_auth`)"
        if _logs_in(fitting):
            why = "has expired"
        raise LoginError(
            f"the login cookie for {host} {why}{_odd_parts(file)}; log in with the "
            "browser, then export the cookies again"
        )
    return jar


def _fitting(file: CookieFile, host: str) -> list[Cookie]:
    """The cookies of a file that are for a host, expired ones too; InputError or LoginError
    for none."""
    if not file.cookies and file.passed_over:
        raise InputError(
            "the cookie file has no cookie that can be read"
            f"{_odd_parts(file)}; give a cookies.txt in Netscape format, the JSON of a "
            "browser extension, or the Cookie: header copied from the browser's tools"
        )

    fitting = [cookie for cookie in file.cookies if fits(cookie.domain, host)]
    if not fitting:
        domains = sorted({cookie.domain for cookie in file.cookies})
        shown = ", ".join(domains[:_SHOWN]) or "nothing"
        raise LoginError(
            f"the cookie file has no cookie for {host} (it has: {shown})"
            f"{_odd_parts(file)}; export it again on that forum"
        )
    return fitting


def passed_over(text: str) -> tuple[str, ...]:
    """What of a cookie file cannot be read, in words for people."""
    return read_cookie_file(text, "").passed_over


def names_hosts(text: str) -> bool:
    """Whether a cookie file says which hosts its cookies are for; a copied header does not."""
    return read_cookie_file(text, "").names_hosts


def fits(domain: str, host: str) -> bool:
    """Whether a cookie of a domain (`.example.com`: its subdomains too) is for a host (RFC
    6265, 5.1.3)."""
    domain = domain.lower()
    host = host.lower()
    if "." not in host:
        host += LOCAL_SUFFIX
    if host == domain.lstrip("."):
        return True
    return domain.startswith(".") and host.endswith(domain)


def _logs_in(cookies: Iterable[Cookie]) -> bool:
    return any(_LOGIN_COOKIE.search(cookie.name) for cookie in cookies)


def _odd_parts(file: CookieFile) -> str:
    """A clause that names what was passed over; empty where nothing was."""
    if not file.passed_over:
        return ""
    shown = ", ".join(file.passed_over[:_SHOWN])
    return f"; passed over: {shown}"
