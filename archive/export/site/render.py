"""A page of the browser's → a file of the site: the same template, its addresses turned into
names of files as seen from where it stands."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qs, urlsplit

from archive.export.site.addresses import Addresses
from archive.web import paths
from archive.web.language import NAMES, Language
from archive.web.templates import render
from archive.web.values import PageRequest, TemplateResponse

FOLDERS: Final[Mapping[Language, str]] = {"zh": "", "en": "en/"}
"""The languages of a site, and the folder that has the pages in each."""
READING_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
_SHARED: Final = ("style.css", "reading.js", "media/", "search/")
"""What all languages have in common."""
LOST: Final = '<span class="away">［图片已丢失］</span>'
"""Where a picture is shown of which the WARC record is lost."""
_OUTSIDE: Final = re.compile(r"[a-z][a-z0-9+.-]{0,30}+:", re.I)
_TAG: Final = re.compile(r'<[a-z][a-z0-9]*+(?:\s++[a-z-]++(?:="[^"]*+")?+)*+\s*+/?+>')
_ATTRIBUTE: Final = re.compile(r'(?<=\s)(href|src|action)="([/?][^"]*+)"')


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: its file, and its language. `next_pages`: the files that go on
    behind `?threads=` and `?posts=`."""

    file: str
    language: Language = "zh"
    next_pages: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The file, as seen from the site's folder."""
        return FOLDERS[self.language] + self.file


def render_page(
    page: TemplateResponse,
    request: PageRequest,
    place: Place,
    addresses: Addresses,
    policy: str = READING_POLICY,
) -> str:
    """The page as it stands in its file."""
    languages = {code: NAMES[code] for code in FOLDERS}
    values = {
        **page.values,
        "live": False,
        "languages": languages,
        "policy": page.policy_with(policy),
    }
    source = render(replace(page, values=values), request)
    return with_files(source, place, addresses)


def with_files(source: str, place: Place, addresses: Addresses) -> str:
    """Markup of ours, which is well-formed, with its addresses as seen from a file."""
    begin = posixpath.dirname(place.path)

    def attribute(found: re.Match[str]) -> str:
        address = html.unescape(found[2])
        target = _target(address, place, addresses)
        if not target:
            return ""
        if not _OUTSIDE.match(target):
            target = _relative(target, begin)
        return f'{found[1]}="{html.escape(target)}"'

    def tag(found: re.Match[str]) -> str:
        changed = _ATTRIBUTE.sub(attribute, found[0])
        is_lost = changed.startswith("<img ") and ' src="' not in changed
        return LOST if is_lost else changed

    return _TAG.sub(tag, source)


def _target(address: str, place: Place, addresses: Addresses) -> str:
    """The file as seen from the site's folder, or an address elsewhere."""
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    if not parts.path:
        (name,) = asked or ("",)
        return FOLDERS[place.language] + place.next_pages[name]
    if parts.path == paths.LANGUAGE:
        (code,) = asked["to"]
        return _folder_of(code) + place.file
    target = addresses.place(address)
    if not target or _OUTSIDE.match(target) or target.startswith(_SHARED):
        return target
    return FOLDERS[place.language] + target


def _folder_of(code: str) -> str:
    for language, folder in FOLDERS.items():
        if language == code:
            return folder
    raise ValueError(f"no such language: {code}")


def _relative(target: str, begin: str) -> str:
    """A file as seen from a folder; what follows its name stays."""
    end = re.search(r"[?#]", target)
    at = end.start() if end else len(target)
    return posixpath.relpath(target[:at], begin or ".") + target[at:]
