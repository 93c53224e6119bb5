"""Whether a server can listen at a port."""

from __future__ import annotations

import errno
import socket

from scraper.core.errors import InputError


def try_port(host: str, port: int) -> None:
    """Raise InputError where nobody can listen there, before a server says so in its own words."""
    try:
        found = socket.getaddrinfo(
            host,
            port,
            type=socket.SOCK_STREAM,
        )
        family, *_, address = found[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(
                socket.SOL_SOCKET,
                socket.SO_REUSEADDR,
                1,
            )
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = (
                f"port {port} is in use, perhaps by another `serve` or `start`; "
                f"name another, such as --port {port + 1}"
            )
        else:
            reason = error.strerror or error
            words = f"cannot listen on {host} port {port}: {reason}"
        raise InputError(words) from error
