"""Posts that were found, on the terminal and for other programs: what `search` and `similar`
print alike."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from archive.commands._saying import say, say_json
from archive.plain import cell
from archive.search.facets import Facets
from archive.search.hits import FIELDS, Hit
from archive.search.snippet import PLAIN, Marks, one_line

Shape = Literal["json", "csv", "urls", "lines", "table"]

EXIT_NOTHING_FOUND: Final = 1
_TURN: Final = Marks("\x02", "\x02")  # no snippet has control characters of its own
_BYTE_ORDER_MARK: Final = "\ufeff"


def print_json(value: object) -> None:
    """A value as JSON on one line."""
    say_json(json.dumps(value, ensure_ascii=False))


def print_csv(hits: Iterable[Hit]) -> None:
    """A table for a spreadsheet."""
    if sys.stdout.encoding.lower().startswith("utf"):
        # without it Excel reads the encoding of Windows, and Chinese as rubbish
        sys.stdout.write(_BYTE_ORDER_MARK)
    writer = csv.writer(sys.stdout)
    writer.writerow((*FIELDS, "snippet"))
    for hit in hits:
        values = [getattr(hit, name) for name in FIELDS]
        values.append(hit.snippet.marked(PLAIN))
        writer.writerow(map(cell, values))


def print_table(
    hits: Sequence[Hit], leads: Sequence[str] = (), local: Sequence[str] = ()
) -> None:
    """A table on the terminal, as `table_of` makes it."""
    Console().print(table_of(hits, leads, local))


def line_of(hit: Hit) -> str:
    """A hit as one line with tabs: time, author, thread, words, address."""
    fields = (
        local_time(hit),
        hit.author,
        hit.thread,
        hit.snippet.marked(PLAIN),
        hit.url,
    )
    return "\t".join(one_line(field) for field in fields)


def table_of(
    hits: Sequence[Hit], leads: Sequence[str] = (), local: Sequence[str] = ()
) -> Table:
    """A row for each hit: below each other thread, author and time, the words, the address.

    `leads` are words that go before each of them, for its number; `local`: the addresses of
    the archive's own pages of them, where it is served.
    """
    table = Table(
        box=None,
        pad_edge=False,
        show_header=False,
    )
    table.add_column(
        style="dim",
        justify="right",
        no_wrap=True,
    )
    table.add_column(
        ratio=1,
        overflow="fold",
    )
    for position, hit in enumerate(hits):
        lead = leads[position] if leads else str(position + 1)
        page = local[position] if local else ""
        table.add_row(lead, _cell(hit, page))
    return table


def _cell(hit: Hit, page: str) -> Text:
    """All that is shown of a hit; `page`: the archive's own, where it is served."""
    where = [
        one_line(hit.author),
        one_line(hit.location),
        local_time(hit),
        one_line(hit.board),
    ]
    if hit.more:
        where.append(f"+{hit.more}")
    head = Text(
        one_line(hit.thread),
        style="bold",
    )
    head.append(
        f"  {_joined(where)}",
        style="not bold dim",
    )
    addresses = [_link(each) for each in (page, hit.url) if each]
    others = [_other_line(other) for other in hit.others]
    return Text("\n").join([head, _coloured(hit), *addresses, *others])


def _link(address: str) -> Text:
    """An address that a terminal opens."""
    shown = one_line(address)
    return Text(
        shown,
        style=Style(color="blue", link=shown),
    )


def _other_line(hit: Hit) -> Text:
    """Another post of the thread, in a line."""
    by = _joined([one_line(hit.author), local_time(hit)])
    line = Text(
        f"+ {by}  ",
        style="dim",
    )
    return line.append_text(_coloured(hit))


def _joined(words: Iterable[str]) -> str:
    return " · ".join(word for word in words if word)


def _coloured(hit: Hit) -> Text:
    """The snippet with its marks in colour."""
    text = Text()
    pieces = hit.snippet.marked(_TURN).split(_TURN.start)
    for number, piece in enumerate(pieces):
        is_marked = number % 2 == 1
        text.append(
            piece,
            style="bold yellow" if is_marked else "",
        )
    return text


def local_time(hit: Hit) -> str:
    """When it was posted, by the forum's clock: `2024-05-17 08:20`; a bare day, or nothing,
    where no more is known."""
    if "T" not in hit.posted_at:
        return hit.posted_at
    utc = datetime.fromisoformat(hit.posted_at)
    local = utc + timedelta(minutes=hit.utc_offset_minutes)
    return local.strftime("%Y-%m-%d %H:%M")


def usual_shape() -> Shape:
    """How hits are shown where nothing is said."""
    return "table" if sys.stdout.isatty() else "lines"


def show(hits: Sequence[Hit], shape: Shape, local: Sequence[str] = ()) -> None:
    """Print hits. `local`: the addresses of the archive's own pages of them, where it is
    served."""
    match shape:
        case "csv":
            print_csv(hits)
        case "json":
            for position, hit in enumerate(hits):
                here = {"local_url": local[position]} if local else {}
                print_json({**hit.as_json(), **here})
        case "urls":
            for hit in hits:
                say(hit.url)
        case "lines":
            for hit in hits:
                say(line_of(hit))
        case "table":
            if hits:
                print_table(hits, local=local)


def print_facets(facets: Facets, *, as_json: bool) -> None:
    """Print how posts spread over boards, authors, locations and years."""
    groups = {
        "board": facets.boards,
        "author": facets.authors,
        "location": facets.locations,
        "year": facets.years,
    }
    if as_json:
        named = {name: dict(counts) for name, counts in groups.items()}
        print_json({**_counted(facets), **named})
        return
    for name, counts in groups.items():
        for value, count in counts:
            say(f"{name}\t{value}\t{count}")


def _counted(facets: Facets) -> dict[str, object]:
    """How many posts were counted; where they are a part, which, and of how many."""
    counted: dict[str, object] = {"posts": facets.posts}
    if facets.is_partial:
        counted["partial"] = True
    if facets.was_cut:
        counted["counted"] = facets.part
        counted["of"] = facets.total
        counted["or_more"] = not facets.is_total_exact
    return counted
