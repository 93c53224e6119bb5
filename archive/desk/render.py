"""Renders a page: its template, in the reader's language, all escaped."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from archive.desk.folder import ArchiveFile
from archive.desk.gate import FORM_KEY
from archive.desk.orders import FORMS, USUAL_DELAY_S, Fields, as_typed
from archive.desk.problem import FormError
from archive.desk.strings import text
from archive.desk.worker import JobView
from archive.languages import Language
from archive.web.language import COOKIE, NAMES, TAGS, chosen_language

_UNITS: Final = ("KB", "MB", "GB", "TB")
_A_MINUTE_S: Final = 60
_FIELDS: Final = ("address", "media", "delay", "contact", "archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What every page is made with."""

    request: Request
    place: str
    form_key: str
    folder: Path
    called: str


def language_of(request: Request) -> Language:
    """In which language a request is answered."""
    accepted = request.headers.get("accept-language", "")
    return chosen_language(request.cookies.get(COOKIE), accepted)


def home_page(
    shown: Shown,
    archives: Sequence[ArchiveFile],
    view: JobView | None,
    fields: Fields,
    error: FormError | None,
    status: int,
) -> Response:
    """The form for a new forum, and the archives that are here. `fields`: what was typed."""
    again = _again(shown, archives)
    return _page(
        shown,
        "home.html",
        status,
        archives=archives,
        view=view,
        typed=_typed(fields, again),
        is_more_open=bool(again or error),
        error=error,
        forms=FORMS,
    )


def job_page(shown: Shown, view: JobView) -> Response:
    """How the command is doing."""
    is_held = "hold" in shown.request.query_params
    return _page(
        shown,
        "job.html",
        200,
        view=view,
        command=as_typed(shown.called, view.job),
        title_key=f"{view.job.command}_{view.state}",
        is_refreshed=view.is_running and not is_held,
    )


def plain_page(
    shown: Shown, title: str, words: str = "", status: int = 200
) -> Response:
    """A page that says a sentence."""
    return _page(
        shown,
        "plain.html",
        status,
        title_key=title,
        words_key=words,
    )


def _again(shown: Shown, archives: Sequence[ArchiveFile]) -> ArchiveFile | None:
    """The archive that is to be brought up to date, whose address and name are filled in."""
    name = shown.request.query_params.get("again")
    for archive in archives:
        if archive.name == name:
            return archive
    return None


def _typed(fields: Fields, again: ArchiveFile | None) -> dict[str, str]:
    """What stands in the form's fields."""
    typed = {name: fields.get(name, "") for name in _FIELDS}
    typed["delay"] = typed["delay"] or f"{USUAL_DELAY_S:g}"
    if again:
        typed["archive"] = again.name
        typed["address"] = again.addresses[0] if again.addresses else ""
    return typed


def _page(shown: Shown, template: str, status: int, **values: object) -> Response:
    language = language_of(shown.request)

    def said(key: str, **places: object) -> str:
        return text(key, language, **places)

    body = (
        _environment()
        .get_template(template)
        .render(
            t=said,
            html_language=TAGS[language],
            languages=NAMES,
            place=shown.place,
            key_name=FORM_KEY,
            key=shown.form_key,
            folder=shown.folder,
            called=shown.called,
            **values,
        )
    )
    headers = {"Content-Language": TAGS[language]}
    return HTMLResponse(body, status, headers)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("archive.desk", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["size"] = _size
    made.filters["minutes"] = _minutes
    made.filters["word"] = shlex.quote
    return made


def _size(size_bytes: int) -> str:
    """A size for people, in units of 1,000."""
    size = size_bytes / 1_000
    for unit in _UNITS:
        if size < 1_000 or unit == _UNITS[-1]:
            break
        size /= 1_000
    return f"{size:.1f} {unit}"


def _minutes(seconds: float) -> int:
    return max(round(seconds / _A_MINUTE_S), 1)
