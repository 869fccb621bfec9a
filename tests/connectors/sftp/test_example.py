"""The example, from the command line, against a real server."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "sftp-to-s3"
NO_STORAGE = """
connections:
  storage: {access_key: a, secret_key: b, endpoint_url: "http://127.0.0.1:1", retry: {waits: []}}
"""


@pytest.fixture
def command(tmp_path, server, base):
    """Runs a command of the runner on the example, whose partner is the server."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "example"))
    (tmp_path / "no-storage.yaml").write_text(NO_STORAGE)
    partner = {
        "SFTP_HOST": "127.0.0.1",
        "SFTP_PORT": str(server.port),
        "SFTP_USER": server.user,
        "SFTP_PRIVATE_KEY": server.key,
        "SFTP_HOST_KEY": server.host_key,
        "SFTP_FOLDER": str(base),
        "STABLE_FOR": "0.1",
    }

    def run(*arguments):
        told = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), **partner}
        line = [sys.executable, "-m", "process_runner", *arguments]
        return subprocess.run(line, cwd=folder, env=told, capture_output=True, text=True, check=False, timeout=120)

    return run


def paths(base):
    return sorted(str(each.relative_to(base)) for each in base.rglob("*") if each.is_file())


def test_new_files_become_objects_and_are_moved_to_done(command, base):
    (base / "done").mkdir()
    for name in ("orders.csv", "done/orders.csv", "prices.csv", "notes.txt"):
        (base / name).write_text(name)
        os.utime(base / name, (1_769_857_200, 1_769_857_200))

    done = command("run", ".", "--sandbox")

    assert done.returncode == 0, done.stderr
    for line in (
        "2026-01-31/orders.csv is stored, done/orders-1.csv is done",
        "2026-01-31/prices.csv is stored, done/prices.csv is done",
    ):
        assert line in done.stderr
    assert paths(base) == ["done/orders-1.csv", "done/orders.csv", "done/prices.csv", "notes.txt"]
    assert (base / "done/orders.csv").read_text() == "done/orders.csv"


def test_a_file_that_is_not_stored_stays_where_it_was(command, base, tmp_path):
    (base / "orders.csv").write_text("content")

    done = command("run", ".", "--env", str(tmp_path / "no-storage.yaml"))

    assert done.returncode == 1
    assert paths(base) == ["orders.csv"]


def test_its_connection_proves_itself(command, server):
    done = command("test-connection", ".", "partner")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()][:5] == [
        ["settings", "proven"],
        ["network", "proven"],
        ["credentials", "proven"],
        ["permission", "proven"],
        ["permission", "proven"],
    ]
