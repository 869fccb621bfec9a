"""An API with open orders in pages, for as long as a command runs: `python orders_api.py process-runner run .`"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "demo-key"
ORDERS = [
    {"id": f"A/{number}", "customer": ("Acme", "Ångström & Söner")[number % 2], "total": f"{number}.10"}
    for number in range(1, 9)
]
"""Ids with a slash in them, as some systems have them."""


class Api(BaseHTTPRequestHandler):
    """GET /v1/orders gives a page and a link to the next one; PUT /v1/orders/ID/archived takes a note."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path != "/v1/orders":
            self.answer(404, {"error": f"there is nothing at {address.path}"})
            return
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        number, limit = int(asked.get("page", 1)), int(asked.get("limit", 3))
        page = ORDERS[(number - 1) * limit : number * limit]
        following = f'<orders?limit={limit}&page={number + 1}>; rel="next"' if number * limit < len(ORDERS) else None
        self.answer(200, {"orders": page}, following)

    def do_PUT(self) -> None:
        note = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = unquote(self.path.split("/")[3]) in {order["id"] for order in ORDERS}
        self.answer(200 if known else 404, {"archived": note["stored"]})

    def answer(self, status: int, content: object, following: str | None = None) -> None:
        """Send JSON, or 401 to somebody who does not know the key."""
        if self.headers["X-API-Key"] != KEY:
            status, content = 401, {"error": "who are you?"}
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if following:
            self.send_header("Link", following)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing: the command has the terminal."""


def main(command: list[str]) -> int:
    """Serve on a free port, told in ORDERS_API, until the command ends; its exit code."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/v1"
        told = {**os.environ, "ORDERS_API": address}
        return subprocess.run(command, env=told, check=False).returncode  # noqa: S603  # the caller's own command
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
