"""`corpus`: a command of several steps, one file each in this folder, for archives beyond one
machine.

A step's file holds a click command called `command`, as those of the folder above do. What
the steps need beyond the default installation is imported within them.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import click

from archive.commands._help import (
    HelpContext,
    first_sentence,
    in_readers_language,
)
from scraper.core.errors import InputError


class _Steps(click.Group):
    """Finds its steps in this folder; one is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = [module.name for module in pkgutil.iter_modules(__path__)]
        return sorted(name for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{__name__}.{cmd_name}")
        command: click.Command = module.command
        command.context_class = HelpContext
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a step. InputError where the extra that it needs is not installed."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            name = (error.name or "").partition(".")[0]
            if name in ("archive", "scraper"):
                raise
            raise InputError(
                f"a corpus needs {name}: pip install 'discuz-archive[cluster]'"
            ) from error

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The steps, with all of what each one's first sentence says."""
        rows = []
        for name in self.list_commands(ctx):
            step = self.get_command(ctx, name)
            said = inspect.cleandoc(step.help or "") if step else ""
            rows.append((name, " ".join(_sentence_of(said).split())))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _sentence_of(help_text: str) -> str:
    return first_sentence(in_readers_language(help_text))


@click.group("corpus", cls=_Steps)
def command() -> None:
    """Archives beyond one machine: WARC files by Spark, search by ClickHouse."""
