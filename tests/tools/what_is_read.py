"""What is read of which version and kind of page: the table of
scraper/themes/README.md, made from the fixture pairs.

python tests/tools/what_is_read.py            # prints the table
python tests/tools/what_is_read.py --write    # puts it there
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "scraper" / "themes" / "README.md"
BEGIN, END = "<!-- made by tests/tools/what_is_read.py: begin -->", "<!-- end -->"
LAYOUTS = {
    "x": "desktop",
    "classic6": "desktop",
    "classic7": "desktop",
    "print_page": "print page",
    "print_text": "print page as text",
    "archiver": "archiver",
    "touch": "touch",
    "mobile": "simple mobile",
    "wap": "WAP",
    "api": "JSON interface",
    "feed": "RSS",
    "ajax": "windows",
    "generic": "a skin of its own",
    "notice": "notice",
    "challenge": "challenge page",
}
_HEAD = (
    "url",
    "captured_at",
    "kind",
    "theme",
    "encoding",
    "software",
    "site_name",
    "site_url",
    "page",
    "pages",
)
_ROWS = ("posts", "threads", "boards")


def table() -> str:
    """The table in Markdown."""
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    versions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for pair in sorted(ROOT.glob("fixtures/*/*.json")):
        page: dict[str, Any] = json.loads(pair.read_text("utf-8"))["page"]
        key = LAYOUTS.get(page.get("theme", ""), page.get("theme", "")), page["kind"]
        version = (
            page.get("software", "").removeprefix("Discuz!").strip()
            or "version not printed"
        )
        versions[key].add(f"{version} ({page['encoding']})")
        said[key] |= _said(page)
    lines = [
        "| layout | page | versions in the fixtures | what is read |",
        "|---|---|---|---|",
    ]
    for (layout, kind), fields in sorted(said.items()):
        of_versions = ", ".join(sorted(versions[layout, kind]))
        of_fields = ", ".join(sorted(fields))
        lines.append(f"| {layout} | {kind} | {of_versions} | {of_fields} |")
    return "\n".join(lines)


def _said(page: dict[str, Any]) -> set[str]:
    """The fields of the page and of its rows."""
    said = {name for name in page if name not in (*_HEAD, *_ROWS)}
    for rows in _ROWS:
        said |= {f"{rows[:-1]}.{name}" for row in page.get(rows, ()) for name in row}
    return said


def guide_with_table() -> str:
    """The guide to the themes as it should be."""
    text = GUIDE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv:
        GUIDE.write_text(guide_with_table(), "utf-8")
    else:
        print(table())
