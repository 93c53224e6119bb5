"""A server with a certificate that has expired, as dying forums have: `localhost` and
127.0.0.1, until the end of 2019."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loopback import listening

_PEM = """-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIKrGf0q0vKPbims00lUtWFVoJXG+DbbScy66DaPvChh3oAoGCCqGSM49
AwEHoUQDQgAEc5I12YF5DdlwxSIhIJyQa3QWjRUHVGU8Y/pqUSGQEllnWLFD/FK5
pTuQR1EwA5H3y5VXG497gD2IX3aeTjC8rg==
-----END EC PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBUzCB+qADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
dDAeFw0xOTAxMDEwMDAwMDBaFw0yMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxv
Y2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHOSNdmBeQ3ZcMUiISCc
kGt0Fo0VB1RlPGP6alEhkBJZZ1ixQ/xSuaU7kEdRMAOR98uVVxuPe4A9iF92nk4w
vK6jPTA7MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAdBgNVHQ4EFgQU3vel
JzRe5SvNk5vKQx3DRgbfa/8wCgYIKoZIzj0EAwIDSAAwRQIgWW9ncq/u2Tq+EOWY
lco0XejIN8dk/Xs9uIKB3kJiM5ACIQCh/MvBPb694f2TedhWvBPnBzvMVpD5nUdl
UTFIpbmycg==
-----END CERTIFICATE-----
"""


def context(folder: Path, *, old: bool = False) -> ssl.SSLContext:
    """The server's side of TLS; `old`: version 1.0 alone."""
    path = folder / "server.pem"
    path.write_text(_PEM)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    if old:
        tls.set_ciphers("DEFAULT:@SECLEVEL=0")
        tls.minimum_version = ssl.TLSVersion.TLSv1
        tls.maximum_version = ssl.TLSVersion.TLSv1
    return tls


@contextmanager
def serve_tls(folder: Path, reply: bytes, *, old: bool = False) -> Iterator[int]:
    """Answer every request with the same bytes, then close without an end of TLS; the port."""
    tls = context(folder, old=old)
    with listening(lambda client: _answer(client, tls, reply)) as port:
        yield port


def _answer(client: socket.socket, tls: ssl.SSLContext, reply: bytes) -> None:
    try:
        with tls.wrap_socket(client, server_side=True) as secure:
            secure.recv(65536)
            secure.sendall(reply)
    except OSError:
        return
