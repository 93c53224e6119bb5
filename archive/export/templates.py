"""Renders exported pages: our templates, all escaped that was not made safe."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from archive.web.xml_text import xml_text


def render(name: str, **values: object) -> str:
    """A template of `pages/`, filled in."""
    template = _environment().get_template(name)
    return template.render(values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("archive.export", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_printable,
    )
    return made


def _printable(value: object) -> object:
    """What a template prints, without the characters that no XML can hold."""
    if isinstance(value, Markup):
        return Markup(xml_text(value))
    return xml_text(value)
