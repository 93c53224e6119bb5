"""Reads a page twice where it teaches its forum's own forms of addresses: once to find that
some links are in none that is known, and again with what its other links prove."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from scraper.addresses.kept_pairs import worth_keeping
from scraper.addresses.link_reader import LinkReader, own_forms_read
from scraper.addresses.own_forms import OwnForms
from scraper.core.census import OWN_ADDRESSES, PageWarning
from scraper.core.errors import PageError
from scraper.core.records import BoardPage, Page, ThreadPage
from scraper.core.site import AddressPair
from scraper.markup.snapshot import Snapshot, with_pairs
from scraper.pages.own_links import own_pairs

Read: TypeAlias = Callable[[Snapshot], Page]

_SEVERAL: Final = 3
_OTHER: Final = {"thread": ("board", "user"), "board": ("thread", "user")}
"""What the address of a page of a kind is never read as."""
_NAMES: Final = (("thread", "threads"), ("board", "boards"), ("user", "members"))


def read_and_learn(page: Snapshot, read: Read) -> Page:
    """Read a page with the forms that its forum is known to have, and with those that the
    page itself proves. PageError where it cannot be read."""
    evidence = frozenset(pair.address for pair in page.site.pairs)
    with own_forms_read(page.own_forms, page.url, evidence) as reader:
        outcome = _try(page, read)
        if not _may_teach(page, outcome, reader):
            return _page(outcome)
        pairs = own_pairs(page)

    fuller = with_pairs(page, pairs)
    forms = fuller.own_forms
    if forms != page.own_forms:
        with own_forms_read(forms, page.url):
            outcome = _try(fuller, read)
    if isinstance(outcome, PageError):
        raise _explained(outcome, _unread(pairs, forms, least=1))

    unread = _unread(pairs, forms, least=_SEVERAL)
    return replace(
        outcome,
        warnings=(*outcome.warnings, *unread),
        pairs=worth_keeping(page.site.pairs, pairs),
    )


def _try(page: Snapshot, read: Read) -> Page | PageError:
    try:
        return read(page)
    except PageError as error:
        return error


def _page(outcome: Page | PageError) -> Page:
    if isinstance(outcome, PageError):
        raise outcome
    return outcome


def _explained(error: PageError, unread: Iterator[PageWarning]) -> PageError:
    """The error, with the links that may be the reason for it."""
    details = [warning.detail for warning in unread]
    if not details:
        return error
    message = "; ".join([str(error), *details])
    explained = PageError(message)
    explained.__cause__ = error
    return explained


def _may_teach(page: Snapshot, outcome: Page | PageError, reader: LinkReader) -> bool:
    """Whether to look at a page for forms: readers asked for links that have none which is
    known, or something else says that there are such links."""
    if isinstance(outcome, PageError):
        return True
    if reader.has_missed:
        return bool(outcome.theme)
    content = outcome.content
    if not isinstance(content, ThreadPage | BoardPage):
        return False
    if page.target is None:
        return True
    if page.target.kind in _OTHER[content.kind]:
        return True
    if _lacks_page_numbers(page.own_forms, content):
        return True
    if not isinstance(content, BoardPage):
        return False
    return _leads_elsewhere(content)


def _lacks_page_numbers(forms: OwnForms, content: ThreadPage | BoardPage) -> bool:
    """Whether the forum has a form for first pages, and none for further ones is known;
    page lists tell their numbers in words, too."""
    if content.pages == 1:
        return False
    has_form = False
    for form in forms.forms:
        if form.kind != content.kind:
            continue
        if "page" in form.slots:
            return False
        has_form = True
    return has_form


def _leads_elsewhere(board: BoardPage) -> bool:
    """Whether most rows of a board seem to point to other threads: then it is the form of
    their addresses that was misread."""
    pointers = 0
    for row in board.threads:
        if row.moved_to is not None:
            pointers += 1
    if pointers < _SEVERAL:
        return False
    half = len(board.threads) / 2
    return pointers > half


def _unread(
    pairs: tuple[AddressPair, ...], forms: OwnForms, least: int
) -> Iterator[PageWarning]:
    """Kinds of links of which at least so many are in forms that could not be learned."""
    for kind, label in _NAMES:
        links = [pair for pair in pairs if pair.kind == kind]
        if _is_any_read(links, forms):
            continue
        things = {pair.number or pair.name for pair in links}
        count = len(things)
        if count < least:
            continue
        first = links[0].address
        detail = (
            f"the form of the links to {count} {label} could not be learned: {first}"
        )
        yield PageWarning(kind=OWN_ADDRESSES, detail=detail)


def _is_any_read(links: Iterable[AddressPair], forms: OwnForms) -> bool:
    """Whether forms read one of the links."""
    for link in links:
        target = forms.target(link.address)
        if target is not None:
            return True
    return False
