"""A browser's cookies for one forum, from a file in Netscape format; and whom a page shows
as logged in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from http.cookiejar import Cookie, CookieJar
from typing import Final

from scraper.core.errors import InputError, LoginError

# domain, subdomains too, path, secure, expiry (seconds since 1970, 0: session), name, value
_FIELDS: Final = 7
_EXPIRY_AT: Final = 4
_EXPIRY = re.compile(r"(?:-?\d+(?:\.\d+)?)?")
_LATEST_EXPIRY_S: Final = 253_402_300_799  # the end of 9999: no date is later
_HTTP_ONLY: Final = "#HttpOnly_"
_LOCAL: Final = ".local"  # what http.cookiejar adds to hosts without a dot
_SHOWN_DOMAINS: Final = 5
_LOGIN_COOKIE = re.compile(r"(?:^|_)auth$|cookie_?auth|sessionauth", re.I)


def read_cookies(text: str, host: str, now_s: float) -> CookieJar:
    """The cookies of a cookies.txt that a browser would send to a host; all others are left
    out, so none can leak.

    InputError for a line that is none of the format; LoginError where nothing in it logs in
    at this host, or only cookies that have expired by `now_s` (seconds since 1970).
    """
    cookies = list(_read(text))
    fitting = [cookie for cookie in cookies if fits(cookie.domain, host)]
    if not fitting:
        domains = sorted({cookie.domain for cookie in cookies})
        shown = ", ".join(domains[:_SHOWN_DOMAINS]) or "nothing"
        raise LoginError(
            f"the cookie file has no cookie for {host} (it has: {shown}); "
            "export it again on that forum"
        )

    jar = CookieJar()
    for cookie in fitting:
        if not cookie.is_expired(int(now_s)):
            jar.set_cookie(cookie)
    if not _logs_in(jar):
        why = "is missing (its name ends in `_auth`)"
        if _logs_in(fitting):
            why = "has expired"
        raise LoginError(
            f"the login cookie for {host} {why}; log in with the browser, "
            "then export the cookies again"
        )
    return jar


def _logs_in(cookies: Iterable[Cookie]) -> bool:
    return any(_LOGIN_COOKIE.search(cookie.name) for cookie in cookies)


def fits(domain: str, host: str) -> bool:
    """Whether a cookie of a domain (`.example.com`: its subdomains too) is for a host (RFC
    6265, 5.1.3)."""
    domain = domain.lower()
    host = host.lower()
    if "." not in host:
        host += _LOCAL
    if host == domain.lstrip("."):
        return True
    return domain.startswith(".") and host.endswith(domain)


def _read(text: str) -> Iterator[Cookie]:
    lines = text.removeprefix("\ufeff").splitlines()
    for number, line in enumerate(lines, 1):
        http_only = line.startswith(_HTTP_ONLY)
        line = line.removeprefix(_HTTP_ONLY)
        is_comment = line.startswith("#") and not http_only
        if is_comment or not line.strip():
            continue

        parts = [part.strip() for part in line.split("\t")]
        if len(parts) != _FIELDS or not _EXPIRY.fullmatch(parts[_EXPIRY_AT]):
            raise InputError(
                f"the cookie file is not in Netscape format: line {number} has no "
                f"{_FIELDS} fields divided by tabs; export it with an extension that "
                "writes `cookies.txt`"
            )
        yield _cookie(parts, http_only)


def _cookie(parts: list[str], http_only: bool) -> Cookie:
    domain, subdomains, path, secure, expiry, name, value = parts
    if "." not in domain:
        domain += _LOCAL
    if subdomains.upper() == "TRUE" and not domain.startswith("."):
        domain = f".{domain}"
    expires = min(float(expiry or 0), _LATEST_EXPIRY_S)
    return Cookie(
        version=0,
        name=name,
        value=value,
        port=None,
        port_specified=False,
        domain=domain,
        domain_specified=domain.startswith("."),
        domain_initial_dot=domain.startswith("."),
        path=path or "/",
        path_specified=bool(path),
        secure=secure.upper() == "TRUE",
        expires=int(expires) if expires > 0 else None,
        discard=expires <= 0,
        comment=None,
        comment_url=None,
        rest={"HttpOnly": ""} if http_only else {},
        rfc2109=False,
    )
