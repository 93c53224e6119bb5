"""Records as JSON-ready data, the form that RECORDS.md describes: empty values are left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any


def as_json(value: Any) -> Any:
    """A record as JSON-ready data with empty values left out (RFC 3339 times in UTC); zero
    is a value and stays."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if hasattr(
        value, "content"
    ):  # a Page: its content's kind and fields stand beside its own
        head = _filled(
            (name, getattr(value, name))
            for name in _names(value)
            if name not in ("content", "counts")
        )
        return {
            "url": head.pop("url"),
            "captured_at": head.pop("captured_at"),
            "kind": value.content.kind,
            **head,
            **as_json(value.content),
        }
    if hasattr(value, "__dataclass_fields__"):
        return _filled((name, getattr(value, name)) for name in _names(value))
    return value


def _names(value: Any) -> list[str]:
    return [field.name for field in fields(value)]


def _filled(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {
        key: as_json(item)
        for key, item in pairs
        if not (item is None or item is False or item in ("", ()))
    }
