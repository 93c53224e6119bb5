"""Commands as a terminal runs them, for tests to annotate the fixture `call` with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Run: TypeAlias = Callable[..., tuple[int, str]]
"""Runs a command by its words: exit code, what it printed."""
