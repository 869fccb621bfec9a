"""A weather service on this machine: `python weather_server.py 8000` serves until it is stopped."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

KEY = "sunny-today"
STATIONS = {"Oslo": {"temperature": -3}, "Abu Dhabi": {"temperature": 34}, "São Paulo": {"temperature": 21}}


class Handler(BaseHTTPRequestHandler):
    """Knows the stations and what each observes."""

    def do_GET(self) -> None:
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self.send_error(401)
        elif self.path == "/stations":
            self._answer(sorted(STATIONS))
        elif (name := unquote(self.path.removeprefix("/stations/").removesuffix("/now"))) in STATIONS:
            self._answer({"station": name, **STATIONS[name]})
        else:
            self.send_error(404, "No such station")

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def _answer(self, value: object) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(port: int = 0) -> Iterator[str]:
    """The address of a service that ends with the block."""
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


if __name__ == "__main__":
    with served(int(sys.argv[1])) as url:
        print(url, flush=True)
        threading.Event().wait()
