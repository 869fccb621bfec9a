"""Each outcome has its exit code, and no outcome is a bare traceback."""

import re
import socket
from pathlib import Path

import pytest


def test_0_where_no_document_failed(command, process):
    done = command("run", process("message: hello"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "complete" in done.stdout


def test_0_where_a_warning_was_written(answer, process):
    done = answer("run", process("notify: {level: warning, text: careful}"))
    assert done.returncode == 0
    assert "complete with warnings" in done.stdout
    assert "WARNING p / notify: careful" in done.stderr


def test_1_where_a_document_failed(command, process):
    done = command("run", process("exception: no good"))
    assert done.returncode == 1
    assert "document 1 failed at 'exception': Exception: no good" in done.stdout


def test_1_where_the_process_stopped(answer, process):
    done = answer("run", process("exception: {message: no good, stop: process}"))
    assert done.returncode == 1
    assert "no good" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "required: COMMAND"),
        (("walk",), "invalid choice: 'walk'"),
        (("run",), "required: PATH"),
        (("run", "nowhere.yaml"), "nowhere.yaml:1:1: there is no such file or folder"),
        (("run", "project.yaml", "q"), "no process 'q' in the project; known: p"),
        (("run", "project.yaml", "--set", "name"), "--set takes NAME=VALUE, got 'name'"),
        (("run", "project.yaml", "--set", "=value"), "--set takes NAME=VALUE, got '=value'"),
        (("run", "project.yaml", "--env", "nowhere.yaml"), "nowhere.yaml:1:1: cannot read the file"),
        (("run", "project.yaml", "--input", "project.yaml"), "--input has no reader"),
        (("run", "project.yaml", "--output", "project.yaml"), "--output project.yaml cannot be a folder"),
        (("validate", "."), "1 problem"),
        (("describe", "s4"), "no connector 's4'"),
        (("describe", "disk", "qery"), "no action 'qery'; did you mean 'query'?"),
        (("test-connection", "project.yaml", "inbox"), "no connection 'inbox'"),
        (("browse", "project.yaml", "inbox"), "no connection 'inbox'"),
        (("schema", "--check"), "needs the FOLDER"),
        (("schema", "project.yaml"), "cannot write project.yaml"),
        (("sandbox", "--port", "70000"), "port 70000 cannot be used: ports are 1 to 65535"),
    ],
)
def test_2_where_nothing_can_run(answer, process, write, arguments, told):
    process("message: hello")
    if arguments[0:1] == ("validate",):
        write("wrong.yaml", "process: {}\n")
    done = answer(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_2_tells_every_problem_on_stderr_and_leaves_stdout_empty(command, process):
    done = command("run", process("mesage: hello", "notify: {txt: a}"), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == ["4", "5"]


@pytest.mark.parametrize(
    ("fails", "step", "culprit"),
    [
        ("never", "connector: {connection: c, operation: o}", "connector 'odd', operation 'work', raised RuntimeError"),
        ("open", "connector: {connection: c, operation: o}", "connector 'odd', opening connection 'c', raised Runtime"),
    ],
)
def test_70_names_the_plugin_the_step_and_a_log_file(command, process, plugin, fails, step, culprit):
    plugin("odd")
    components = (
        f"connections:\n  c: {{connector: odd, fails: {fails}}}\noperations:\n  o: {{connector: odd, action: work}}\n"
    )
    done = command("run", process(step, components=components))
    assert done.returncode == 70
    assert culprit in done.stdout
    assert "'connector'" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    (log,) = re.findall(r"details of the defect are in (\S+)", done.stderr)
    assert "RuntimeError: boom" in Path(log).read_text()


def test_70_where_a_connection_test_raises(command, write, plugin):
    plugin("odd")
    done = command("test-connection", write("project.yaml", "connections:\n  c: {connector: odd}\n"), "c")
    assert done.returncode == 70
    assert "c: connector 'odd' raised RuntimeError: boom in checks; the details are in " in done.stderr
    assert "RuntimeError: boom" in Path(done.stderr.split()[-1]).read_text()


def test_70_in_the_runner_itself_names_a_log_file(command, process, write):
    path = process("message: hello")
    write("plugins/sitecustomize.py", "import process_runner.language.loader as l\nl.load = lambda *_: 1 / 0\n")
    done = command("validate", path)
    assert done.returncode == 70
    assert done.stderr.startswith("process-runner: a defect in the runner; the details are in ")
    assert "ZeroDivisionError" in Path(done.stderr.split()[-1]).read_text()


def test_2_where_the_port_of_the_sandbox_is_taken(answer):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = answer("sandbox", "--port", port)
    assert done.returncode == 2
    assert f"port {port} cannot be used: Address already in use" in done.stderr


def test_2_where_several_processes_need_a_name(answer, write):
    steps = "{steps: [message: a]}"
    path = write("project.yaml", f"processes:\n  p: {steps}\n  q: {steps}\n")
    done = answer("run", path)
    assert done.returncode == 2
    assert done.stderr == "process-runner: name one of the project's 2 processes: p, q\n"
    assert answer("run", path, "q").returncode == 0


def test_2_where_a_project_has_no_process(answer, write):
    done = answer("run", write("project.yaml", "connections:\n  a: {connector: disk, folder: .}\n"))
    assert done.returncode == 2
    assert "the project has no process" in done.stderr
