"""Forms of export: one file each, named as the form. Each module here that has a `FORM` is
found by itself; nothing is registered.

A form's module is imported when the form is asked for, so that only its users need the
libraries that it imports.
"""

from __future__ import annotations

import importlib
import pkgutil
from difflib import get_close_matches
from types import ModuleType
from typing import TYPE_CHECKING, Final

from scraper.core.errors import InputError

if TYPE_CHECKING:
    from archive.export.form import Form

_EXTRAS: Final = {
    "surt": "wacz",
    "datasketch": "mnbvc",
    "pyarrow": "parquet",
}
"""Libraries that not everybody has, and the extra of this package that brings each."""


def form_names() -> list[str]:
    """The names of all forms."""
    modules = pkgutil.iter_modules(__path__)
    names = [module.name for module in modules]
    return sorted(name for name in names if not name.startswith("_"))


def nearest_names(name: str) -> list[str]:
    """The names most like one that no form has."""
    return get_close_matches(name.lower(), form_names(), cutoff=0.4)


def load_form(name: str) -> Form:
    """A form by its name. InputError where a library that it needs is not installed."""
    form: Form = load_module(name).FORM
    return form


def load_module(name: str) -> ModuleType:
    """The module of a form, with what else it has. InputError as above."""
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        extra = _EXTRAS.get(library)
        if extra is None:
            raise
        raise InputError(
            f"the form {name} needs {library}: pip install 'discuz-archive[{extra}]'"
        ) from error
