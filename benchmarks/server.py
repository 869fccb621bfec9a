"""The server that all clients are measured against: rclone's, the fastest that is easily had, on files in memory."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

KEYS = {"AWS_ACCESS_KEY_ID": "benchmarkkey", "AWS_SECRET_ACCESS_KEY": "benchmarksecret", "AWS_REGION": "us-east-1"}
BUCKET = "benchmark"
MEMORY = Path("/dev/shm")


def program(name: str) -> str:
    """A program of the virtual environment's, or of the PATH; not the Python that starts one in a wheel, for 60 ms."""
    package = find_spec(name)
    inside = Path(package.origin).parent / "bin" / name if package and package.origin else None
    if inside and inside.exists():
        return str(inside)
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else name


@contextmanager
def served(place: Path | None = None) -> Iterator[tuple[dict[str, str], Path]]:
    """The environment for clients, and a folder for their files: in memory unless a `place` is given."""
    with tempfile.TemporaryDirectory(dir=place or (MEMORY if MEMORY.is_dir() else None)) as name:
        folder = Path(name)
        (folder / "objects" / BUCKET).mkdir(parents=True)
        port = _free_port()
        keys = f"{KEYS['AWS_ACCESS_KEY_ID']},{KEYS['AWS_SECRET_ACCESS_KEY']}"
        process = subprocess.Popen(
            (program("rclone"), "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", keys, folder / "objects"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            yield {**KEYS, "ENDPOINT": f"http://127.0.0.1:{port}", "BUCKET": BUCKET}, folder
        finally:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server does not start")
