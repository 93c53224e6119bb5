"""How many processes are worth beginning."""

from __future__ import annotations

import os


def usual_count() -> int:
    """As many processes as there are cores for us."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
