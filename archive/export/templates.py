"""Renders exported pages: our templates, all escaped that was not made safe."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

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
    )
    made.filters["xml"] = xml_text
    return made
