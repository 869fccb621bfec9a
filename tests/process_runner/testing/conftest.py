"""Test files with a project beside them, and the command that runs them."""

import subprocess
import sys
import textwrap

import pytest


@pytest.fixture
def tested(tmp_path):
    """Writes a project and its tests, and runs the command; gives what it printed and its exit code."""

    def run(project, tests, *arguments, path="project"):
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        (folder / "p.yaml").write_text(textwrap.dedent(project), encoding="utf-8")
        (folder / "p.test.yaml").write_text(textwrap.dedent(tests), encoding="utf-8")
        command = [sys.executable, "-m", "process_runner", "test", path, *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    return run
