"""What pages count over a whole index, kept for a minute: others may load into it meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")

_KEPT_S: Final = 60.0
_MOST: Final = 2_000


class Remembered:
    """Values by their names, for all pages of a server."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def get(self, name: str, make: Callable[[], T]) -> T:
        """The value of a name; made where it is not known, or too old."""
        now_s = time.monotonic()
        with self._lock:
            found = self._values.get(name)
        if found is not None and found[0] > now_s:
            return cast(T, found[1])
        value = make()
        with self._lock:
            if len(self._values) >= _MOST:
                self._values.clear()
            self._values[name] = (time.monotonic() + _KEPT_S, value)
        return value
