"""From a form's fields to the command that does what they ask for."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from archive.crawl.start_addresses import check_address, with_scheme
from archive.desk.folder import SUFFIX, known_archive, new_name, write_cookies
from archive.desk.problem import FormError
from archive.desk.worker import Job
from scraper.core.errors import InputError

FORMS: Final[Mapping[str, str]] = {
    "epub": "-epub",
    "html": ".html",
    "md": ".md",
    "txt": ".txt",
    "csv": ".csv",
    "jsonl": ".jsonl",
    "warc": ".warc.gz",
}
"""Forms of export that need nothing more installed, and how the names of their files end, or
of the folder: a book is one thread."""
USUAL_DELAY_S: Final = 2.0
_MAX_DELAY_S: Final = 3_600.0
_MAX_CHARS: Final = 2_000

Fields = Mapping[str, str]


def save_order(folder: Path, fields: Fields, cookies: str) -> Job:
    """The crawl that a form asks for; its cookies are written beside the archive. FormError
    for what cannot be taken."""
    address, host = _address(fields.get("address", ""))
    archive = new_name(
        folder,
        fields.get("archive", ""),
        host,
    )
    delay_s = _delay_s(fields.get("delay", ""))
    contact = _contact(fields.get("contact", ""))

    words = ["crawl", archive, address]
    if delay_s != USUAL_DELAY_S:
        words.append(f"--delay={delay_s:g}")
    if contact:
        words.append(f"--contact={contact}")
    if fields.get("media"):
        words.append("--media")
    if cookies.strip():
        name = write_cookies(folder, archive, cookies)
        words.append(f"--cookies={name}")
    return Job(tuple(words), archive)


def export_order(folder: Path, fields: Fields) -> Job:
    """The export that a form asks for."""
    archive = known_archive(folder, fields.get("archive", ""))
    form = fields.get("form", "")
    if form not in FORMS:
        raise FormError("no_form", name=form)
    target = archive.removesuffix(SUFFIX) + FORMS[form]
    words = ("export", archive, "--format", form, "--to", target)
    return Job(words, archive)


def as_typed(called: str, job: Job) -> str:
    """A command as it is typed into a terminal. `called`: how the program is called there."""
    return f"{called} {shlex.join(job.words)}"


def _address(typed: str) -> tuple[str, str]:
    """An address, and its host."""
    address = typed.strip()
    if not address:
        raise FormError("no_address")
    is_odd = (
        len(address) > _MAX_CHARS
        or address.startswith("-")
        or any(char.isspace() or not char.isprintable() for char in address)
    )
    if is_odd:
        raise FormError("odd_address")
    try:
        host = check_address(address)
    except InputError as error:
        raise FormError("odd_address") from error
    return with_scheme(address), host


def _delay_s(typed: str) -> float:
    if not typed.strip():
        return USUAL_DELAY_S
    try:
        delay_s = float(typed)
    except ValueError as error:
        raise FormError("odd_delay") from error
    if not 0 <= delay_s <= _MAX_DELAY_S:
        raise FormError("odd_delay")
    return delay_s


def _contact(typed: str) -> str:
    """An address as requests can carry it."""
    text = typed.strip()
    is_plain = text.isascii() and text.isprintable() and not set(text) & set("<>()")
    if len(text) > _MAX_CHARS or not is_plain:
        raise FormError("odd_contact")
    return text
