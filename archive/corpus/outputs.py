"""Where a corpus is written: a folder of this machine, or one in an object store (`s3:`).

A file is whole or not there: on a disk it is written under another name and renamed, in an
object store it appears when it is closed. Its name is used once. What counts is what a
manifest names, which is written last and at one stroke; anything else is left of a task that
ended before its time, and swept away by the next run.
"""

from __future__ import annotations

import json
import posixpath
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any, Final

from scraper.core.errors import InputError, StorageError

NEEDS: Final = "pip install 'discuz-archive[cluster]' brings it"
_UNDER_WAY: Final = ".tmp"
_LOCAL: Final = ("file", "local")


@dataclass(frozen=True, slots=True)
class Output:
    """A folder for results. Goes to other processes as its address alone."""

    address: str

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """Write a file: whole, or not at all. StorageError where it cannot be written."""
        store, root = self._store()
        path = posixpath.join(root, name)
        written = path
        if _is_local(store):
            written = f"{path}.{uuid.uuid4().hex}{_UNDER_WAY}"
            store.makedirs(
                posixpath.dirname(path),
                exist_ok=True,
            )
        try:
            with store.open(written, "wb") as file:
                yield file
            if written != path:
                store.mv(written, path)
        except BaseException:
            _discard(store, written)
            raise

    def names(self, folder: str) -> list[str]:
        """The names of all files below a folder, in order, as `file` takes them."""
        store, root = self._store()
        store.invalidate_cache()
        above = store._strip_protocol(root).rstrip("/") + "/"
        found = store.find(posixpath.join(root, folder))
        return sorted(path.removeprefix(above) for path in found)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file to read and seek in. OSError where it is not there."""
        store, root = self._store()
        with store.open(posixpath.join(root, name), "rb") as file:
            yield file

    def has(self, name: str) -> bool:
        """Whether there is a file of a name."""
        store, root = self._store()
        return bool(store.exists(posixpath.join(root, name)))

    def read(self, name: str) -> bytes:
        """What a file holds. OSError where it is not there."""
        store, root = self._store()
        content: bytes = store.cat_file(posixpath.join(root, name))
        return content

    def read_json(self, name: str) -> Any:
        """What a file of JSON says. StorageError where it says nothing of the kind."""
        try:
            return json.loads(self.read(name))
        except (OSError, ValueError) as error:
            raise StorageError(f"{self.path(name)} cannot be read: {error}") from error

    def write_json(self, name: str, said: Any) -> None:
        """Write a file of JSON, in place of an older one."""
        text = json.dumps(
            said,
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        )
        with self.file(name) as file:
            file.write(text.encode())

    def path(self, name: str) -> str:
        """A file or folder as Arrow and other programs open it."""
        return posixpath.join(self.address, name)

    def sweep(self, folder: str, wanted: Collection[str]) -> int:
        """Delete what lies in a folder and is not wanted. How many files that were."""
        store, root = self._store()
        left = [name for name in self.names(folder) if name not in wanted]
        for name in left:
            _discard(store, posixpath.join(root, name))
        return len(left)

    def _store(self) -> tuple[Any, str]:
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise InputError(f"a corpus needs fsspec; {NEEDS}") from error
        try:
            store, root = url_to_fs(self.address)
        except ImportError as error:
            raise InputError(f"{self.address}: needs {error}; {NEEDS}") from error
        except ValueError as error:
            raise InputError(
                f"{self.address}: no place to write to: {error}"
            ) from error
        return store, root


def _is_local(store: Any) -> bool:
    protocols = store.protocol
    if isinstance(protocols, str):
        protocols = (protocols,)
    return any(each in _LOCAL for each in protocols)


def _discard(store: Any, path: str) -> None:
    with suppress(OSError):
        store.rm_file(path)
