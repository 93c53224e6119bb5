"""What Datasette's own pages of an archive show beside what they always do: the way back to
ours, the columns' names in Chinese, our colours. Their templates are in `templates`."""

from __future__ import annotations

from typing import Any, Final

from archive.store.post_columns import COLUMN_OF
from archive.web import paths
from archive.web.language import TAGS, Language, language_asked
from archive.web.strings import in_language, text
from archive.web.strings_columns import NAMES

_POSTS: Final = ("posts", "post_list", "post_versions")


def label_of(table: str, column: str, language: Language) -> str:
    """What a column is called beside its own name; empty where that says it."""
    if language == "en":
        return ""
    described = COLUMN_OF.get(column) if table in _POSTS else None
    chinese = described.label_zh if described else NAMES.get(column, "")
    return in_language((chinese, ""), language) if chinese else ""


def template_values(request: Any, table: str | None, prefix: str) -> dict[str, Any]:
    """What our templates of Datasette's pages call. `prefix`: before the addresses of our
    pages."""
    language = language_asked(request) if request else "zh"

    def word(key: str) -> str:
        return text(key, language)

    def label(column: str) -> str:
        return label_of(table or "", column, language)

    return {
        "archive_style": paths.TABLE_STYLE,
        "archive_script": paths.TABLE_SCRIPT,
        "archive_language": TAGS[language],
        "archive_prefix": prefix,
        "archive_word": word,
        "archive_label": label,
    }
