"""Files elsewhere: at a web address, read by ranges, or in a store that fsspec knows (`s3:`)."""

from __future__ import annotations

import io
from typing import BinaryIO, Final, cast

from scraper.core.errors import FetchError, InputError
from scraper.fetch.hosts import is_web_address
from scraper.fetch.ranges import open_ranged

_BLOCK_BYTES: Final = 8 << 20


def open_remote(address: str) -> tuple[BinaryIO, int]:
    """A file at an address, to be sought in, and its size in bytes. FetchError where it is
    not to be had, InputError for an address of which nothing here knows how to read it."""
    if is_web_address(address):
        return open_ranged(address)
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise InputError(_missing(address, "fsspec")) from error
    try:
        store, path = url_to_fs(address)
        file = store.open(path, "rb", block_size=_BLOCK_BYTES)
        size_bytes = file.seek(0, io.SEEK_END)
    except ImportError as error:
        raise InputError(_missing(address, str(error))) from error
    except ValueError as error:
        raise InputError(f"{address}: no address that can be read: {error}") from error
    except Exception as error:  # each store has errors of its own
        reason = f"{type(error).__name__}: {error}"
        raise FetchError(f"{address}: cannot be read: {reason}") from error
    return cast(BinaryIO, file), size_bytes


def _missing(address: str, what: str) -> str:
    return f"{address}: needs {what}; pip install 'discuz-archive[remote]' brings it"
