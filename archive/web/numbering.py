"""Which pages of many to offer."""

from __future__ import annotations

from typing import Final

NEAR: Final = 3
"""So many pages before and after the one that is read."""


def page_numbers(page: int, pages: int) -> list[int]:
    """The pages to offer: first, last, and those near this one; 0 stands for a gap."""
    first_near = max(1, page - NEAR)
    last_near = min(pages, page + NEAR)
    offered = {1, pages, *range(first_near, last_near + 1)}

    numbers: list[int] = []
    previous = 0
    for number in sorted(offered):
        missing = number - previous - 1
        if missing == 1:
            numbers.append(number - 1)
        elif missing > 1:
            numbers.append(0)
        numbers.append(number)
        previous = number
    return numbers
