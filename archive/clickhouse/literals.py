"""Values as ClickHouse's SQL writes them: what a reader types reaches no statement unquoted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_ESCAPES: Final = str.maketrans(
    {
        "\\": "\\\\",
        "'": "\\'",
        "\0": "\\0",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
    }
)


def text(value: str) -> str:
    """A string."""
    escaped = value.translate(_ESCAPES)
    return f"'{escaped}'"


def texts(values: Iterable[str]) -> str:
    """An array of strings."""
    listed = ", ".join(map(text, values))
    return f"[{listed}]"


def numbers(values: Iterable[int]) -> str:
    """Numbers in brackets, to stand behind IN; none of them is a number that no row has."""
    listed = ", ".join(map(str, values))
    return f"({listed or 'NULL'})"


def name(value: str) -> str:
    """A name of a table, cluster or database."""
    escaped = value.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"
