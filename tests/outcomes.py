"""What becomes of a garbled capture: a page that prints as JSON, or the parser's own error;
never a fault of ours."""

from __future__ import annotations

import json

from scraper.core.errors import PageError
from scraper.core.records import Capture, Page, as_json
from scraper.parsing import parse_capture


def outcome(capture: Capture) -> Page | PageError:
    """The page, or why it could not be read; fails where a reader broke."""
    refusal: PageError
    try:
        page = parse_capture(capture)
        json.dumps(as_json(page), ensure_ascii=False).encode()
        return page
    except PageError as error:
        refusal = error
    if "broke on this page" in str(refusal) and refusal.__cause__:
        raise refusal.__cause__
    return refusal
