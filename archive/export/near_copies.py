"""Finds threads that say nearly what an earlier one says, by MinHash (datasketch)."""

from __future__ import annotations

from functools import cache
from typing import Final
from zlib import crc32

from datasketch import MinHash, MinHashLSH

_SHINGLE_CHARS: Final = 5
THRESHOLD: Final = 0.8
"""Of the pieces of both, so many are the same (Jaccard)."""
_PERMUTATIONS: Final = 128
_MOST_SHINGLES: Final = 20_000
"""Of a longer text its beginning is compared."""
_BATCH: Final = 1_000


class NearCopies:
    """The threads that were seen, by keys; a kilobyte each."""

    def __init__(self) -> None:
        self._index = MinHashLSH(
            threshold=THRESHOLD,
            num_perm=_PERMUTATIONS,
        )
        self._hashes: dict[str, MinHash] = {}

    def earlier(self, key: str, text: str) -> list[str]:
        """The keys of earlier texts that are nearly this one; it is one of them from now on."""
        made = hash_of(text)
        if made is None:
            return []
        candidates = self._index.query(made)
        found = [each for each in candidates if self._is_near(each, made)]
        self._index.insert(key, made)
        self._hashes[key] = made
        return sorted(found)

    def _is_near(self, key: str, made: MinHash) -> bool:
        likeness = made.jaccard(self._hashes[key])
        return bool(likeness >= THRESHOLD)


def bands_of(made: MinHash) -> list[bytes]:
    """Pieces of a MinHash, so cut that of two texts that are nearly one at least one piece is
    the same at its place, nearly always."""
    bands, rows = _cut()
    values = made.hashvalues
    places = range(0, bands * rows, rows)
    return [values[at : at + rows].tobytes() for at in places]


@cache
def _cut() -> tuple[int, int]:
    """Into how many pieces a MinHash is cut, of how many values: it takes a search to find
    out."""
    index = MinHashLSH(threshold=THRESHOLD, num_perm=_PERMUTATIONS)
    return index.b, index.r


def likeness_of(one: bytes, other: bytes) -> float:
    """How alike two texts are (estimated Jaccard), by the values of their MinHashes."""
    width = len(one) // _PERMUTATIONS
    places = range(0, len(one), width)
    same = [one[at : at + width] == other[at : at + width] for at in places]
    return sum(same) / len(same)


def hash_of(text: str) -> MinHash | None:
    """The MinHash of a text's pieces; None where it is too short to have any."""
    pieces = _pieces_of(text)
    if not pieces:
        return None
    made = MinHash(
        num_perm=_PERMUTATIONS,
        hashfunc=crc32,
    )
    for start in range(0, len(pieces), _BATCH):
        end = start + _BATCH
        batch = pieces[start:end]
        made.update_batch(batch)
    return made


def _pieces_of(text: str) -> list[bytes]:
    """All runs of so many characters of a text, blanks aside, each once."""
    words = "".join(text.split())
    count = len(words) - _SHINGLE_CHARS + 1
    count = min(count, _MOST_SHINGLES)
    pieces = set()
    for start in range(count):
        end = start + _SHINGLE_CHARS
        piece = words[start:end]
        encoded = piece.encode("utf-8", "replace")
        pieces.add(encoded)
    return list(pieces)
