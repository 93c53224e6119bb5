"""robots.txt: what one host asks of us (RFC 9309), read by Protego."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from protego import Protego

AGENT: Final = "discuz-archive"
"""The product token that a robots.txt may name us by."""

LIMIT_BYTES: Final = 512_000
"""RFC 9309, 2.5: at least 500 KiB must be read. What lies behind does not count."""
_NOW_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Robots:
    """A host's wishes. Where its robots.txt could not be read (not `reachable`), everything
    is forbidden for now."""

    reachable: bool = True
    _rules: Protego = field(default_factory=Protego, repr=False)

    def allowed(self, url: str) -> bool:
        """Whether we may ask for an address of this host; its robots.txt itself we always may."""
        return self.reachable and self._rules.can_fetch(url, AGENT)

    @property
    def crawl_delay_s(self) -> float | None:
        """The pause asked for; None where none is."""
        return self._rules.crawl_delay(AGENT)


def read_robots(status: int, body: bytes) -> Robots:
    """The wishes in an answer to `/robots.txt`, redirects followed before.

    RFC 9309, 2.3.1: 4xx means that there are none, 5xx that the host cannot say now; and
    429 is no answer either.
    """
    if status >= 500 or status == _NOW_TOO_MANY:
        return Robots(reachable=False)
    if not 200 <= status < 300:
        return Robots()
    if len(body) >= LIMIT_BYTES:
        # half a rule may forbid more than the whole one
        body, _, _ = body[:LIMIT_BYTES].rpartition(b"\n")
    text = body.decode("utf-8-sig", "replace")
    return Robots(True, Protego.parse(text))
