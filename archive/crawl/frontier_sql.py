"""What the frontier asks of its table: the statements, by what they do."""

from __future__ import annotations

from typing import Final

from archive.crawl.backlog import values_of
from scraper.policy.plan import BOARD, INDEX, REVISIT, SWEEP, THREAD

ONE: Final = "site_id = :site_id AND kind = :kind AND item = :item AND page = :page"
ALL_PAGES: Final = "site_id = :site_id AND kind = :kind AND item = :item"

INSERT: Final = """INSERT OR IGNORE INTO frontier
  (site_id, kind, item, page, priority, due_at, fid, tid, mark)
  VALUES (:site_id, :kind, :item, :page, :priority, :now, :fid, :tid, :mark)"""
SET_MARK: Final = f"UPDATE frontier SET mark = :mark WHERE {ONE}"
SET_FID: Final = f"UPDATE frontier SET fid = :fid WHERE {ALL_PAGES} AND fid IS NOT :fid"
SET_DUE: Final = f"""UPDATE frontier
  SET state = 'due', priority = :priority, due_at = :now, tries = 0
  WHERE {ONE} AND state <> 'due' AND (outcome <> 'refused' OR :even_refused)
    AND (visited_at IS NULL OR visited_at < :began)"""
PULL_FORWARD: Final = f"""UPDATE frontier SET priority = :priority
  WHERE {ONE} AND state = 'due' AND priority > :priority"""
NOW: Final = f"""UPDATE frontier SET due_at = :now
  WHERE {ONE} AND state = 'due' AND due_at > :now"""
DONE: Final = f"""UPDATE frontier
  SET state = 'done', priority = {REVISIT}, due_at = :due_at, tries = 0, visited_at = :at,
    changed_at = iif(:changed, :at, changed_at), outcome = :outcome, message = :message
  WHERE {ONE}"""
FAILED: Final = f"""UPDATE frontier
  SET state = :state, due_at = :due_at, tries = tries + 1, outcome = :outcome, message = :message
  WHERE {ONE}"""
SWEEP_DONE: Final = f"""UPDATE frontier
  SET state = 'due', priority = {SWEEP}, due_at = :now
  WHERE site_id = :site_id AND state = 'done' AND (kind IN ('thread', 'archiver') OR :all)"""
HAS_LOST: Final = """SELECT EXISTS (SELECT 1 FROM lost_unreplaced l
  JOIN captures c ON c.id = l.id WHERE c.site_id = :site_id)"""
RETRY: Final = f"""UPDATE frontier
  SET state = 'due', tries = 0, outcome = '', due_at = :now,
    priority = CASE kind WHEN 'index' THEN {INDEX} WHEN 'board' THEN {BOARD} ELSE {THREAD} END
  WHERE site_id = :site_id"""
REOPEN: Final = f"{RETRY} AND {ONE}"
DROP_AFTER: Final = f"DELETE FROM frontier WHERE {ALL_PAGES} AND page > :pages"

TAKE: Final = """SELECT kind, item, page, fid, tries, tid FROM frontier
  WHERE site_id = :site_id AND state = :state AND priority = :priority AND due_at <= :now"""
LAST_PAGE: Final = f"SELECT max(page) FROM frontier WHERE {ALL_PAGES}"
PAGES: Final = f"SELECT page FROM frontier WHERE {ALL_PAGES}"
MARK: Final = f"SELECT mark FROM frontier WHERE {ONE}"
MARKS: Final = f"""SELECT item, mark FROM frontier
  WHERE site_id = :site_id AND kind = 'thread' AND page = 1 AND item IN {values_of("tids")}"""
WINDOW_MARKS: Final = f"""SELECT kind, item, page, mark FROM frontier
  WHERE site_id = :site_id AND kind IN ('ratings', 'comments')
    AND item IN {values_of("pids")}"""
WAS_READ: Final = f"SELECT 1 FROM frontier WHERE {ONE} AND changed_at IS NOT NULL"
BOARDS: Final = """SELECT item FROM frontier
  WHERE site_id = :site_id AND kind = 'board' AND page = 1
    AND outcome NOT IN ('refused', 'gone', 'elsewhere')"""
WHOLE: Final = """SELECT count(*), min(visited_at) FROM frontier
  WHERE site_id = :site_id AND kind = 'thread' AND item = :tid AND page <= :pages
    AND state = 'done' AND outcome = 'page'"""
SWEEP_UNDER_WAY: Final = f"""SELECT 1 FROM frontier
  WHERE site_id = :site_id AND state = 'due' AND priority = {SWEEP} LIMIT 1"""
