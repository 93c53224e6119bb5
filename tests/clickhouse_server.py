"""ClickHouse's HTTP interface before the engine in a folder, as far as clickhouse-connect asks
it: so that what is said to a server goes over a socket.

    python tests/clickhouse_server.py FOLDER PORT
"""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_OF_THE_INTERFACE = (
    "query",
    "database",
    "session_id",
    "query_id",
    "client_protocol_version",
    "compress",
    "enable_http_compression",
    "wait_end_of_query",
    "default_format",
    "role",
)


class _Interface(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    session: Any
    turn = threading.Lock()

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        self._answer(self.rfile.read(size).decode("utf-8"))

    def _answer(self, body: str) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        statement = f"{asked.get('query', '')}\n{body}".strip()
        settings = [each for each in asked.items() if each[0] not in _OF_THE_INTERFACE]
        status = 200
        try:
            with self.turn:
                for name, value in settings:
                    self.session.query(f"SET {name} = '{value}'")
                answer = self.session.query(statement, "TabSeparated").bytes()
        except Exception as error:
            status = 500
            answer = str(error).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("X-ClickHouse-Timezone", "UTC")
        self.end_headers()
        self.wfile.write(answer or b"")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def main() -> None:
    from chdb import session

    folder, port = sys.argv[1:]
    _Interface.session = session.Session(folder)
    ThreadingHTTPServer(("127.0.0.1", int(port)), _Interface).serve_forever()


if __name__ == "__main__":
    main()
