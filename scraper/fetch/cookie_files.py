"""Files of cookies as people have them: Netscape's `cookies.txt`, the JSON of browser
extensions, a `Cookie:` header copied from a browser's tools."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import Cookie
from typing import Any, Final

# domain, subdomains too, path, secure, expiry (seconds since 1970, 0: session), name, value
_FIELDS: Final = 7
_EXPIRY_AT: Final = 4
_EXPIRY = re.compile(r"(?:-?\d+(?:\.\d+)?)?")
_LATEST_EXPIRY_S: Final = 253_402_300_799  # the end of 9999: no date is later
_HTTP_ONLY: Final = "#HttpOnly_"
LOCAL_SUFFIX: Final = ".local"  # what http.cookiejar adds to hosts without a dot
_HEADER = re.compile(r"^[ \t]*+cookie:[ \t]*(.*)$", re.I | re.M)
_PAIR = re.compile(r"^\s*+([^\s=;,\"]++)\s*+=\s*+([^;]*+)")
_EXPIRY_KEYS: Final = ("expirationDate", "expires", "expiry")


@dataclass(frozen=True, slots=True)
class CookieFile:
    """The cookies of a file, and what was passed over, in words for people. `names_hosts`:
    whether it says which hosts they are for."""

    cookies: tuple[Cookie, ...] = ()
    passed_over: tuple[str, ...] = ()
    names_hosts: bool = True


def read_cookie_file(text: str, host: str) -> CookieFile:
    """All cookies of a file, whatever its format; nothing where it has none that is known.

    A `Cookie:` header names no domain: its cookies are taken for those of `host`.
    """
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith(("[", "{")):
        return _from_json(text)
    header = _copied_header(text)
    if header:
        return _from_header(header, host)
    return _from_netscape(text)


def _copied_header(text: str) -> str:
    """The `Cookie:` header in a text; empty where there is none. The name may be left out
    where nothing else is in the text."""
    named = _HEADER.search(text)
    if named:
        return named[1]
    line = text.strip()
    is_one_line = "\n" not in line and "\t" not in line
    return line if is_one_line and _PAIR.match(line) else ""


def _from_header(header: str, host: str) -> CookieFile:
    cookies = []
    passed_over = []
    for part in header.split(";"):
        if not part.strip():
            continue
        pair = _PAIR.fullmatch(part)
        if pair is None:
            passed_over.append(f"a part of the Cookie header: {_name_of(part)}")
            continue
        name, value = pair.groups()
        cookies.append(_cookie(name, value.strip(), domain=host))
    return CookieFile(tuple(cookies), tuple(passed_over), names_hosts=False)


def _from_json(text: str) -> CookieFile:
    """The list that EditThisCookie and Cookie-Editor write, also within an object, as
    Playwright's storage state has it."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return CookieFile(passed_over=("all of it: it is no whole JSON",))

    entries = data.get("cookies") if isinstance(data, dict) else data
    if not isinstance(entries, list):
        return CookieFile(passed_over=("all of it: JSON without a list of cookies",))

    cookies = []
    passed_over = []
    for number, entry in enumerate(entries, 1):
        cookie = _from_entry(entry)
        if cookie is None:
            passed_over.append(f"entry {number}: no cookie with a name and a domain")
        else:
            cookies.append(cookie)
    return CookieFile(tuple(cookies), tuple(passed_over))


def _from_entry(entry: object) -> Cookie | None:
    if not isinstance(entry, Mapping):
        return None
    name = entry.get("name")
    domain = entry.get("domain")
    if not isinstance(name, str) or not isinstance(domain, str):
        return None
    if not name or not domain:
        return None

    value = entry.get("value")
    path = entry.get("path")
    is_host_only = entry.get("hostOnly", not domain.startswith("."))
    return _cookie(
        name,
        value if isinstance(value, str) else "",
        domain=domain,
        subdomains=not is_host_only,
        path=path if isinstance(path, str) else "",
        secure=entry.get("secure") is True,
        expiry_s=_expiry_s(entry),
        http_only=entry.get("httpOnly") is True,
    )


def _expiry_s(entry: Mapping[str, Any]) -> float:
    for key in _EXPIRY_KEYS:
        value = entry.get(key)
        if isinstance(value, (int, float)):
            known = max(0, min(value, _LATEST_EXPIRY_S))
            return float(known)
    return 0.0


def _from_netscape(text: str) -> CookieFile:
    cookies = []
    passed_over = []
    for number, line in _lines(text):
        http_only = line.startswith(_HTTP_ONLY)
        parts = [part.strip() for part in line.removeprefix(_HTTP_ONLY).split("\t")]
        if len(parts) != _FIELDS or not _EXPIRY.fullmatch(parts[_EXPIRY_AT]):
            passed_over.append(f"line {number} has no {_FIELDS} fields divided by tabs")
            continue

        domain, subdomains, path, secure, expiry, name, value = parts
        cookie = _cookie(
            name,
            value,
            domain=domain,
            subdomains=subdomains.upper() == "TRUE",
            path=path,
            secure=secure.upper() == "TRUE",
            expiry_s=float(expiry or 0),
            http_only=http_only,
        )
        cookies.append(cookie)
    return CookieFile(tuple(cookies), tuple(passed_over))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that should be cookies, with their numbers."""
    for number, line in enumerate(text.splitlines(), 1):
        is_comment = line.startswith("#") and not line.startswith(_HTTP_ONLY)
        if line.strip() and not is_comment:
            yield number, line


def _name_of(part: str) -> str:
    """What may be shown of a cookie: its value is a secret."""
    return ascii(part.partition("=")[0].strip()[:20])


def _cookie(
    name: str,
    value: str,
    *,
    domain: str,
    subdomains: bool = False,
    path: str = "",
    secure: bool = False,
    expiry_s: float = 0.0,
    http_only: bool = False,
) -> Cookie:
    if "." not in domain:
        domain += LOCAL_SUFFIX
    if subdomains and not domain.startswith("."):
        domain = f".{domain}"
    expires = min(expiry_s, _LATEST_EXPIRY_S)
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
        secure=secure,
        expires=int(expires) if expires > 0 else None,
        discard=expires <= 0,
        comment=None,
        comment_url=None,
        rest={"HttpOnly": ""} if http_only else {},
        rfc2109=False,
    )
