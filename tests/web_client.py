"""A client of our pages within the test's own process: Datasette with the plugin, no
server, no network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from datasette.app import Datasette
from datasette.plugins import pm

from archive import web
from archive.commands.serve import SETTINGS
from archive.web import cache


@dataclass(frozen=True, slots=True)
class Pages:
    """An archive's pages."""

    datasette: Any

    def get(
        self, path: str, params: Mapping[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        """A page; redirects are not followed."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: httpx.Response = asyncio.run(
            self.datasette.client.get(path, params=params, headers=names)
        )
        return answer

    def at_last(self, path: str, **headers: str) -> httpx.Response:
        """A page behind its redirects."""
        answer = self.get(path, **headers)
        for _ in range(4):
            if not answer.is_redirect:
                break
            answer = self.get(answer.headers["location"].partition("#")[0], **headers)
        return answer


def pages_of(database: Path) -> Pages:
    """The pages of an archive, nothing remembered from another."""
    if not pm.is_registered(web):
        pm.register(web, name="discuz_archive")
    cache.forget()
    settings = {
        name: int(value) for name, value in SETTINGS.items() if value.isdecimal()
    }
    return Pages(
        Datasette([str(database)], settings={**settings, "suggest_facets": False})
    )
