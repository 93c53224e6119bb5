"""The words that stand around the name in edit marks, told by the marks of one page together
and by the names that the page has anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scraper.markup.line_times import Sides


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the name in an edit mark: before its time, or after it."""

    is_after_time: bool
    before: str
    after: str

    @property
    def length(self) -> int:
        """How many characters the frame says."""
        return len(self.before) + len(self.after)

    def name_in(self, mark: Sides) -> str:
        """The name in a mark's words before and after its time; empty for another form."""
        side = mark[self.is_after_time]
        if len(side) <= self.length:
            return ""
        if not side.startswith(self.before):
            return ""
        if not side.endswith(self.after):
            return ""
        start = len(self.before)
        end = len(side) - len(self.after)
        name = side[start:end]
        return name.strip()


def learned_frame(marks: Sequence[Sides], names: Sequence[str]) -> Frame | None:
    """The words around the name that fit the most marks; None where nothing tells."""
    frames = set[Frame]()
    for mark in marks:
        frames.update(_frames_of(mark, names))
    if not frames:
        return _common_frame(marks)

    def fits(frame: Frame) -> tuple[int, int, str]:
        fitting = 0
        for mark in marks:
            if frame.name_in(mark):
                fitting += 1
        return fitting, frame.length, frame.before

    return max(frames, key=fits)


def first_words(lines: Iterable[str]) -> list[str]:
    """The words that all lines begin with."""
    split = [line.split() for line in lines]
    return _common_start(split)


def last_words(lines: Iterable[str]) -> list[str]:
    """The words that all lines end with, in their order."""
    reversed_lines = list[list[str]]()
    for line in lines:
        words = line.split()
        words.reverse()
        reversed_lines.append(words)
    common = _common_start(reversed_lines)
    common.reverse()
    return common


def _common_start(lines: Sequence[list[str]]) -> list[str]:
    common = list[str]()
    for column in zip(*lines, strict=False):
        if len(set(column)) > 1:
            break
        word = column[0]
        common.append(word)
    return common


def _frames_of(mark: Sides, names: Sequence[str]) -> Iterator[Frame]:
    """The words of a mark around the first name that it has of those of the page."""
    before_time, after_time = mark
    frame = _frame_in(before_time, names, is_after_time=False)
    if frame is not None:
        yield frame
    frame = _frame_in(after_time, names, is_after_time=True)
    if frame is not None:
        yield frame


def _frame_in(side: str, names: Sequence[str], *, is_after_time: bool) -> Frame | None:
    padded = f" {side} "
    for name in names:
        before, found, after = padded.partition(f" {name} ")
        if found:
            return Frame(
                is_after_time=is_after_time,
                before=before.strip(),
                after=after.strip(),
            )
    return None


def _common_frame(marks: Sequence[Sides]) -> Frame | None:
    """The words that all marks of a page have in common, where they name several members."""
    for is_after_time in (False, True):
        sides = {mark[is_after_time] for mark in marks}
        if len(sides) < 2:
            continue
        before = first_words(sides)
        after = last_words(sides)
        return Frame(
            is_after_time=is_after_time,
            before=" ".join(before),
            after=" ".join(after),
        )
    return None
