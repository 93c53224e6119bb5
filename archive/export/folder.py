"""A folder of exported files: written one by one, the manifest last. What an export that was
killed has written already is not written again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from archive.export.files import is_part, new_file
from archive.export.form import Part
from scraper.core.errors import InputError

MANIFEST: Final = "manifest.json"
_BEGUN: Final = ".begun.json"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the folder, with `/` between folders."""

    path: str
    bytes: int
    sha256: str


def write_folder(
    folder: Path, parts: Iterable[Part], about: Mapping[str, object]
) -> list[WrittenFile]:
    """Write the files of an export, then the manifest, which begins with `about`.

    A file that is there already and would be the same is left as it is; one of an earlier
    export of the same that is no longer among them is removed. InputError where the folder
    holds something else.
    """
    folder.mkdir(exist_ok=True)
    earlier = _earlier_files(folder, about)
    begun = folder / _BEGUN
    _write_json(begun, about)

    written = []
    for part in parts:
        path = folder / part.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_file(path) as file:
            part.write(file)
        file_written = _written(part.name, path)
        written.append(file_written)

    names = {each.path for each in written}
    for name in earlier:
        if name not in names:
            _remove(folder, name)

    manifest = dict(about)
    manifest["files"] = [asdict(each) for each in written]
    _write_json(folder / MANIFEST, manifest)
    begun.unlink()
    return written


def _earlier_files(folder: Path, about: Mapping[str, object]) -> set[str]:
    """The files of an earlier export of the same into this folder."""
    manifest = _read_json(folder / MANIFEST)
    begun = _read_json(folder / _BEGUN)
    known = [each for each in (manifest, begun) if each]
    for earlier in known:
        if not _is_same(earlier, about):
            form = earlier.get("form")
            raise InputError(
                f"{folder} holds another export ({form}): name another folder"
            )
    others = [path for path in folder.iterdir() if not is_part(path)]
    if others and not known:
        raise InputError(f"{folder} is not empty: name another folder")

    files = manifest.get("files", ())
    return {each["path"] for each in files}


def _is_same(earlier: Mapping[str, Any], about: Mapping[str, object]) -> bool:
    said = {name: earlier.get(name) for name in about}
    return said == dict(about)


def _written(name: str, path: Path) -> WrittenFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return WrittenFile(
        path=name,
        bytes=path.stat().st_size,
        sha256=digest.hexdigest(),
    )


def _remove(folder: Path, name: str) -> None:
    """Remove a file of an earlier export; nothing that lies elsewhere, whatever a manifest
    says."""
    root = folder.resolve()
    path = root / name
    place = path.resolve()
    if place.is_relative_to(root):
        path.unlink(missing_ok=True)


def _read_json(path: Path) -> dict[str, Any]:
    """What a file of ours says; nothing where it is not there, or not ours."""
    try:
        text = path.read_bytes()
        said = json.loads(text)
    except (OSError, ValueError):
        return {}
    if not isinstance(said, dict):
        return {}
    return said


def _write_json(path: Path, value: Mapping[str, object]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    with new_file(path) as file:
        file.write(text.encode())
        file.write(b"\n")
