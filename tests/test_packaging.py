"""The wheel holds all that is needed: installed into an environment of its own, it works from any folder."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from process_runner.scaffold import rendered

TEMPLATE = "process_runner/scaffold/connector-parrot/"
ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "archive-orders"

pytestmark = pytest.mark.slow


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The console script in an environment that has the wheel, and sees the other libraries of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    run(sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet", "--no-deps", wheel)
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "process-runner"


@pytest.fixture
def answer(installed, tmp_path):
    """Run the console script in another folder, with no trace of the sources in its environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AWS_"))}
    return lambda *arguments, cwd=tmp_path: run(installed, *map(str, arguments), cwd=cwd, env=environment)


def test_the_wheel_holds_the_packages_and_the_schemas_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"connector_sdk", "connectors", "process_runner"}
    assert {f"process_runner/schemas/{each.name}" for each in (ROOT / "schemas").glob("*.json")} <= set(names)
    ours = [name for name in names if not name.startswith(TEMPLATE)]
    assert not [name for name in ours if name.endswith(".pyc") or "/tests/" in name]


def test_the_wheel_holds_the_template_of_new_connectors(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name.removeprefix(TEMPLATE) for name in archive.namelist() if name.startswith(TEMPLATE)}
    assert packed == {str(path) for path, _ in rendered("parrot")}


def test_the_schemas_in_the_wheel_are_those_of_the_sources(wheel):
    with zipfile.ZipFile(wheel) as archive:
        for each in (ROOT / "schemas").glob("*.json"):
            assert archive.read(f"process_runner/schemas/{each.name}") == each.read_bytes()


def test_the_console_script_is_that_of_the_wheel(answer, installed):
    assert answer("--version").startswith("process-runner ")
    python = installed.with_name("python")
    place = run(python, "-c", "import process_runner; print(process_runner.__file__)", cwd=installed.parent)
    assert place.startswith(str(installed.parents[1]))


def test_connectors_are_found_by_their_entry_points(answer):
    assert {"disk", "http", "s3"} <= {line.split()[0] for line in answer("connectors").splitlines()}


def test_the_example_runs_in_the_sandbox_from_another_folder(answer):
    summary = json.loads(answer("run", ".", "--sandbox", "--json", cwd=EXAMPLE))
    assert summary["status"] == "complete"
    assert summary["documents"]["out"] > 0
