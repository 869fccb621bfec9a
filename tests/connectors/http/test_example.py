"""The example, from the command line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "http-to-s3"


@pytest.fixture
def command(tmp_path):
    """Runs a command of the runner while the example's API serves; its exit code, its output, and its errors."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "example"))

    def run(*arguments, **environment):
        given = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        runner = [sys.executable, "orders_api.py", sys.executable, "-m", "process_runner", *arguments]
        told = {**given, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), **environment}
        return subprocess.run(runner, cwd=folder, env=told, capture_output=True, text=True, check=False, timeout=120)

    return run


def test_every_order_is_fetched_stored_and_confirmed(command):
    done = command("run", ".", "--sandbox", "--json")

    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["status"], summary["documents"]) == ("complete", {"in": 1, "out": 8, "failed": 0})
    for line in (
        'page 1: order A/2, {"archived": "fetched-orders/Acme/A/2.json"}',
        'page 3: order A/8, {"archived": "fetched-orders/Acme/A/8.json"}',
    ):
        assert line in done.stderr


def test_a_wrong_key_stops_it_before_anything_is_stored(command):
    done = command("run", ".", "--sandbox", "--json", ORDERS_API_KEY="wrong-key")

    assert done.returncode == 1
    summary = json.loads(done.stdout)
    assert summary["documents"]["out"] == 0
    assert "401 Unauthorized" in done.stderr
    assert "wrong-key" not in done.stdout + done.stderr


def test_the_connection_proves_itself(command):
    done = command("test-connection", ".", "orders-api")

    assert done.returncode == 0, done.stderr
    assert "credentials  proven" in done.stdout
    assert "failed" in command("test-connection", ".", "orders-api", ORDERS_API_KEY="wrong-key").stdout


def test_its_process_tests_pass(command):
    done = command("test", ".")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 of 7 steps reached" in done.stdout
