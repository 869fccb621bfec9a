"""Stores to test against: SQLite files, and a PostgreSQL server where one is installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

DEBIAN = "/usr/lib/postgresql/*/bin"


@pytest.fixture(scope="session")
def postgres():
    """The URL of an empty PostgreSQL database on a free loopback port."""
    programs = [*sorted(Path("/").glob(DEBIAN.lstrip("/")), reverse=True), Path(shutil.which("initdb") or "/").parent]
    folder = next((each for each in programs if (each / "initdb").exists()), None)
    if folder is None:
        pytest.skip("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory(prefix="postgres-") as base:
        yield from _serving(folder, Path(base))


def _serving(programs, base):
    # PostgreSQL refuses to run as root
    user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None
    if user is not None:
        os.chown(base, user, -1)
    initdb = [programs / "initdb", "-D", base / "data", "-U", "runner", "--auth=trust", "--no-sync"]
    subprocess.run(initdb, check=True, user=user, capture_output=True, cwd=base)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    control = [programs / "pg_ctl", "-D", base / "data", "-w", "-l", base / "log"]
    start = [*control, "-o", f"-p {port} -h 127.0.0.1 -k {base} -F", "start"]
    subprocess.run(start, check=True, user=user, stdout=subprocess.DEVNULL, cwd=base)
    try:
        yield f"postgresql://runner:secret-word@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, user=user, capture_output=True, cwd=base)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The URL of a store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.sqlite'}"
    return request.getfixturevalue("postgres")
