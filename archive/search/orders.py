"""The orders in which hits are given."""

from __future__ import annotations

from typing import Final, Literal, get_args

Order = Literal["best", "newest", "oldest", "replies", "views"]
"""By how well posts fit, by the time of posting, or by the replies or views of their threads."""
ORDERS: Final[tuple[Order, ...]] = get_args(Order)
