"""Bodies of many gzip members are undone, and refused where there are too many to be meant."""

from __future__ import annotations

import gzip

import pytest

from scraper.fetch.codings import CodingError, decoded


@pytest.mark.parametrize("members", [1, 2, 1_000])
def test_members_are_joined(members: int) -> None:
    body = gzip.compress(b"x") * members
    assert decoded(body, "gzip", 10_000) == b"x" * members


@pytest.mark.parametrize("content", [b"", b"x"])
def test_members_without_end_are_refused(content: bytes) -> None:
    body = gzip.compress(content) * 100_000
    with pytest.raises(CodingError, match="gzip members"):
        decoded(body, "gzip", 1_000_000)
