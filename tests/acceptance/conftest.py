"""The product as a user has it: the command line in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNNER = [sys.executable, "-m", "process_runner"]


@dataclass(frozen=True)
class Answer:
    """What a command left behind; `peak` is its memory in bytes."""

    code: int
    stdout: str
    stderr: str
    peak: int

    @property
    def summary(self):
        return json.loads(self.stdout)


def run(*arguments, cwd, **environment):
    """Run `process-runner` with these arguments and wait for it."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with (cwd / ".out").open("w+b") as out, (cwd / ".err").open("w+b") as err:
        process = subprocess.Popen([*RUNNER, *map(str, arguments)], cwd=cwd, env=given, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Answer(process.returncode, out.read().decode(), err.read().decode(), usage.ru_maxrss * 1024)


@pytest.fixture(scope="session")
def runner():
    """The command line."""
    return run


@pytest.fixture
def store():
    """An S3 server in a process of its own; gives its endpoint."""
    process = subprocess.Popen(
        [*RUNNER, "sandbox"], cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    yield process.stdout.readline().strip()
    process.terminate()
    assert process.wait(timeout=60) == 0
    process.stdout.close()
