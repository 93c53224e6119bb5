"""Content codings: undone, or refused; nothing half is taken for whole."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.codings import CodingError, decoded


@given(
    st.binary(max_size=200),
    st.sampled_from(["gzip", "deflate", "gzip, deflate", "", "identity", "br"]),
)
def test_bodies_are_decoded_or_refused(body: bytes, coding: str) -> None:
    try:
        assert len(decoded(body, coding, 1_000)) <= 1_000
    except CodingError as error:
        assert error.reason in ("truncated", "garbled", "too_large")  # noqa: PT017 - either end is right


@given(st.binary(min_size=1, max_size=5_000), st.integers(1, 60))
def test_a_cut_compressed_body_is_never_taken_for_whole(body: bytes, cut: int) -> None:
    packed = gzip.compress(body)
    assert decoded(packed, "gzip", 5_000) == body
    with pytest.raises(CodingError):
        decoded(packed[: -min(cut, len(packed) - 2)], "gzip", 5_000)
