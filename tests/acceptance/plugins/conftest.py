"""Connectors of other people, installed into an environment of their own."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


class Environment:
    """A new environment that sees this one's libraries and the runner, but not what it has installed."""

    def __init__(self, folder):
        self.folder = folder
        self.python = folder / "bin" / "python"
        venv.create(folder, with_pip=False)
        (packages,) = folder.glob("lib/python*/site-packages")
        (packages / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n")

    def install(self, package):
        """Install a package as its author would, without a network."""
        pip = [sys.executable, "-m", "pip", "--python", self.python]
        options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
        command = [*pip, "install", *options, "--editable", package]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, *arguments, cwd, **variables):
        """Run `python -m ARGUMENTS` in a folder, and give what it prints on stdout."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
        command = [self.python, "-m", *map(str, arguments)]
        variables = {**kept, **variables}
        done = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, timeout=280, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def environment(tmp_path):
    return Environment(tmp_path / "environment")
