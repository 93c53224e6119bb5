"""A file of a known size that is read from any place: what every such file does alike."""

from __future__ import annotations

import io


class RandomAccess(io.RawIOBase):
    """Keeps the place (`_at`, in bytes) and goes to others; how bytes are read is to be said
    by `readinto`."""

    def __init__(self, size_bytes: int = 0) -> None:
        super().__init__()
        self.size_bytes = size_bytes
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; nothing is read."""
        origin = 0
        if whence == io.SEEK_CUR:
            origin = self._at
        elif whence == io.SEEK_END:
            origin = self.size_bytes
        self._at = max(0, origin + offset)
        return self._at
