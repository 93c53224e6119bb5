"""Where an index is: `chdb:///srv/index`, a folder that the engine opens in this process, or
`clickhouse://user:password@host:8123/database`, a server or any node of a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from scraper.core.errors import InputError

_HELP: Final = (
    "write chdb:///FOLDER for an index on this machine, or "
    "clickhouse://USER:PASSWORD@HOST:8123/DATABASE (?secure=1 for TLS)"
)
DEFAULT_DATABASE: Final = "default"
_HTTP_PORT: Final = 8123
_HTTPS_PORT: Final = 8443


@dataclass(frozen=True, slots=True)
class Folder:
    """An index in a folder of this machine."""

    path: str


@dataclass(frozen=True, slots=True)
class Server:
    """An index on a server. `shown` is its address without the password."""

    host: str
    port: int
    user: str
    password: str
    database: str
    is_secure: bool

    @property
    def shown(self) -> str:
        """The address, to stand in messages."""
        return f"clickhouse://{self.host}:{self.port}/{self.database}"


def read_address(address: str) -> Folder | Server:
    """What an address means. InputError where it means nothing."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise InputError(f"{address}: {error}; {_HELP}") from error
    if parts.scheme == "chdb":
        path = unquote(parts.netloc + parts.path)
        if not path.strip("/"):
            raise InputError(f"{address} names no folder; {_HELP}")
        return Folder(path)
    if parts.scheme != "clickhouse" or not parts.hostname:
        raise InputError(f"{address} is no address of an index; {_HELP}")
    secure = parse_qs(parts.query).get("secure", [""])[0]
    is_secure = secure in ("1", "true")
    return Server(
        host=parts.hostname,
        port=port or (_HTTPS_PORT if is_secure else _HTTP_PORT),
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.strip("/")) or DEFAULT_DATABASE,
        is_secure=is_secure,
    )
