"""What `new connector` makes installs, keeps the contract, and appears at once."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from process_runner.scaffold import TEMPLATE, rendered

NAMES = ("ox", "acme-crm", "a-name-of-thirty-letters-in-it")
TOOLS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy", "--cache-dir", ".cache"],
}


@pytest.fixture
def new(tmp_path):
    """Run `process-runner new connector NAME`, and give its folder."""

    def make(name, *arguments):
        command = [sys.executable, "-m", "process_runner", "new", "connector", name, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return make


@pytest.mark.slow
def test_a_new_connector_installs_passes_its_tests_and_runs(new, environment, tmp_path):
    told = new("acme-crm", "--path", "plugins")
    folder = tmp_path / "plugins" / "connector-acme-crm"
    assert told.startswith("made plugins/connector-acme-crm; what to do next:\n  cd plugins/connector-acme-crm\n")
    environment.install(folder)
    lines = environment.run("process_runner", "connectors", cwd=tmp_path).splitlines()
    assert "acme_crm     Acme Crm: fetch, send" in lines
    assert " passed" in environment.run("pytest", "-p", "no:cacheprovider", cwd=folder)
    shown = environment.run("process_runner", "test-connection", "example", "notes", cwd=folder)
    assert "network      proven       notes.db holds 0 notes" in shown
    environment.run("process_runner", "run", "example", "--output", "out", cwd=folder)
    assert sorted(path.read_text() for path in (folder / "out" / "notes").iterdir()) == ["Ada", "Grace"]


@pytest.mark.parametrize(
    ("tool", "name"), [("mypy", "acme-crm"), *itertools.product(("ruff check", "ruff format"), NAMES)]
)
def test_a_new_connector_is_clean_and_typed(tool, name, new, tmp_path):
    new(name)
    folder = tmp_path / f"connector-{name}"
    command = [sys.executable, "-m", *TOOLS[tool]]
    environment = {"MYPYPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_of_the_parrot_stays(new, tmp_path):
    new("acme-crm")
    made = [path for path in (tmp_path / "connector-acme-crm").rglob("*") if path.is_file()]
    assert len(made) > 10
    for path in made:
        assert "parrot" not in f"{path.relative_to(tmp_path)} {path.read_text()}".lower()


def test_the_template_is_a_connector_itself():
    files = dict(rendered("parrot"))
    assert Path("connector.schema.json") in files
    assert files == {path: (TEMPLATE / path).read_text() for path in files}


def test_the_process_in_the_readme_is_the_example():
    example = (TEMPLATE / "example" / "process.yaml").read_text()
    assert f"```yaml\n{example}```" in (TEMPLATE / "README.md").read_text()
