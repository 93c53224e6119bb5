"""What forms may ask for: no path leads out of the folder, no field becomes an option."""

from __future__ import annotations

import re
import sqlite3
import stat
from pathlib import Path
from typing import get_args

import pytest

from archive.desk import strings
from archive.desk.folder import list_archives
from archive.desk.orders import FORMS, export_order, save_order
from archive.desk.problem import FormError
from archive.desk.worker import JobState
from archive.schema import open_archive

ADDRESS = "http://bbs.example.com/"


def refused(folder: Path, **fields: str) -> str:
    """Why a form is refused; nothing is written."""
    before = sorted(folder.rglob("*"))
    with pytest.raises(FormError) as error:
        save_order(folder, {"address": ADDRESS, **fields}, "a=1")
    assert sorted(folder.rglob("*")) == before
    return error.value.key


@pytest.mark.parametrize(
    "name",
    [
        "../x.db",
        "..",
        "...",
        "/etc/x.db",
        "a/b.db",
        "a\\b.db",
        "C:x.db",
        "C:\\x.db",
        "x.db:stream",
        "-x.db",
        "--help",
        ".hidden.db",
        "x\0.db",
        "x\n.db",
        "x\u202e.db",
        "~/x.db",
        "$HOME.db",
        "CON",
        "nul.db",
        "COM1.txt",
        "x" * 300,
        "\N{SNOWMAN}.db",
        "%2e%2e%2fx.db",
        "*.db",
    ],
)
def test_a_name_that_leads_elsewhere(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, archive=name) == "odd_name"


def test_a_name_of_what_is_no_plain_file(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    target = tmp_path / "elsewhere"
    target.write_bytes(b"mine")
    (tmp_path / "link.db").symlink_to(target)
    (tmp_path / "nowhere.db").symlink_to(tmp_path / "missing")
    for name in ("folder.db", "link.db", "nowhere"):
        assert refused(tmp_path, archive=name) == "odd_name"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "   ",
        "--media",
        "-x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://bbs.example.com/",
        "http://",
        "http:///etc/passwd",
        "http://bbs.example.com/ --media",
        "http://bbs.example.com/\n--media",
        "http://[::1",
        "http://bbs.example.com:99999/",
        "http://bbs.exam\u202eple.com/",
        "/etc/passwd",
        "http://" + "a" * 3000,
    ],
)
def test_what_is_no_address(tmp_path: Path, address: str) -> None:
    assert refused(tmp_path, address=address) in ("no_address", "odd_address")


@pytest.mark.parametrize("delay", ["-1", "nan", "inf", "1e9", "x", "2; rm", "３ｓ"])
def test_what_is_no_pace(tmp_path: Path, delay: str) -> None:
    assert refused(tmp_path, delay=delay) == "odd_delay"


@pytest.mark.parametrize(
    "contact", ["a@b.example\nX: 1", "我 <a@b.example>", "a" * 3000]
)
def test_a_contact_that_is_no_address(tmp_path: Path, contact: str) -> None:
    assert refused(tmp_path, contact=contact) == "odd_contact"


def test_a_field_is_no_option(tmp_path: Path) -> None:
    fields = {"address": ADDRESS, "contact": "--owner-consents", "media": "1"}
    job = save_order(tmp_path, fields, "")
    assert job.words == (
        "crawl",
        "bbs.example.com.db",
        ADDRESS,
        "--contact=--owner-consents",
        "--media",
    )


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("bbs.example.com", "bbs.example.com.db"),
        ("https://bbs.example.com:8443/bbs/../../etc/", "bbs.example.com.db"),
        ("http://[::1]:8080/", "1.db"),
        ("http://论坛.example/", "论坛.example.db"),
        ("http://user:pw@bbs.example.com/thread-1-1-1.html", "bbs.example.com.db"),
    ],
)
def test_a_file_is_named_after_the_host(
    tmp_path: Path, address: str, name: str
) -> None:
    assert save_order(tmp_path, {"address": address}, "").archive == name


def test_cookies_are_for_their_owner_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("keep")
    (tmp_path / "bbs.example.com-cookies.txt").symlink_to(mine)
    job = save_order(tmp_path, {"address": ADDRESS}, "abcd_auth=1")
    kept = tmp_path / "bbs.example.com-cookies.txt"
    assert job.words[-1] == "--cookies=bbs.example.com-cookies.txt"
    assert kept.read_text("utf-8") == "abcd_auth=1"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert mine.read_text() == "keep", "a link is replaced, not followed"


def test_archives_of_the_folder_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside.db"
    open_archive(outside).close()
    folder = tmp_path / "folder"
    folder.mkdir()
    open_archive(folder / "a.db").close()
    open_archive(folder / "-b.db").close()
    sqlite3.connect(folder / "c.db").execute("CREATE TABLE t(x)").connection.close()
    (folder / "d.db").write_bytes(b"no database")
    (folder / "e.db").symlink_to(outside)
    assert [each.name for each in list_archives(folder)] == ["a.db"]
    for name in ("../outside.db", "-b.db", "c.db", "d.db", "e.db", "", str(outside)):
        with pytest.raises(FormError) as error:
            export_order(folder, {"archive": name, "form": "epub"})
        assert error.value.key == "no_archive"


@pytest.mark.parametrize("form", ["", "exe", "../epub", "--help"])
def test_no_other_form_of_export(tmp_path: Path, form: str) -> None:
    open_archive(tmp_path / "a.db").close()
    with pytest.raises(FormError) as error:
        export_order(tmp_path, {"archive": "a.db", "form": form})
    assert error.value.key == "no_form"


def test_every_word_of_the_pages_is_said_in_both_languages() -> None:
    used = set()
    for page in (Path(strings.__file__).parent / "pages").glob("*.html"):
        used |= set(re.findall(r'\bt\("(\w+)"', page.read_text("utf-8")))
    used = {key for key in used if not key.endswith("_")}
    used |= {f"form_{form}" for form in FORMS}
    for command in ("crawl", "export"):
        used |= {f"{command}_{state}" for state in get_args(JobState)}
    assert used <= strings.known()
    for key in strings.known():
        chinese, english = (strings.text(key, language) for language in ("zh", "en"))
        assert chinese != english
        places = re.findall(r"\{\w+\}", chinese)
        assert sorted(places) == sorted(re.findall(r"\{\w+\}", english)), key
