"""`validate`: with the sandbox, and what it advises where a variable is not set."""

import pytest

PROJECT = """\
connections:
  storage: {connector: s3, access_key: "${NO_SUCH_KEY}", secret_key: "${NO_SUCH_SECRET}"}
  inbox: {connector: disk, folder: "${NO_SUCH_FOLDER}/orders"}
operations:
  store: {connector: s3, action: upsert, object_type: acme, tags: {owner: "${NO_SUCH_OWNER}"}}
  find: {connector: disk, action: query}
processes:
  p:
    steps:
      - start: {connection: inbox, operation: find}
      - message: "${NO_SUCH_TEXT}"
      - set_properties: {s3.file_key: key}
      - connector: {connection: storage, operation: store}
"""
ADVICE = [
    "connection 'storage': with --sandbox it needs no variables; --env FILE can give access_key, secret_key",
    "connection 'inbox': --env FILE can give folder",
    "operation 'store': --env FILE can give tags",
    "process 'p': what differs from run to run can be {{ process.NAME }} and --set NAME=VALUE",
]


def test_a_variable_that_is_not_set_is_told_with_what_the_command_line_offers(answer, write):
    path = write("project.yaml", PROJECT)
    done = answer("validate", path)
    assert done.returncode == 2
    assert [line.split()[3] for line in done.stdout.splitlines()] == [
        f"NO_SUCH_{name}" for name in ("KEY", "SECRET", "FOLDER", "OWNER", "TEXT")
    ]
    assert done.stderr.splitlines() == [*ADVICE, "5 problems"]


def test_run_gives_the_same_advice_after_the_problems(answer, write):
    done = answer("run", write("project.yaml", PROJECT))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[5:] == ADVICE


def test_the_sandbox_needs_no_variables_of_s3_connections(answer, write):
    path = write("project.yaml", PROJECT)
    done = answer("validate", path, "--sandbox")
    assert [line.split()[3] for line in done.stdout.splitlines()] == ["NO_SUCH_FOLDER", "NO_SUCH_OWNER", "NO_SUCH_TEXT"]
    assert done.stderr.splitlines() == [*ADVICE[1:], "3 problems"]


def test_what_is_advised_works(answer, write):
    path = write("project.yaml", PROJECT.replace('"${NO_SUCH_TEXT}"', '"{{ process.text }}"'))
    extensions = write(
        "here.env.yaml", "connections:\n  inbox: {folder: .}\noperations:\n  store: {tags: {owner: acme}}\n"
    )
    done = answer("validate", path, "--sandbox", "--env", extensions)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{path}: valid: 2 connections, 2 operations, 1 process\n"
    assert answer("run", path, "--env", extensions, "--sandbox", "--set", "text=hello").returncode == 0


def test_the_sandbox_of_validate_starts_no_server(command, write):
    write("plugins/moto/__init__.py", "raise ImportError('no moto')\n")
    done = command("validate", write("project.yaml", PROJECT.replace("${NO_SUCH_", "${HOME:-")), "--sandbox")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("content", ["connections: [\n", "processes: {p: {steps: [{mesage: a}]}}\n"])
def test_other_problems_bring_no_advice(answer, write, content):
    done = answer("validate", write("project.yaml", content))
    assert (done.returncode, done.stderr) == (2, "1 problem\n")
