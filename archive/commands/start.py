"""`discuz-archive start`: pages in the browser from which forums are saved, searched and
exported, on this machine only."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import webbrowser
from pathlib import Path

import click

from archive.commands._ports import try_port
from archive.commands._saying import program, say

_HOST = "127.0.0.1"


@click.command()
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where archives are kept; by itself the folder in which it is called.",
)
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    help="Port to listen on; by itself one that is free.",
)
@click.option(
    "--no-browser", is_flag=True, help="Open no browser: only print the address."
)
def command(folder: Path | None, port: int, no_browser: bool) -> None:
    """Open a page in the browser to save, search and export forums (Ctrl-C ends it).

    `discuz-archive` alone does the same. The address opens the page once, for one browser.
    """
    # what they need takes a while to import
    import uvicorn

    from archive.desk.desk import Desk, Setup
    from archive.desk.gate import Gate

    try_port(_HOST, port)
    folder = (folder or _usual_folder()).resolve()
    gate = Gate()
    setup = Setup(
        folder,
        tuple(_own_program()),
        program(),
    )
    ends_well = contextlib.suppress(KeyboardInterrupt)
    with ends_well, socket.create_server((_HOST, port)) as listener:
        address = f"http://{_HOST}:{listener.getsockname()[1]}{gate.entrance}"
        say(f"archives in {folder}; the page is at\n\n    {address}\n\nCtrl-C ends it")
        sys.stdout.flush()

        def quit_it() -> None:
            server.should_exit = True

        desk = Desk(setup, gate, quit_it)
        config = uvicorn.Config(
            desk.application(),
            log_level="warning",
            access_log=False,
            proxy_headers=False,
        )
        server = uvicorn.Server(config)
        if not no_browser and has_display():
            # what it connects to listens already, and answers as soon as it runs
            webbrowser.open(address)
        server.run(sockets=[listener])


def has_display() -> bool:
    """Whether a browser can show a window here, and not in the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _usual_folder() -> Path:
    """Where it is called; a program that was double-clicked may lie where nothing can be
    written."""
    here = Path.cwd()
    return here if os.access(here, os.W_OK) else Path.home()


def _own_program() -> list[str]:
    """The words that start this program."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "archive"]
