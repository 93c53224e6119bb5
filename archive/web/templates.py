"""Renders a page: our templates, in the reader's language, all escaped that was not made
safe."""

from __future__ import annotations

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from archive.reading import clock
from archive.web import paths
from archive.web.language import NAMES, TAGS, spoken
from archive.web.strings import column_label, text
from archive.web.strings import word as table_word
from archive.web.values import PageRequest, TemplateResponse
from archive.web.xml_text import xml_text

FOLDER: Final = "pages"
"""Not `templates`, where Datasette would take its own."""


def render(page: TemplateResponse, request: PageRequest) -> str:
    """A page in the reader's language.

    `live`: whether a server is behind it; of what needs one, a page without has nothing,
    and it says its own `policy`. `offers`: what else there is to be led to.
    """

    def said(key: str, **values: object) -> str:
        return text(key, request.language, **values)

    def word(written: str) -> str:
        return table_word(written, request.language)

    def label(column: str) -> str:
        return column_label(column, request.language)

    values = {
        "t": said,
        "label": label,
        "word": word,
        "html_language": TAGS[request.language],
        "spoken": spoken(request.language),
        "languages": NAMES,
        "page_url": paths.own(request.url),
        "among": paths.own("") != "",
        "database": request.database,
        "style": paths.STYLE,
        "live": True,
        "offers": request.source.offers,
        "q": "",
        **page.values,
    }
    template = environment().get_template(page.template)
    return template.render(values)


@cache
def environment() -> Environment:
    """Where the templates are, and what they can call."""
    made = Environment(
        loader=PackageLoader("archive.web", FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["paths"] = paths
    made.globals["zone"] = clock.zone
    made.filters["local"] = clock.local
    made.filters["number"] = _number
    made.filters["xml"] = xml_text
    return made


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"
