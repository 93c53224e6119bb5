"""What is wrong with a form, for its reader to mend."""

from __future__ import annotations


class FormError(Exception):
    """A field that cannot be taken: the key of the sentence that says why, and what is
    filled into it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
