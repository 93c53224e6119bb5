"""Statements that several pages share or show."""

from __future__ import annotations

from typing import Final

_POST = """SELECT p.id, p.pid, p.posted_at, t.title, substr(coalesce(nullif(p.text, ''), p.withheld), 1, 160), p.floor,
  p.gone_at IS NOT NULL FROM posts p JOIN threads t ON t.id = p.thread_id WHERE {}
  AND (p.posted_at, p.id) < (?, ?) ORDER BY p.posted_at DESC, p.id DESC LIMIT ?"""
BY_MEMBER: Final = _POST.format("p.user_id = ?")
BY_NAME: Final = _POST.format("p.site_id = ? AND p.author = ? AND p.user_id IS NULL")
