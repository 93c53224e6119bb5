"""Desktop pages written in other ways, by browsers that saved them or by servers: they say
the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.intake.sources import read_captures
from scraper.core.records import Capture, as_json
from scraper.parsing import parse_capture


def single(text: str) -> str:
    """Attributes in single quotes."""
    return re.sub(r'="([^"\'<>]*)"', r"='\1'", text)


def bare(text: str) -> str:
    """Tags in capitals, attributes without quotes, as old browsers saved pages."""
    return re.sub(
        r"</?[a-z][a-z0-9]*\b",
        lambda tag: tag[0].upper(),
        re.sub(r'="([\w\-]+)"(?=[ >])', r"=\1", text),
    )


def broken(text: str) -> str:
    """Attributes of the body on lines of their own."""
    return re.sub(
        r'<body id="(\w+)" class="(\w+)"', r'<body\n\tclass="\2"\n\tid="\1"\n', text
    )


def scriptless(text: str) -> str:
    """Without any script, as some browsers save pages."""
    return re.sub(r"<script\b.*?</script>", "", text, flags=re.S)


@pytest.mark.parametrize("change", [single, bare, broken, scriptless])
@pytest.mark.parametrize("name", ["d60-gbk", "d72-gbk", "x2-gbk", "x35-a"])
def test_the_same_page_written_otherwise_says_the_same(
    shared: Path, name: str, change: Callable[[str], str]
) -> None:
    seen: dict[str, int] = {}
    for capture in read_captures([shared / "pages" / f"{name}.warc.gz"]):
        if not capture.body or capture.status != 200:
            continue
        page = parse_capture(capture)
        kind = page.content.kind
        if (
            page.theme not in ("x", "classic6", "classic7")
            or kind == "other"
            or seen.get(kind, 0) >= 3
        ):
            continue
        seen[kind] = seen.get(kind, 0) + 1
        encoding = "gb18030" if "gb" in page.encoding else "utf-8"
        changed = change(capture.body.decode(encoding, "replace")).encode(encoding)
        again = parse_capture(
            Capture(capture.url, capture.fetched_at, changed, headers=capture.headers)
        ).content
        assert without_html(as_json(again)) == without_html(as_json(page.content)), (
            capture.url
        )
    assert {"thread", "board", "index"} <= set(seen)


def without_html(value: Any) -> Any:
    """A record without messages as served, which differ by what was changed."""
    if isinstance(value, dict):
        return {
            key: without_html(item)
            for key, item in value.items()
            if key not in ("html", "links")
        }
    return [without_html(item) for item in value] if isinstance(value, list) else value
