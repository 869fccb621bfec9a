import json
import os
import subprocess
import sys

import pytest

PROJECT = """
processes:
  count:
    steps:
      - message: "{{ sequence('runs') }} {{ execution.last_successful_run | default('never') }}"
      - return_documents: all
"""


@pytest.fixture
def counted(tmp_path):
    """Runs the process, and gives what it returned and where state was kept."""
    (tmp_path / "count.yaml").write_text(PROJECT)

    def run(*arguments, **environment):
        given = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), **environment}
        command = [sys.executable, "-m", "process_runner", "run", "count.yaml", "--json", "--output", "out", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=given, capture_output=True, text=True, check=False)
        assert json.loads(done.stdout)["status"] == "complete", done.stdout + done.stderr
        (returned,) = (tmp_path / "out" / "all").iterdir()
        return returned.read_text().split(" ")

    return run


def test_state_is_kept_in_the_users_state_folder(counted, tmp_path):
    assert counted() == ["1", "never"]
    number, last = counted()
    assert (number, last[:2]) == ("2", "20")
    (kept,) = (tmp_path / "state" / "process-runner").glob("*.sqlite")
    assert kept.name.startswith("count-")


def test_the_environment_chooses_another_store_and_the_command_line_wins(counted, tmp_path):
    first, second = (f"sqlite:///{tmp_path}/{name}.sqlite" for name in ("first", "second"))
    assert counted(PROCESS_RUNNER_STORE=first) == ["1", "never"]
    assert counted("--store", second, PROCESS_RUNNER_STORE=first) == ["1", "never"]
    assert counted("--store", first)[0] == "2"
    assert not (tmp_path / "state").exists()


def test_runs_at_once_get_different_numbers(tmp_path):
    (tmp_path / "count.yaml").write_text(PROJECT)
    command = [sys.executable, "-m", "process_runner", "run", "count.yaml", "--store", "sqlite:///kept.sqlite"]
    started = [
        subprocess.Popen([*command, "--output", f"out-{number}"], cwd=tmp_path, stdout=subprocess.DEVNULL)
        for number in range(4)
    ]
    assert [each.wait(timeout=120) for each in started] == [0] * 4
    numbers = [path.read_text().split(" ")[0] for path in sorted(tmp_path.glob("out-*/all/*"))]
    assert sorted(numbers) == ["1", "2", "3", "4"]
