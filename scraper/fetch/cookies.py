"""A browser's cookies for one forum, from a file in Netscape format; and whom a page shows
as logged in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookiejar import Cookie, CookieJar
from typing import Final

from scraper.core.errors import InputError, LoginError

# domain, subdomains too, path, secure, expiry (seconds since 1970, 0: session), name, value
_FIELDS: Final = 7
_HTTP_ONLY: Final = "#HttpOnly_"
_UID = re.compile(r"""\bdiscuz_uid\s*=\s*(?:parseInt\()?['"]?(\d{1,10})\b""")
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
        domains = (
            ", ".join(sorted({cookie.domain for cookie in cookies})[:5]) or "nothing"
        )
        raise LoginError(
            f"the cookie file has no cookie for {host} (it has: {domains}); export it again on that forum"
        )
    good = [cookie for cookie in fitting if not cookie.is_expired(int(now_s))]
    if not any(_LOGIN_COOKIE.search(cookie.name) for cookie in good):
        expired = any(_LOGIN_COOKIE.search(cookie.name) for cookie in fitting)
        why = "has expired" if expired else "is missing (its name ends in `_auth`)"
        raise LoginError(
            f"the login cookie for {host} {why}; log in with the browser, then export the cookies again"
        )
    jar = CookieJar()
    for cookie in good:
        jar.set_cookie(cookie)
    return jar


def check_login(page_text: str) -> int | None:
    """The uid that a page's script names as its reader: 0 for a guest; None where the page
    does not say."""
    found = _UID.search(page_text)
    return int(found[1]) if found else None


def fits(domain: str, host: str) -> bool:
    """Whether a cookie of a domain (`.example.com`: its subdomains too) is for a host (RFC
    6265, 5.1.3)."""
    domain, host = (
        domain.lower(),
        host.lower() if "." in host else f"{host.lower()}.local",
    )
    return host == domain.lstrip(".") or (
        domain.startswith(".") and host.endswith(domain)
    )


def _read(text: str) -> Iterator[Cookie]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        http_only = line.startswith(_HTTP_ONLY)
        line = line.removeprefix(_HTTP_ONLY)
        if not line.strip() or (line.startswith("#") and not http_only):
            continue
        parts = line.split("\t")
        if len(parts) != _FIELDS or not re.fullmatch(
            r"-?\d+(?:\.\d+)?", parts[4].strip() or "0"
        ):
            raise InputError(
                f"the cookie file is not in Netscape format: line {number} has no {_FIELDS} fields "
                "divided by tabs; export it with an extension that writes `cookies.txt`"
            )
        yield _cookie([part.strip() for part in parts], http_only)


def _cookie(parts: list[str], http_only: bool) -> Cookie:
    domain, subdomains, path, secure, expiry, name, value = parts
    if "." not in domain:
        domain += ".local"  # as http.cookiejar calls hosts without a dot
    if subdomains.upper() == "TRUE" and not domain.startswith("."):
        domain = f".{domain}"
    expires = int(float(expiry or 0))
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
        expires=expires if expires > 0 else None,
        discard=expires <= 0,
        comment=None,
        comment_url=None,
        rest={"HttpOnly": ""} if http_only else {},
        rfc2109=False,
    )
