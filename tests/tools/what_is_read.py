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
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "scraper" / "themes" / "README.md"
BEGIN = "<!-- made by tests/tools/what_is_read.py: begin -->"
END = "<!-- end -->"
LAYOUTS = {
    "x": "desktop",
    "x5": "desktop",
    "classic6": "desktop",
    "classic7": "desktop",
    "print_page": "print page",
    "print_text": "print page as text",
    "archiver": "archiver",
    "touch": "touch",
    "mobile": "simple mobile",
    "wap": "WAP",
    "api": "JSON interface",
    "exported": "export of an archive",
    "feed": "RSS",
    "ajax": "answers to scripts",
    "generic": "any skin",
    "notice": "notice",
    "challenge": "challenge page",
}
NOT_CONTENT = frozenset(
    {
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
    }
)
"""Keys of a page's record that say where it came from, and which page it is."""
ROWS = ("posts", "threads", "boards")
HEAD = """\
| layout | page | versions | fields |
|---|---|---|---|"""

Page: TypeAlias = dict[str, Any]


def table() -> str:
    """The table in Markdown, a line for each layout and kind of page."""
    fields: dict[tuple[str, str], set[str]] = defaultdict(set)
    versions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for pair in sorted(ROOT.glob("fixtures/*/*.json")):
        page: Page = json.loads(pair.read_text("utf-8"))["page"]
        theme = page["theme"]
        layout = LAYOUTS[theme]
        kind = page["kind"]
        fields[layout, kind] |= fields_of(page)
        versions[layout, kind].add(version_of(page))

    lines = [HEAD]
    for layout, kind in sorted(fields):
        of_versions = ", ".join(sorted(versions[layout, kind]))
        of_fields = ", ".join(sorted(fields[layout, kind]))
        lines.append(f"| {layout} | {kind} | {of_versions} | {of_fields} |")
    return "\n".join(lines)


def version_of(page: Page) -> str:
    """What the page's footer names, and its encoding: `X3.4 (gbk)`."""
    software = page.get("software", "").removeprefix("Discuz!").strip()
    return f"{software or 'not printed'} ({page['encoding']})"


def fields_of(page: Page) -> set[str]:
    """The fields of the page and of its rows."""
    names = set(page) - NOT_CONTENT - set(ROWS)
    for rows in ROWS:
        singular = rows.removesuffix("s")
        for row in page.get(rows, ()):
            names |= {f"{singular}.{name}" for name in row}
    return names


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
