"""A server that sends just the bytes it is told, and a fetcher that asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from raw_server import Raw, serve_raw

from scraper.fetch.fetcher import Fetcher, FetchSettings

IMPATIENT = FetchSettings(delay_s=0, timeout_s=1, total_timeout_s=2)


@pytest.fixture
def raw() -> Iterator[Raw]:
    with serve_raw() as server:
        yield server


@pytest.fixture
def fetcher(raw: Raw) -> Iterator[Fetcher]:
    with Fetcher(raw.url, IMPATIENT) as one:
        yield one
