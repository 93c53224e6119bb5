"""A corpus in an object store: read from there, written there, by a server on loopback that
speaks S3."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browser import free_port
from command_line import Run
from corpus_shards import captures_of, corpus_in_own_process, scatter

from archive.commands.demo import lay_out
from archive.corpus.outputs import Output

pytestmark = pytest.mark.usefixtures("spark_here")
BUCKET = "forums"
KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """An empty bucket, by the address that goes before names in it."""
    pytest.importorskip("moto", reason="no moto: extra `test`")
    pytest.importorskip("s3fs", reason="no s3fs: extra `cluster`")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    log = (tmp_path / "moto.log").open("wb")
    server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for(address)
        httpx.put(f"{address}/{BUCKET}", trust_env=False).raise_for_status()
        yield f"s3://{BUCKET}"
    finally:
        server.terminate()
        server.wait()
        log.close()


def wait_for(address: str) -> None:
    for _ in range(600):
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("no server")


def test_a_corpus_lies_in_a_store(call: Run, tmp_path: Path, store: str) -> None:
    lay_out(tmp_path / "pages")
    captures = captures_of(*(tmp_path / "pages").glob("forums*"))
    shards = tmp_path / "shards"
    files = scatter(shards, captures, shards=2, seed=3)
    listed = put(store, files, tmp_path / "list")
    out = f"{store}/out"
    for words in (("parse", listed, out), ("merge", out, "--parts", 2)):
        assert corpus_in_own_process(*words, environment=KEYS)[0] == 0

    there = Output(out)
    manifest = there.read_json("merged.json")
    assert set(there.names("merged")) == set(manifest["files"])
    assert set(there.names("pages")) == {
        there.read_json(name)["pages"] for name in there.names("done")
    }

    here = tmp_path / "out"
    local = tmp_path / "local"
    local.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
    assert call("corpus", "parse", local, here)[0] == 0
    assert call("corpus", "merge", here, "--parts", 2)[0] == 0
    same = json.loads((here / "merged.json").read_text("utf-8"))
    assert manifest["rows"] == same["rows"]


def put(store: str, files: list[Path], listed: Path) -> Path:
    """Files in a store, and the list of them."""
    target = Output(f"{store}/crawl")
    lines = []
    for number, file in enumerate(files):
        name = f"{number}.warc.gz"
        with target.file(name) as put_there:
            put_there.write(file.read_bytes())
        lines.append(target.path(name) + "\n")
    listed.write_text("".join(lines), encoding="utf-8")
    return listed
