"""All steps of a corpus by one command, as a README tells a newcomer."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Run

pytestmark = pytest.mark.usefixtures("spark_here")


def test_one_command_does_all_steps(call: Run, tmp_path: Path) -> None:
    pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
    code, said = call("corpus", "demo", tmp_path / "demo")
    assert code == 0
    assert "57 new posts" in said
    assert "【外婆】" in said
    assert call("corpus", "demo", tmp_path / "demo")[0] != 0
