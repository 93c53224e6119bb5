"""Fixtures for tests of the archive."""

from __future__ import annotations

import pytest
from command_line import Run

from archive.cli import cli, run


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command as the terminal would: exit code, what it printed."""

    def call(*words: object) -> tuple[int, str]:
        code = run(
            lambda: cli.main([str(word) for word in words], standalone_mode=False)
        )
        return code, capsys.readouterr().out

    return call
