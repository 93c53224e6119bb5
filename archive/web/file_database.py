"""An archive's file as Datasette opens it: at any path, and with errors that it shows as a
reader's mistakes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

from datasette.database import Database

TOO_MUCH: Final = "The query needs more memory than queries may take."
_REFUSED: Final = (sqlite3.SQLITE_AUTH, sqlite3.SQLITE_TOOBIG)


class FileDatabase(Database):  # type: ignore[misc]  # Datasette ships no types
    """Datasette's, but for paths with `#`, `?` and `%`, which it takes for parts of an
    address, and for the errors of bounded queries."""

    @classmethod
    def instead_of(cls, database: Any) -> FileDatabase:
        """The same database of the same Datasette, opened by us."""
        made = cls(database.ds, database.path, is_mutable=database.is_mutable)
        made.__dict__.update(database.__dict__)
        return made

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection, which any thread may use."""
        address = Path(self.path).resolve().as_uri()
        if not self.is_mutable:
            address += "?immutable=1"
        elif not write:
            address += "?mode=ro"
            address += "&nolock=1" if self.ds.nolock else ""
        conn = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._all_file_connections.append(conn)
        return conn

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """The rows of a statement. Raises sqlite3.OperationalError where it asks for what
        readers may not have."""
        try:
            return await super().execute(*arguments, **options)
        except MemoryError as error:
            raise sqlite3.OperationalError(TOO_MUCH) from error
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0)
            if code in _REFUSED:
                raise sqlite3.OperationalError(str(error)) from error
            raise
