"""The error tree, and the exit code of each class.

    DiscuzArchiveError            1   anything below, when nothing more exact is known
    ├── InputError                3   a file that cannot be read, or with nothing that we understand
    │   └── PageError             4   a page that is surely Discuz! and that no parser could read
    ├── StorageError              5   the archive file: not ours, too new, locked, disk full
    ├── FetchError                6   the network: no answer, cut short, too many failures
    │   ├── RefusedError          7   the forum says no: robots.txt, challenge page, closed, banned
    │   └── LoginError            8   cookies that do not log in, or a login lost on the way
    └── QueryError                9   a search that cannot be understood: names the wrong part

Exit code 2 is click's for wrong arguments; 130 is Ctrl-C. Every message says what happened
and what to do.
"""

from __future__ import annotations


class DiscuzArchiveError(Exception):
    """The root: catch this one to catch every error that a user can act on."""

    exit_code = 1


class InputError(DiscuzArchiveError):
    """A file that cannot be read, or that holds nothing we understand."""

    exit_code = 3


class PageError(InputError):
    """A page of a known kind that yields nothing; carries why, never an empty success."""

    exit_code = 4


class StorageError(DiscuzArchiveError):
    """The archive cannot be opened or written."""

    exit_code = 5


class FetchError(DiscuzArchiveError):
    """The network did not give what was asked for."""

    exit_code = 6


class RefusedError(FetchError):
    """The forum, or what stands before it, refuses."""

    exit_code = 7


class LoginError(FetchError):
    """The given cookies do not log in, or stopped doing so."""

    exit_code = 8


class QueryError(DiscuzArchiveError):
    """A search that cannot be understood. `chinese`: the message for those who read the
    archive's pages in Chinese."""

    exit_code = 9

    def __init__(self, message: str, chinese: str) -> None:
        super().__init__(message)
        self.chinese = chinese
