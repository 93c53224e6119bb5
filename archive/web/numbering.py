"""Which pages of many to offer."""

from __future__ import annotations


def page_numbers(page: int, pages: int) -> list[int]:
    """The pages to offer: first, last, and those near this one; 0 stands for a gap."""
    near = sorted({1, pages, *range(max(1, page - 3), min(pages, page + 3) + 1)})
    out: list[int] = []
    for number in near:
        if out and number - out[-1] == 2:
            out.append(number - 1)
        elif out and number - out[-1] > 2:
            out.append(0)
        out.append(number)
    return out
