"""Fixtures for tests of a corpus; they need Apache Spark and Java, and skip without."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture(scope="session")
def spark_here() -> None:
    """Apache Spark, which the tests that ask for it run."""
    pytest.importorskip("pyspark", reason="no pyspark: extra `cluster`")
    if shutil.which("java") is None:
        pytest.skip("no Java, which Apache Spark needs: openjdk-17-jre-headless")
