"""Runs that nobody watches: from cron, in a unit, with streams that are closed or cannot be written."""

import json
import os
import pty
import subprocess
import sys

import pytest

RUN = f"{sys.executable} -m process_runner run project.yaml"
MANY = (
    "start: {documents: [a, b]}",
    "notify: {level: warning, text: careful}",
    "name: " + "x" * 100 + "\n        message: a",
)


@pytest.fixture
def shell(tmp_path, environment):
    """Run a line of a shell in the test's folder, with hardly any variables, as cron does."""

    def run(line, **variables):
        bare = {name: environment[name] for name in ("HOME", "TMPDIR", "PYTHONPATH", "PYTHONWARNINGS")}
        return subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=tmp_path,
            env={**bare, "PATH": "/usr/bin:/bin", **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_what_is_no_terminal_gets_no_colours_and_no_progress(shell, process):
    process(*MANY)
    done = shell(RUN, TERM="xterm-256color")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert [line.split()[-1] for line in done.stderr.splitlines()] == ["careful", "careful"]
    (step,) = [line for line in done.stdout.splitlines() if line.startswith("x")]
    assert step.split()[:2] == ["x" * 100, "2"]


def test_a_terminal_gets_them(process, tmp_path, environment):
    process(*MANY)
    terminal, inside = pty.openpty()
    run = subprocess.Popen(
        RUN.split(), cwd=tmp_path, env={**environment, "TERM": "xterm-256color"}, stdout=inside, stderr=inside
    )
    os.close(inside)
    told = b""
    try:
        while chunk := os.read(terminal, 65536):
            told += chunk
    except OSError:
        pass  # how a terminal ends
    os.close(terminal)
    assert run.wait(60) == 0
    assert b"\x1b[33mcomplete with warnings\x1b[0m" in told


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_any_locale_takes_any_text(shell, process, locale):
    process("start: {documents: [é☃]}", "notify: '{{ document.text }}'", "exception: '{{ document.text }}'")
    done = shell(f"{RUN} --json", LC_ALL=locale)
    assert json.loads(done.stdout)["failures"][0]["message"] in ("é☃", r"\xe9\u2603")
    assert done.returncode == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("form", ["", "--json"])
def test_a_stream_that_is_closed_changes_nothing_else(shell, process, closed, form):
    process(*MANY, "exception: no good")
    done = shell(f"{RUN} {form} {closed}")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert ("no good" in done.stdout) == (">&-" not in closed.replace("2>&-", ""))
    assert ("no good" in done.stderr) == ("2>&-" not in closed)


@pytest.mark.parametrize(
    ("command", "code"),
    [("run project.yaml", 0), ("run project.yaml --json", 0), ("validate project.yaml", 0), ("test .", 1)],
)
def test_a_full_disk_behind_stdout_is_told_and_the_exit_code_stays(shell, process, write, command, code):
    process("message: a")
    write("p.test.yaml", "tests: [{name: one, expect: {status: error}}]")
    done = shell(f"{sys.executable} -m process_runner {command} > /dev/full")
    assert done.returncode == code
    assert "process-runner: cannot write to stdout: No space left on device\n" in done.stderr
    assert "defect" not in done.stderr


def test_a_full_disk_behind_stderr_stops_no_run(shell, process):
    process(*MANY)
    done = shell(f"{RUN} --json 2> /dev/full")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "complete_with_warnings")
