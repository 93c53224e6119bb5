"""Whether a page may be kept as it is: what of it is forgotten is blanked, and read again
until nothing is left.

Where something is left all the same, the whole body goes: no page is kept of which it is not
certain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from urllib.parse import unquote

from archive.forgetting.blanking import blanked, has_forgotten
from archive.forgetting.pages import Shown, find_forgotten
from archive.forgetting.sources import source_of
from archive.store.forgotten import REMOVED, Tombstones
from scraper.core.errors import PageError
from scraper.core.records import Capture, Page

Read: TypeAlias = Callable[[Capture], Page | PageError]
"""Parses a capture."""

_ROUNDS: Final = 3
_NO_TEXT: Final = ("image/", "video/", "audio/", "application/zip", "font/")


@dataclass(frozen=True, slots=True)
class Blanked:
    """A capture as it may be kept; `is_all`: it showed nothing else."""

    capture: Capture
    is_all: bool


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges captures of forums by the marks of an archive. `read`: parses them."""

    forgotten: Tombstones
    read: Read

    def judge(
        self, capture: Capture, site_id: int | None, page: Page | PageError
    ) -> Blanked | None:
        """A capture with what is forgotten blanked; None where it shows nothing of it."""
        site = site_id or 0
        shown = self._shown(page, site)
        source = source_of(capture.body, capture.header("content-type"))
        if not shown and not self._has_more(capture, source.text, site):
            return None
        is_all = shown.is_all
        text = source.text
        for _ in range(_ROUNDS if source.is_faithful else 0):
            text = blanked(
                text,
                shown,
                site,
                self.forgotten,
                is_markup=True,
            )
            body = source.encoded(text)
            capture = replace(
                capture,
                body=body,
            )
            shown = self._shown(self.read(capture), site)
            if not shown and not has_forgotten(text, site, self.forgotten):
                return Blanked(capture, is_all)
        nothing = replace(
            capture,
            body=REMOVED.encode(),
        )
        return Blanked(nothing, is_all)

    def names_member(self, url: str, site_id: int | None) -> bool:
        """Whether an address has the name of a forgotten member in it."""
        for codec in ("utf-8", "gb18030", "big5hkscs"):
            plain = unquote(
                url,
                codec,
                "replace",
            )
            for part in plain.replace("-", "=").replace(".html", "").split("="):
                name = part.partition("&")[0]
                if self.forgotten.hides_name(site_id or 0, name):
                    return True
        return False

    def _shown(self, page: Page | PageError, site_id: int) -> Shown:
        if isinstance(page, PageError):
            return Shown()
        return find_forgotten(
            page.content,
            site_id,
            self.forgotten,
        )

    def _has_more(self, capture: Capture, text: str, site_id: int) -> bool:
        if capture.header("content-type").startswith(_NO_TEXT):
            return False
        return has_forgotten(
            text,
            site_id,
            self.forgotten,
        )
