"""Stores to test against: SQLite files, and a PostgreSQL server where one is installed."""

import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

DEBIAN = "/usr/lib/postgresql/*/bin"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The URL of an empty PostgreSQL database on a free loopback port."""
    programs = [*sorted(Path("/").glob(DEBIAN.lstrip("/")), reverse=True), Path(shutil.which("initdb") or "/").parent]
    folder = next((each for each in programs if (each / "initdb").exists()), None)
    if folder is None:
        pytest.skip("PostgreSQL is not installed")
    base = tmp_path_factory.mktemp("postgres")
    user = _unprivileged(base)
    subprocess.run(
        [folder / "initdb", "-D", base / "data", "-U", "runner", "--auth=trust", "--no-sync"],
        check=True,
        user=user,
        capture_output=True,
        cwd=base,
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -h 127.0.0.1 -k {base} -F"
    control = [folder / "pg_ctl", "-D", base / "data", "-w", "-l", base / "log"]
    subprocess.run([*control, "-o", options, "start"], check=True, user=user, stdout=subprocess.DEVNULL, cwd=base)
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


def _unprivileged(base):
    # PostgreSQL refuses to run as root; the folders of pytest belong to root alone
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("postgres")
    os.chown(base, account.pw_uid, account.pw_gid)
    for folder in (base.parent, base.parent.parent):
        folder.chmod(0o711)
    return account.pw_uid
