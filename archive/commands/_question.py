"""A question to an archive: answered by hits, by counts, or by how it is answered."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from archive.commands._freshness import freshen
from archive.commands._hit_output import (
    EXIT_NOTHING_FOUND,
    Shape,
    print_facets,
    print_json,
    show,
    usual_shape,
)
from archive.commands._local_reader import pages_of
from archive.commands._saying import say
from archive.commands._search_notes import (
    SearchedArchive,
    note,
    tell_facets,
    tell_results,
)
from archive.schema import connect
from archive.search.api import Order, search
from archive.search.explain import explain
from archive.search.facets import count_facets
from archive.search.query import parse


def open_to_search(db: Path) -> sqlite3.Connection:
    """The archive in a file, its index brought up to date."""
    conn = connect(
        db,
        create=False,
    )
    freshen(conn)
    return conn


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an archive. Each way to answer gives the exit code."""

    conn: sqlite3.Connection
    text: str
    limit: int
    offset: int
    order: Order
    by_thread: bool
    all_words: bool
    now: datetime

    def answer(self, shape: Shape | None, opened: int | None) -> int:
        """Print the hits, or open one of them."""
        results = search(
            self.conn,
            self.text,
            limit=self.limit,
            offset=self.offset,
            order=self.order,
            by_thread=self.by_thread,
            all_words=self.all_words,
            now=self.now,
        )
        hits = results.hits
        local = pages_of(self.conn, hits)
        if opened and opened <= len(hits):
            addresses = local or [hit.url for hit in hits]
            click.launch(addresses[opened - 1])
        else:
            if opened and hits:
                note(f"there is no hit {opened} on this page")
            show(
                hits,
                shape or usual_shape(),
                local,
            )
        tell_results(
            SearchedArchive(self.conn),
            results,
            self.offset + 1,
        )
        return 0 if results.hits else EXIT_NOTHING_FOUND

    def count(self, *, as_json: bool) -> int:
        """Print how the posts that fit spread over boards, authors, locations and years."""
        facets = count_facets(
            self.conn,
            parse(self.text, self.now),
            all_words=self.all_words,
        )
        print_facets(
            facets,
            as_json=as_json,
        )
        tell_facets(facets)
        return 0 if facets.posts else EXIT_NOTHING_FOUND

    def explain(self, *, as_json: bool) -> int:
        """Print how the question is answered."""
        explanation = explain(
            self.conn,
            self.text,
            limit=self.limit,
            offset=self.offset,
            order=self.order,
            by_thread=self.by_thread,
            all_words=self.all_words,
            now=self.now,
        )
        if as_json:
            print_json(explanation.as_json())
        else:
            for line in explanation.lines():
                say(line)
        return 0 if explanation.total else EXIT_NOTHING_FOUND
