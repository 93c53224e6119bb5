"""A time zone as people write it."""

from __future__ import annotations

import re
from typing import Final

import click

_ZONE: Final = re.compile(r"(?:GMT|UTC)?([+-]?)(\d{1,2})(?::(\d{2})|(\.\d+))?", re.I)
_MAX_OFFSET_HOURS: Final = 14


class Zone(click.ParamType[int]):
    """Hours east of Greenwich: `+8`, `8`, `-3:30`, `5.5`; minutes inside."""

    name = "hours"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        found = _ZONE.fullmatch(str(value))
        if not found or int(found[2]) > _MAX_OFFSET_HOURS:
            self.fail(f"{value!r} is not a time zone such as +8 or -3:30", param, ctx)
        sign, hours, minutes, fraction = found.groups()
        offset_minutes = int(hours) * 60
        offset_minutes += int(minutes or 0)
        offset_minutes += round(float(fraction or 0) * 60)
        return -offset_minutes if sign == "-" else offset_minutes
