"""Captures kept: valid WARC, the same bytes back, nothing twice, no secrets, a torn end mended."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.schema import open_archive
from archive.warc.captures import Captures, Verdict, clean
from archive.warc.records import pack
from archive.warc.redact import without_secrets
from scraper.core.errors import StorageError
from scraper.core.records import Capture

AT = datetime(2024, 5, 14, 13, 46, 7, tzinfo=UTC)
BODY = b"<html>" + "淘宝开店经验".encode() * 100
CAPTURE = Capture(
    "https://a.example/thread-1-1-1.html",
    AT,
    BODY,
    200,
    (("Content-Type", "text/html; charset=utf-8"),),
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_archive(tmp_path / "forum.db")
    yield db
    db.close()


def check_warc(folder: Path) -> bool:
    """Whether `warcio check` finds every digest right."""
    files = [str(path) for path in folder.glob("*.warc.gz")]
    return (
        subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", *files], capture_output=True
        ).returncode
        == 0
    )


def text_of(folder: Path) -> bytes:
    return b"".join(
        gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.warc.gz"))
    )


def test_kept_capture_comes_back(db: Database, tmp_path: Path) -> None:
    with Captures(db.conn) as captures:
        kept = captures.keep(CAPTURE)
        assert captures.read(kept.id) == CAPTURE
    assert check_warc(tmp_path / "forum.warc")
    assert b"WARC/1.1" in text_of(tmp_path / "forum.warc")
    assert b"WARC-Date: 2024-05-14T13:46:07Z" in text_of(tmp_path / "forum.warc")


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    body=st.binary(max_size=2000),
    status=st.sampled_from([200, 301, 404, 503, 567]),
    value=st.text(
        st.characters(codec="latin-1", exclude_categories=["C"]), max_size=40
    ),
)
def test_any_capture_comes_back(
    db: Database, body: bytes, status: int, value: str
) -> None:
    headers = (("Server", " ".join(value.split())), ("Server", "2"))
    with Captures(db.conn) as captures:
        capture = Capture(
            f"https://a.example/?页={db.table('captures').count}",
            AT,
            body,
            status,
            headers,
        )
        assert captures.read(captures.keep(capture).id) == capture


def test_same_capture_is_not_written_again(db: Database, tmp_path: Path) -> None:
    with Captures(db.conn) as captures:
        first = captures.keep(CAPTURE)
        before = text_of(tmp_path / "forum.warc")
        again = captures.keep(CAPTURE)
    assert (again.id, again.known, first.known) == (first.id, True, False)
    assert text_of(tmp_path / "forum.warc") == before


def test_same_body_later_is_a_revisit(db: Database, tmp_path: Path) -> None:
    later = replace(
        CAPTURE, url="https://a.example/other", fetched_at=AT + timedelta(days=1)
    )
    last = replace(later, fetched_at=AT + timedelta(days=2))
    with Captures(db.conn) as captures:
        captures.keep(CAPTURE)
        assert captures.read(captures.keep(later).id) == later
        assert captures.read(captures.keep(last).id) == last
    assert [row[0] for row in db.execute("SELECT record FROM captures")] == [
        "response",
        "revisit",
        "revisit",
    ]
    assert text_of(tmp_path / "forum.warc").count(BODY) == 1
    assert check_warc(tmp_path / "forum.warc")


@pytest.mark.parametrize("kind", ["resource", "conversion"])
def test_files_without_http(db: Database, tmp_path: Path, kind: str) -> None:
    capture = Capture(
        "file:///%E5%B8%96.txt", AT, BODY, 200, (("Content-Type", "text/plain"),)
    )
    with Captures(db.conn) as captures:
        kept = captures.keep(capture, kind)  # type: ignore[arg-type]  # a parameter of the test is a plain string
        assert captures.read(kept.id) == capture
    assert check_warc(tmp_path / "forum.warc")
    assert db.execute("SELECT record, status FROM captures").fetchone() == (kind, 0)


@pytest.mark.parametrize(
    "body",
    [
        b'<input type="hidden" name="formhash" value="5ec4e751" />'
        b'<a href="?action=logout&amp;formhash=5ec4e751">',
        b'<script>post_params: {"uid":"1", "hash":"5ec4e7555ec4e7555ec4e7555ec4e755"}, '
        b"formhash = 'x'</script>",
        b'{"auth":"5ec4e752","saltkey":"5ec4e753","formhash":"5ec4e754"}',
    ],
)
def test_secrets_are_not_written(db: Database, tmp_path: Path, body: bytes) -> None:
    headers = (
        ("Set-Cookie", "x_auth=5ec4e756; path=/"),
        ("Location", "https://a.example/?formhash=5ec4e757&b=1"),
        ("Authorization", "Basic 5ec4e758"),
    )
    capture = Capture("https://a.example/?sid=5ec4e759&tid=1", AT, body, 200, headers)
    with Captures(db.conn) as captures:
        kept = captures.read(captures.keep(capture).id)
    assert b"5ec4e7" not in text_of(tmp_path / "forum.warc")
    assert len(kept.body) == len(body)
    assert kept.header("set-cookie") == "x_auth="
    assert kept.url == "https://a.example/?sid=&tid=1"
    assert without_secrets(kept) == kept


def test_codings_that_the_body_has_not_are_renamed(
    db: Database, tmp_path: Path
) -> None:
    headers = (
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "7"),
    )
    with Captures(db.conn) as captures:
        kept = captures.read(captures.keep(replace(CAPTURE, headers=headers)).id)
    assert kept.header("x-archive-orig-content-encoding") == "gzip"
    assert kept.header("content-encoding") == ""
    assert kept.header("content-length") == str(len(BODY))
    assert check_warc(tmp_path / "forum.warc")


def test_what_we_asked_is_a_request_record_beside_the_response(
    db: Database, tmp_path: Path
) -> None:
    asked = (
        ("Host", "a.example"),
        ("User-Agent", "discuz-archive/1"),
        ("Referer", "https://a.example/?sid=5ec4e7"),
    )
    with Captures(db.conn) as captures:
        kept = captures.read(
            captures.keep(replace(CAPTURE, url=f"{CAPTURE.url}?a=1", asked=asked)).id
        )
        captures.keep(replace(CAPTURE, fetched_at=AT + timedelta(days=1), asked=asked))
    assert kept.body == BODY
    assert check_warc(tmp_path / "forum.warc")
    path = tmp_path / "forum.warc" / "forum-00001.warc.gz"
    with path.open("rb") as file:
        records = [
            (dict(record.headers), record.reader.read())
            for record in ArchiveIterator(file, parse_http=False)
        ]
    assert [head["WARC-Type"] for head, _ in records] == [
        "warcinfo",
        "response",
        "request",
        "revisit",
        "request",
    ]
    assert records[2][0]["WARC-Concurrent-To"] == records[1][0]["WARC-Record-ID"]
    assert records[2][0]["Content-Type"] == "application/http; msgtype=request"
    assert records[2][1] == (
        b"GET /thread-1-1-1.html?a=1 HTTP/1.1\r\nHost: a.example\r\nUser-Agent: discuz-archive/1"
        b"\r\nReferer: https://a.example/?sid=\r\n\r\n"
    )


def warc_infos(folder: Path) -> list[bytes]:
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=False):
                if record.headers["WARC-Type"] == "warcinfo":
                    found.append(record.reader.read())
                else:
                    found.append(b"a capture")
    return found


def test_each_run_says_under_which_terms_its_captures_came(
    db: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "forum.warc"
    for number, about in enumerate(
        [None, {"robots": "classic"}, {"robots": "set aside"}]
    ):
        with Captures(db.conn, about=about) as captures:
            assert len(warc_infos(folder)) == 2 * number
            captures.keep(replace(CAPTURE, fetched_at=AT + timedelta(days=number)))
            captures.keep(replace(CAPTURE, fetched_at=AT + timedelta(days=number)))
    first, _, second, _, third, _ = warc_infos(folder)
    assert b"robots" not in first
    assert second.endswith(b"robots: classic\r\n")
    assert third.endswith(b"robots: set aside\r\n")
    assert check_warc(folder)


def test_every_file_of_a_run_says_its_terms(db: Database, tmp_path: Path) -> None:
    with Captures(db.conn, max_file_bytes=900, about={"robots": "classic"}) as captures:
        for number in range(4):
            page = replace(CAPTURE, url=f"https://a.example/{number}", body=b"x" * 400)
            captures.keep(page)
    folder = tmp_path / "forum.warc"
    infos = [info for info in warc_infos(folder) if info != b"a capture"]
    assert len(infos) == len(list(folder.glob("*.warc.gz"))) >= 2
    assert all(info.endswith(b"robots: classic\r\n") for info in infos)


def test_a_run_cut_short_behind_its_terms_is_mended(
    db: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "forum.warc"
    with Captures(db.conn, about={"robots": "classic"}) as captures:
        captures.keep(CAPTURE)
    with Captures(db.conn, about={"robots": "set aside"}) as captures:
        captures.keep(replace(CAPTURE, url="https://a.example/2"))
    (path,) = folder.glob("*.warc.gz")
    size_bytes = path.stat().st_size
    with path.open("ab") as file:
        file.truncate(size_bytes - 9)
    with Captures(db.conn, about={"robots": "classic"}) as captures:
        kept = captures.keep(replace(CAPTURE, url="https://a.example/3"))
        assert captures.read(kept.id).body == BODY
    assert check_warc(folder)


def test_names_with_pattern_characters(tmp_path: Path) -> None:
    with open_archive(tmp_path / "备份[1].db") as db:
        for n in range(2):
            with Captures(db.conn) as captures:
                kept = captures.keep(replace(CAPTURE, body=bytes([n])))
                assert captures.read(kept.id).body == bytes([n])


def test_files_that_people_put_beside_are_left_alone(
    db: Database, tmp_path: Path
) -> None:
    other = tmp_path / "forum.warc" / "forum-old.warc.gz"
    other.parent.mkdir()
    other.write_bytes(b"not even a WARC file")
    with Captures(db.conn) as captures:
        captures.keep(CAPTURE)
    assert other.read_bytes() == b"not even a WARC file"


def records_of_others(count: int) -> bytes:
    """Whole records as another program's file has them."""
    captures = [
        replace(CAPTURE, url=f"https://other.example/{n}", body=BODY + bytes([n]))
        for n in range(count)
    ]
    return b"".join(
        pack(each, "response", clean(each).digest).record for each in captures
    )


@pytest.mark.parametrize("begun", [False, True], ids=["new", "with pages"])
@pytest.mark.parametrize(
    "name",
    [
        "wget-00000.warc.gz",  # as wget names them
        "forum-00001.warc.gz",  # as ours are
        "forum-00002.warc.gz",
        "forum-99999.warc.gz",
        "rec-20240601-00001-host.warc.gz",
    ],
)
def test_a_file_of_others_is_never_changed_nor_read(
    db: Database, tmp_path: Path, name: str, begun: bool
) -> None:
    """Whatever it is called, and though its last record is cut."""
    if begun:
        with Captures(db.conn) as captures:
            captures.keep(CAPTURE)
    folder = tmp_path / "forum.warc"
    folder.mkdir(exist_ok=True)
    other = folder / name
    if other.exists():
        pytest.skip("that one is ours")
    theirs = records_of_others(5)[:-40]
    other.write_bytes(theirs)
    for n in range(3):
        with Captures(db.conn, max_file_bytes=1000) as captures:
            captures.open()
            captures.keep(replace(CAPTURE, body=bytes([n])))
    assert other.read_bytes() == theirs
    assert db.execute(
        "SELECT count(*) FROM captures WHERE url LIKE 'https://other%'"
    ).fetchone() == (0,)
    assert [path.name for path in folder.glob("*.damaged*")] == []


def test_a_file_of_another_archive_and_a_copy_of_ours_are_others(
    db: Database, tmp_path: Path
) -> None:
    with open_archive(tmp_path / "other.db") as other, Captures(other.conn) as captures:
        captures.keep(replace(CAPTURE, url="https://other.example/1"))
    with Captures(db.conn) as captures:
        captures.keep(CAPTURE)
    folder = tmp_path / "forum.warc"
    ours = folder / "forum-00001.warc.gz"
    theirs = (tmp_path / "other.warc" / "other-00001.warc.gz").read_bytes()[:-10]
    moved = folder / "other-00001.warc.gz"
    moved.write_bytes(theirs)
    copied = folder / "forum-00007.warc.gz"
    copied.write_bytes(ours.read_bytes()[:-10])
    with Captures(db.conn) as captures:
        captures.open()
        assert list(captures.pending()) == [1]
    assert moved.read_bytes() == theirs
    assert copied.read_bytes() == ours.read_bytes()[:-10]


@pytest.mark.parametrize("name", ["forum", "备份[1]", "a b"])
def test_a_file_of_ours_is_known_by_its_first_record(tmp_path: Path, name: str) -> None:
    """A run was killed before the first page of a file had a row."""
    with open_archive(tmp_path / f"{name}.db") as db:
        with Captures(db.conn) as captures:
            captures.keep(CAPTURE)
        db.execute("DELETE FROM captures")
        with Captures(db.conn) as captures:
            captures.open()
            assert captures.read(1) == CAPTURE


def test_files_of_an_older_version_are_known_by_their_captures(
    db: Database, tmp_path: Path
) -> None:
    """They begin with a record that names no archive."""
    with Captures(db.conn) as captures:
        captures.keep(CAPTURE)
        size = captures._warc._size
        captures.keep(replace(CAPTURE, body=b"2"))
    file = tmp_path / "forum.warc" / "forum-00001.warc.gz"
    whole = file.read_bytes()
    db.execute("UPDATE archive_facts SET value = 'of a newer life'")
    db.execute("DELETE FROM captures WHERE id > 1")
    file.write_bytes(whole[:-20])
    with Captures(db.conn) as captures:
        captures.keep(replace(CAPTURE, body=b"3"))
        assert captures.read(1) == CAPTURE
    assert file.read_bytes()[:size] == whole[:size]
    assert [path.name for path in file.parent.glob("*.gz")] == [file.name]
    assert check_warc(file.parent)


def test_rotation(db: Database, tmp_path: Path) -> None:
    captures = [
        replace(CAPTURE, url=f"https://a.example/{n}", body=BODY + bytes([n]))
        for n in range(9)
    ]
    with Captures(db.conn, max_file_bytes=1500) as keeper:
        ids = [keeper.keep(capture).id for capture in captures]
        assert [keeper.read(id_) for id_ in ids] == captures
    files = sorted(path.name for path in (tmp_path / "forum.warc").glob("*.gz"))
    assert len(files) > 2
    assert files[0] == "forum-00001.warc.gz"
    assert all(
        path.stat().st_size <= 1500 for path in (tmp_path / "forum.warc").glob("*.gz")
    )
    assert check_warc(tmp_path / "forum.warc")


def test_torn_end_is_cut_off_and_writing_goes_on(db: Database, tmp_path: Path) -> None:
    with Captures(db.conn) as captures:
        first = captures.keep(CAPTURE).id
    file = next((tmp_path / "forum.warc").glob("*.gz"))
    whole = file.read_bytes()
    file.write_bytes(whole + whole[-200:-20])
    with Captures(db.conn) as captures:
        second = captures.keep(
            replace(CAPTURE, url="https://a.example/2", body=b"2")
        ).id
        assert captures.read(first) == CAPTURE
        assert captures.read(second).body == b"2"
    assert check_warc(tmp_path / "forum.warc")


def test_whole_records_behind_damage_are_put_aside(
    db: Database, tmp_path: Path
) -> None:
    with Captures(db.conn) as captures:
        captures.keep(CAPTURE)
        size = captures._warc._size
        captures.keep(replace(CAPTURE, body=b"2"))
        captures.keep(replace(CAPTURE, body=b"3"))
    file = next((tmp_path / "forum.warc").glob("*.gz"))
    whole = file.read_bytes()
    file.write_bytes(whole[:size] + bytes(10) + whole[size + 10 :])
    db.execute("DELETE FROM captures WHERE id > 1")
    with Captures(db.conn) as captures:
        captures.open()
    assert check_warc(tmp_path / "forum.warc")
    aside = tmp_path / "forum.warc" / f"{file.name}.damaged-{size}"
    assert aside.read_bytes() == bytes(10) + whole[size + 10 :]


def test_record_without_a_row_is_adopted_as_pending(
    db: Database, tmp_path: Path
) -> None:
    later = replace(CAPTURE, fetched_at=AT + timedelta(days=1))
    with Captures(db.conn) as captures:
        captures.settle(
            captures.keep(CAPTURE).id, Verdict(outcome="stored", kind="thread")
        )
        captures.keep(replace(CAPTURE, url="https://a.example/2", body=b"2"))
        captures.keep(later)
    rows = db.execute("SELECT * FROM captures").fetchall()
    db.execute("DELETE FROM captures WHERE id > 1")
    with Captures(db.conn) as captures:
        captures.open()
        assert list(captures.pending()) == [2, 3]
        assert captures.read(2).body == b"2"
        assert captures.read(3) == later
    assert db.execute("SELECT * FROM captures").fetchall() == rows


def test_row_whose_record_is_lost_says_so(db: Database, tmp_path: Path) -> None:
    with Captures(db.conn) as captures:
        kept = captures.keep(CAPTURE)
    file = next((tmp_path / "forum.warc").glob("*.gz"))
    file.write_bytes(file.read_bytes()[:-50])
    with Captures(db.conn) as captures:
        captures.open()
        with pytest.raises(StorageError, match="not there"):
            captures.read(kept.id)
        captures.keep(replace(CAPTURE, url="https://a.example/2"))
    assert check_warc(tmp_path / "forum.warc")


def test_second_writer_is_told_who_writes(db: Database, tmp_path: Path) -> None:
    other = open_archive(tmp_path / "forum.db")
    with Captures(db.conn) as first, Captures(other.conn) as second:
        kept = first.keep(CAPTURE)
        assert second.read(kept.id) == CAPTURE
        with pytest.raises(StorageError, match=r"process \d+"):
            second.keep(CAPTURE)
    with Captures(other.conn) as second:
        assert second.keep(CAPTURE).known
    other.close()


def test_failed_write_leaves_no_half_record(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Captures(db.conn) as captures:
        captures.keep(CAPTURE)
        file = captures._warc._file
        assert file is not None

        class Full:
            """A disk that takes half a record."""

            def write(self, data: memoryview) -> int:
                assert file
                file.write(data[: len(data) // 2])
                raise OSError(28, "No space left on device")

            def __getattr__(self, name: str) -> object:
                return getattr(file, name)

        monkeypatch.setattr(captures._warc, "_file", Full())
        with pytest.raises(OSError, match="No space"):
            captures.keep(replace(CAPTURE, body=b"2"))
        monkeypatch.setattr(captures._warc, "_file", file)
        captures.keep(replace(CAPTURE, body=b"3"))
    assert check_warc(tmp_path / "forum.warc")
    assert db.table("captures").count == 2
