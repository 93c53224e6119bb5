"""Losses that are accepted: written down, still told, and no problem any more; what comes back
is no loss, and may be lost anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.schema import transaction
from archive.store.stamps import iso
from archive.warc.ledger import Ledger

_ACCEPT: Final = """
  INSERT INTO accepted_losses(capture_id, accepted_at) SELECT id, ? FROM lost_unaccepted"""
_FORGET: Final = """
  DELETE FROM accepted_losses WHERE capture_id NOT IN (SELECT id FROM lost_captures)"""
_COUNT: Final = """
  SELECT count(*) FROM accepted_losses WHERE capture_id IN (SELECT id FROM lost_unreplaced)"""
_BY_FORUM: Final = """
  SELECT c.site_id, count(*), count(a.capture_id), coalesce(max(a.accepted_at), '')
  FROM lost_unreplaced l JOIN captures c ON c.id = l.id
  LEFT JOIN accepted_losses a ON a.capture_id = l.id
  GROUP BY c.site_id ORDER BY c.site_id"""


@dataclass(frozen=True, slots=True)
class KnownLoss:
    """What is known to be lost of a forum: `captures` that no later one replaces, so many of
    them `accepted`, the last time at `accepted_at` (empty where none is)."""

    captures: int
    accepted: int
    accepted_at: str

    def __str__(self) -> str:
        if not self.accepted:
            return (
                f"{self.captures:,} captures are lost: `discuz-archive check` says more"
            )
        return (
            f"{self.captures:,} captures are lost, {self.accepted:,} of them accepted "
            f"({self.accepted_at})"
        )

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "captures": self.captures,
            "accepted": self.accepted,
            "accepted_at": self.accepted_at,
        }


NOTHING_LOST: Final = KnownLoss(captures=0, accepted=0, accepted_at="")


def accept_losses(conn: sqlite3.Connection, at: datetime) -> int:
    """Accept what is known to be lost, and what is wrong with files; how many captures."""
    with transaction(conn):
        accepted = conn.execute(_ACCEPT, (iso(at),)).rowcount
        Ledger(conn).accept_troubles()
    return accepted


def forget_returned(conn: sqlite3.Connection) -> None:
    """What is there again was not lost."""
    with transaction(conn):
        conn.execute(_FORGET)


def count_accepted(conn: sqlite3.Connection) -> int:
    """How many captures are lost, and that was accepted."""
    (count,) = conn.execute(_COUNT).fetchone()
    return int(count)


def losses_by_forum(conn: sqlite3.Connection) -> dict[int | None, KnownLoss]:
    """What is known to be lost by the number of the forum; None where no parser told it."""
    return {site_id: KnownLoss(*row) for site_id, *row in conn.execute(_BY_FORUM)}


def total(losses: Collection[KnownLoss]) -> KnownLoss:
    """What is lost of several forums together."""
    dates = [each.accepted_at for each in losses]
    return KnownLoss(
        captures=sum(each.captures for each in losses),
        accepted=sum(each.accepted for each in losses),
        accepted_at=max(dates, default=""),
    )
