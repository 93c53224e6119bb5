"""A session of Apache Spark: the cluster that `spark-submit` or `--master` names, or this
machine."""

from __future__ import annotations

import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from archive.corpus.outputs import NEEDS
from scraper.core.errors import InputError, StorageError

HERE: Final = "local[2,4]"
"""Two tasks at a time on this machine, four tries for each."""
_SETTINGS: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "false",  # it would join parts that are files of their own
    "spark.sql.execution.arrow.maxRecordsPerBatch": "200",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.showConsoleProgress": "false",
}
_LOOPBACK: Final = "127.0.0.1"
_HERE: Final = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": _LOOPBACK,
    "spark.driver.host": _LOOPBACK,
}
_LAST_CHARS: Final = 600
_PLACE: Final = re.compile(r"at |File |\.\.\. \d+ more|\^+$")


@contextmanager
def session(master: str = "") -> Iterator[Any]:
    """A session. InputError where Spark or Java is not there, StorageError where a job
    fails: a task of it did, as often as it was tried."""
    found = _begun(master)
    # of the extra that is there by now
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield found
    except (Py4JError, PySparkException) as error:
        raise StorageError(_words(error)) from error
    finally:
        found.stop()


def _words(error: Exception) -> str:
    """Why a job failed, in few words: the last that was said, without the places in Spark
    and Java that said it."""
    lines = [line.strip() for line in str(error).splitlines()]
    said = [line for line in lines if line and not _PLACE.match(line)]
    last = " ".join(said)[-_LAST_CHARS:]
    if "No module named 'archive'" in last:
        return (
            "the workers' Python does not have discuz-archive: install it there, and name "
            "it with PYSPARK_PYTHON"
        )
    return (
        f"the job failed: {last}; what is done is kept, run the command again to go on"
    )


def _begun(master: str) -> Any:
    # it says what pandas it would like to be tested with
    warnings.filterwarnings(
        "ignore",
        category=FutureWarning,
        module="pyspark",
    )
    try:
        from pyspark import SparkConf
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError(f"a corpus is read by Apache Spark; {NEEDS}") from error
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        raise InputError(
            "Apache Spark needs Java 17: on Debian, `apt install openjdk-17-jre-headless`"
        )
    conf = SparkConf()  # what spark-submit was told
    told = conf.get("spark.master", "") or ""
    named = master or told or HERE
    settings = dict(_SETTINGS)
    if named.startswith("local"):
        settings |= _HERE
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)
    builder = SparkSession.builder.appName("discuz-archive").master(named)
    for name, value in settings.items():
        builder = builder.config(name, conf.get(name, value))
    with _unheard():
        return builder.getOrCreate()


@contextmanager
def _unheard() -> Iterator[None]:
    """Processes begun within are not heard on the error stream: Java, Spark and Hadoop talk
    of themselves, and why a job failed comes as an exception."""
    sys.stderr.flush()
    heard = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(heard, 2)
        os.close(heard)
        os.close(nowhere)


def spark_schema(schema: Any) -> Any:
    """The same columns as Spark has them."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)
