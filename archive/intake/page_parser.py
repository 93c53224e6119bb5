"""The parser's task: a capture in, what its page says out, and what else can be made of it
without the archive. Done in this process, or in one beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from archive.index import made_tokens
from archive.intake import wire as wire  # how tasks and pages travel
from archive.store.markdown import to_markdown
from archive.warc.records import RecordKind
from archive.warc.rows import Clean, packed
from scraper.core.errors import PageError
from scraper.core.records import Capture, Page, ThreadPage
from scraper.core.site import Site
from scraper.parsing import parse_capture

_LONG_CHARS: Final = 20_000
"""Messages so long are converted where that can do no harm, whether they are new or not."""


@dataclass(frozen=True, slots=True)
class ParseTask:
    """A capture, and what is known of its forum; `record`: what to pack it as, None where it
    is kept already."""

    capture: Capture
    site: Site
    record: RecordKind | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A page, or why it cannot be read; messages as Markdown, by their markup; tokens of the
    index, by their texts; the capture as it is to be kept, where that was asked for."""

    page: Page | PageError
    markdowns: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)
    packed: Clean | None = None


def parse(task: ParseTask) -> Parsed:
    """What a capture says. A parser's mistake costs one page; ImportError alone is raised:
    the program is not whole, and no page of this run can be read."""
    page = _page(task)
    is_new = task.record is not None
    return Parsed(
        page=page,
        markdowns=_markdowns(page, is_new),
        tokens=made_tokens.make(_texts(page)) if is_new else {},
        packed=packed(task.capture, task.record) if task.record else None,
    )


def _page(task: ParseTask) -> Page | PageError:
    try:
        return parse_capture(task.capture, task.site)
    except PageError as error:
        return _as_value(error)
    except ImportError:
        raise
    except Exception as error:
        return PageError(f"the parser failed: {type(error).__name__}: {error}")


def _as_value(error: PageError) -> PageError:
    """An error without the frames that it came through: they would hold the page in memory."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _markdowns(page: Page | PageError, is_new: bool) -> dict[str, str]:
    """The messages of a page as Markdown: all of them where they are probably to be
    stored."""
    if isinstance(page, PageError) or not isinstance(page.content, ThreadPage):
        return {}
    made = {}
    for post in page.content.posts:
        if is_new or len(post.html) > _LONG_CHARS:
            made[post.html] = to_markdown(post.html)
    return made


def _texts(page: Page | PageError) -> Iterator[str]:
    """What of a page is probably to be indexed."""
    if isinstance(page, PageError) or not isinstance(page.content, ThreadPage):
        return
    yield page.content.title
    for post in page.content.posts:
        yield post.subject
        yield post.text
        for quote in post.quotes:
            yield quote.text
