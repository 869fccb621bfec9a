"""A connector that lives outside is installed and used, with nothing of ours changed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*")


@pytest.fixture
def package(tmp_path):
    """A copy of the example."""
    return Path(shutil.copytree(ROOT / "examples" / "connector-weather", tmp_path / "weather", ignore=LEFT_OUT))


@pytest.fixture
def service(package):
    """The address of the example's weather service, in a process of its own."""
    command = [sys.executable, "weather_server.py", "0"]
    server = subprocess.Popen(command, cwd=package, stdout=subprocess.PIPE, text=True)
    yield server.stdout.readline().strip()
    server.kill()
    server.communicate()


@pytest.mark.slow
def test_the_weather_connector_is_installed_and_used(package, service, environment):
    environment.install(package)
    lines = environment.run("process_runner", "connectors", cwd=package).splitlines()
    assert "weather      Weather: observe, stations" in lines
    assert " passed" in environment.run("pytest", "-p", "no:cacheprovider", cwd=package)

    def answer(*arguments):
        return environment.run(
            "process_runner", *arguments, cwd=package, WEATHER_URL=service, WEATHER_KEY="sunny-today"
        )

    assert "network      proven       *** has 3 stations" in answer("test-connection", "example", "service")
    assert answer("browse", "example", "service").split("\n")[:3] == ["Abu Dhabi", "Oslo", "São Paulo"]
    answer("run", "example", "--output", "out")
    assert [path.read_text() for path in (package / "out" / "warnings").iterdir()] == ["frost in Oslo: -3 degrees"]


def test_it_needs_nothing_but_the_sdk():
    (source,) = (ROOT / "examples" / "connector-weather" / "src").rglob("*.py")
    text = source.read_text()
    assert "process_runner" not in text
    assert len([line for line in text.splitlines() if line.strip()]) < 80
