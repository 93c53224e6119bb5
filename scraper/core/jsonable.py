"""Records as JSON-ready data, the form that RECORDS.md describes: empty values are left out."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

_NOT_IN_JSON: Final = (
    "content",
    "counts",
    "pairs",
    "reader_uid",
    "hides_files",
    "is_saved_copy",
)
"""Fields of a `Page` that do not stand beside its content."""


def as_json(value: Any) -> Any:
    """A record as JSON-ready data with empty values left out (RFC 3339 times in UTC); zero
    is a value and stays."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if hasattr(value, "content"):
        return _page_as_json(value)
    if hasattr(value, "__dataclass_fields__"):
        return _filled(value)
    return value


def _page_as_json(page: Any) -> dict[str, Any]:
    """A `Page`: its content's kind and fields stand beside its own."""
    own = _filled(page, without=_NOT_IN_JSON)
    return {
        "url": own.pop("url"),
        "captured_at": own.pop("captured_at"),
        "kind": page.content.kind,
        **own,
        **as_json(page.content),
    }


def _filled(record: Any, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a record that have a value, in order."""
    filled = {}
    for field in fields(record):
        value = getattr(record, field.name)
        is_empty = value is None or value is False or value in ("", ())
        if is_empty or field.name in without:
            continue
        filled[field.name] = as_json(value)
    return filled
