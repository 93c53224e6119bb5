"""How much may be unpacked from an archive, all that lies in it taken together."""

from __future__ import annotations

from typing import Final

_MOST_RATIO: Final = 100
"""Forum pages shrink to a tenth; what shrinks to a hundredth has nothing to say."""
_FREE_BYTES: Final = 100 << 20


class BombError(ValueError):
    """An archive of few bytes that would unpack to too many."""


class Budget:
    """What is left to unpack of one archive, and of all that lie in it."""

    def __init__(self, size_bytes: int) -> None:
        self._left_bytes = _MOST_RATIO * size_bytes + _FREE_BYTES

    def spend(self, size_bytes: int) -> None:
        """So much is unpacked. BombError where that is more than may be."""
        self._left_bytes -= size_bytes
        if self._left_bytes < 0:
            ratio = f"more than {_MOST_RATIO} times its size"
            raise BombError(f"unpacks to {ratio}: what follows was not read")
