"""What tests of several packages share: signals as a terminal has them, and PostgreSQL where it is installed."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

WITH_PASSWORD = "host all locked all scram-sha-256\n"
"""Whoever is called `locked` needs a password; everybody else is let in."""
DEBIAN = "/usr/lib/postgresql/*/bin"


def pytest_configure():
    """In the background, or under nohup, tests and what they start would inherit signals that are ignored."""
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


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
    rules = base / "data" / "pg_hba.conf"
    rules.write_text(WITH_PASSWORD + rules.read_text())
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
