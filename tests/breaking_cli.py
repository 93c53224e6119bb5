"""The commands, with parser processes that break on some pages: run as a program."""

from __future__ import annotations

from functools import partial

import breaking_parser

from archive.cli import main
from archive.commands import _crawling, _reading
from archive.intake.parsers import ParserProcesses

if __name__ == "__main__":
    broken = partial(ParserProcesses, work=breaking_parser.parse)
    for module in (_crawling, _reading):
        setattr(module, "ParserProcesses", broken)  # noqa: B010 - of no type of its own
    main()
