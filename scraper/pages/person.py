"""Who wrote something, as a page tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """An author. `anonymous`: a member who hid the name, or a guest; then neither name nor
    uid is told."""

    name: str = ""
    uid: int | None = None
    anonymous: bool = False


ANONYMOUS = Person(anonymous=True)
