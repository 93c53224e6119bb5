"""The time that a line of the forum's words prints, and the words before and after it."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Sides: TypeAlias = tuple[str, str]
"""The words of a line before its time, and those after it."""

_STAMP = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
    r"(?:[\s,]{1,3}(?:[^\s\d]{1,6}\s)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\b\.?)?)?"
)
_LONGEST_LINE: Final = 300
"""Longer lines are the poster's words."""


def around_time(line: str, time: str = "") -> Sides | None:
    """The words before and after the time in a line, which is the last that it prints;
    None where it prints none."""
    if len(line) > _LONGEST_LINE:
        return None
    if not time or time not in line:
        time = last_time(line)
    if not time:
        return None
    before, _, after = line.rpartition(time)
    return before.strip(), after.strip()


def last_time(line: str) -> str:
    """The last time in a line, as printed, for a name may hold one; empty where there is
    none."""
    times = _STAMP.findall(line)
    if not times:
        return ""
    last: str = times[-1]
    return last
