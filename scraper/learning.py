"""Reads a page twice where it teaches its forum's own forms of addresses: once to find that
some links are in none that is known, and again with what its other links prove."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from scraper.addresses.form_learning import worth_keeping
from scraper.addresses.link_reader import own_forms_read
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
    with own_forms_read(page.own_forms, page.url) as reader:
        outcome = _try(page, read)
        is_of_forum = isinstance(outcome, PageError) or bool(outcome.theme)
        has_missed = reader.has_missed and is_of_forum
        if not has_missed and not _may_teach(page, outcome):
            return _page(outcome)
        pairs = own_pairs(page)

    fuller = with_pairs(page, pairs)
    if fuller.own_forms != page.own_forms:
        with own_forms_read(fuller.own_forms, page.url):
            outcome = _try(fuller, read)

    found = _page(outcome)
    unread = _unread(pairs, fuller.own_forms)
    return replace(
        found,
        warnings=(*found.warnings, *unread),
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


def _may_teach(page: Snapshot, outcome: Page | PageError) -> bool:
    """Whether to look for forms although every link was read that a reader asked for."""
    if isinstance(outcome, PageError):
        return False
    content = outcome.content
    if not isinstance(content, ThreadPage | BoardPage):
        return False
    is_known = page.target is not None and page.target.kind not in _OTHER[content.kind]
    if not is_known or _lacks_page_numbers(page.own_forms, content):
        return True
    return isinstance(content, BoardPage) and _leads_elsewhere(content)


def _lacks_page_numbers(forms: OwnForms, content: ThreadPage | BoardPage) -> bool:
    """Whether the forum has a form for first pages, and none for further ones is known;
    page lists tell their numbers in words, too."""
    if content.pages == 1:
        return False
    slots = [form.slots for form in forms.forms if form.kind == content.kind]
    return bool(slots) and not any("page" in each for each in slots)


def _leads_elsewhere(board: BoardPage) -> bool:
    """Whether most rows of a board seem to point to other threads: then it is the form of
    their addresses that was misread."""
    pointers = [row for row in board.threads if row.moved_to is not None]
    return len(pointers) >= _SEVERAL and 2 * len(pointers) > len(board.threads)


def _unread(pairs: tuple[AddressPair, ...], forms: OwnForms) -> Iterator[PageWarning]:
    """Kinds of links of which several are in forms that could not be learned."""
    for kind, label in _NAMES:
        links = [pair for pair in pairs if pair.kind == kind]
        if any(forms.target(pair.address) is not None for pair in links):
            continue
        things = {pair.number or pair.name for pair in links}
        if len(things) >= _SEVERAL:
            detail = (
                f"the form of the links to {len(things)} {label} could not be learned: "
                f"{links[0].address}"
            )
            yield PageWarning(kind=OWN_ADDRESSES, detail=detail)
