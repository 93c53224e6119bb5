"""Records as columns of Arrow, and back: what a column is called and holds is what the
record's own annotations say, so that a new field needs no word here."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, Literal, TypeAlias

import pyarrow as pa

Plain: TypeAlias = dict[str, Any]
"""A record as Arrow takes it: names → values, lists and further such."""
Convert: TypeAlias = Callable[[Any], Any]
_Part: TypeAlias = tuple[str, Convert, Convert | None]
"""A field: its name, how it is got, how its value is turned."""

_SCALARS: Final = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
}
_UNIONS: Final = (typing.Union, types.UnionType)


@lru_cache(maxsize=64)
def annotations_of(kind: type) -> dict[str, Any]:
    """The fields of a kind of record, and what each may hold, in their order."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def struct_of(kind: type, without: str = "") -> Any:
    """The Arrow type of a kind of record, one of its fields left out where that is named."""
    columns = []
    for name, hint in _fields_but(kind, without):
        columns.append(pa.field(name, column_type(hint)))
    return pa.struct(columns)


def column_type(hint: Any) -> Any:
    """The Arrow type of what a field may hold. TypeError for what no column can be made of."""
    hint = without_none(hint)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if typing.get_origin(hint) is Literal:
        return pa.string()
    item = _item_of(hint)
    if item is not None:
        return pa.list_(column_type(item))
    if is_dataclass(hint):
        return struct_of(typing.cast(type, hint))
    raise TypeError(f"no column for {hint}")


def without_none(hint: Any) -> Any:
    """`X | None` → X; other annotations as they are."""
    if typing.get_origin(hint) not in _UNIONS:
        return hint
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
    return kinds[0] if len(kinds) == 1 else hint


def _item_of(hint: Any) -> Any:
    """`tuple[X, ...]` → X; None for what is no such."""
    if typing.get_origin(hint) is not tuple:
        return None
    item, *_ = typing.get_args(hint)
    return item


@lru_cache(maxsize=64)
def to_plain(kind: type, without: str = "") -> Callable[[Any], Plain]:
    """How records of a kind are taken apart, one field left out where that is named."""
    parts = []
    for name, hint in _fields_but(kind, without):
        get = kind.__dict__[name].__get__  # of a class with slots: no look-up by name
        parts.append((name, get, _convert(hint, list, to_plain)))
    return _values(parts)


@lru_cache(maxsize=64)
def from_plain(kind: type) -> Callable[[Plain], Any]:
    """How records of a kind are put together again."""
    values = values_of(kind)
    return lambda plain: kind(**values(plain))


@lru_cache(maxsize=64)
def values_of(kind: type, without: str = "") -> Callable[[Plain], Plain]:
    """How the values of a record's fields are put together again, one field left out where
    that is named."""
    parts = []
    for name, hint in _fields_but(kind, without):
        parts.append((name, itemgetter(name), _convert(hint, tuple, from_plain)))
    return _values(parts)


def _fields_but(kind: type, without: str) -> list[tuple[str, Any]]:
    hints = annotations_of(kind).items()
    return [(name, hint) for name, hint in hints if name != without]


def _values(parts: Sequence[_Part]) -> Callable[[Any], Plain]:
    """How the values of some fields are made of a record, whichever form it has."""

    def values(record: Any) -> Plain:
        made = {}
        for name, get, convert in parts:
            value = get(record)
            made[name] = value if convert is None or value is None else convert(value)
        return made

    return values


def _convert(
    hint: Any, items: Callable[[Iterable[Any]], Any], records: Callable[[type], Convert]
) -> Convert | None:
    """How a value is turned into the other form, in which several are `items`; None where
    it stays as it is."""
    hint = without_none(hint)
    item = _item_of(hint)
    if item is not None:
        convert = _convert(item, items, records)
        if convert is None:
            return items
        return lambda values: items([convert(value) for value in values])
    if is_dataclass(hint):
        return records(typing.cast(type, hint))
    return None
