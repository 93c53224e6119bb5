"""Help texts in the reader's language: one formatter for all commands, whose lines are broken
where Chinese is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import click
from click.formatting import measure_table

from archive.commands._chinese import language, translated

_PIECES: Final = re.compile(
    r"\s+"
    r"|[^\s\u2e80-\uffef]+[，。；：、）”]*"
    r"|[\u2e80-\uffef“][，。；：、）”]*"
)
"""What a line may be broken between: blanks, words, characters with the mark behind them."""
_KEPT_LINES: Final = "\b\n"
"""Before a paragraph whose lines click leaves as they are."""
_EXTRA: Final = re.compile(r"(.*?)(?:  \[([^\[\]]+)\])?", re.S)
_GAP: Final = 2
_NARROWEST: Final = 10


class HelpFormatter(click.HelpFormatter):
    """Click's, in the reader's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        if language() != "en":
            prefix = f"{translated('Usage:')} "
        super().write_usage(
            prog,
            args,
            prefix,
        )

    def write_heading(self, heading: str) -> None:
        """The line above a list."""
        super().write_heading(translated(heading))

    def write_text(self, text: str) -> None:
        """Paragraphs."""
        super().write_text(self._turned(text, self.width - self.current_indent))

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]],
        col_max: int = 30,
        col_spacing: int = 2,
    ) -> None:
        """A list of options or commands."""
        rows = list(rows)
        widths = measure_table(rows)
        first = min(widths[0], col_max) + col_spacing
        width = max(self.width - first - _GAP, _NARROWEST)
        turned = [(name, self._turned(text, width)) for name, text in rows]
        super().write_dl(
            turned,
            col_max,
            col_spacing,
        )

    def _turned(self, text: str, width: int) -> str:
        """A text in the reader's language, its lines broken."""
        chinese = in_readers_language(text)
        if language() == "en" or chinese == text:
            return text
        paragraphs = []
        for paragraph in chinese.split("\n\n"):
            kept = paragraph.removeprefix(_KEPT_LINES)
            lines = kept.split("\n") if kept != paragraph else broken(kept, width)
            paragraphs.append(_KEPT_LINES + "\n".join(lines))
        return "\n\n".join(paragraphs)


class HelpContext(click.Context):
    """Click's, with that formatter."""

    formatter_class = HelpFormatter


def in_readers_language(text: str) -> str:
    """A help text, with what click adds of values in brackets, in the reader's language."""
    match = _EXTRA.fullmatch(text)
    assert match  # anything does
    help_text, extra = match.groups()
    said = translated(help_text)
    if not extra:
        return said
    parts = [translated(part) for part in extra.split("; ")]
    return f"{said}  [{'; '.join(parts)}]"


def broken(text: str, width: int) -> list[str]:
    """A paragraph as lines of at most so many columns, of which a Chinese character takes
    two."""
    lines = []
    line = ""
    used = 0
    for piece in _PIECES.findall(" ".join(text.split("\n"))):
        columns = sum(map(_columns, piece))
        if used + columns > width and line:
            lines.append(line.rstrip())
            line, used = "", 0
        if piece.isspace() and not line:
            continue
        line += piece
        used += columns
    return [*lines, line.rstrip()] if line else lines


def _columns(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def first_sentence(text: str) -> str:
    """What a command says that it does, in a line: the first paragraph of its help, or of
    that in Chinese the first sentence."""
    first, _, _ = text.partition("\n\n")
    sentence, stop, _ = first.partition("。")
    return sentence + stop
