"""Who wrote something, and where, as the words beside it tell."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.markup.location import location_of


@dataclass(frozen=True, slots=True)
class Person:
    """An author. `anonymous`: a member who hid the name, or a guest; then neither name nor
    uid is told."""

    name: str = ""
    uid: int | None = None
    anonymous: bool = False


ANONYMOUS = Person(anonymous=True)


def location_beside(header: str, author: Person) -> str:
    """The location that the words of a post's header tell, the author's name left out: a
    member may be called `来自 北京`."""
    if author.name:
        header = header.replace(author.name, " ", 1)
    return location_of(header)
