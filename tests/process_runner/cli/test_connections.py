"""`test-connection` and `browse`, and what a run tells of an S3 server that refuses, is down, or lacks the bucket."""

import json
import logging
import socket

import pytest

from connector_sdk.fault_proxy import FaultProxy, Rule

AT_ONCE = {"waits": [0]}
GET = "operations:\n  fetch: {connector: s3, action: get, object_type: no-such-bucket}\n"
STEPS = ("start: {documents: [a, b]}", "connector: {connection: storage, operation: fetch, parameters: {id: key}}")


@pytest.fixture(scope="module")
def strict():
    """An S3 server whose buckets are not made on demand."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()
    moto._server.server_close()


@pytest.fixture
def nobody():
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


def test_a_connection_that_works_is_proven(command, s3, write, storage):
    done = command("test-connection", write("project.yaml", storage(s3)), "storage")
    assert (done.returncode, done.stderr) == (0, "")
    assert "bucket" in done.stdout


def test_browse_lists_the_buckets_and_the_dynamic_one(command, s3, api, write, storage):
    api.create_bucket(Bucket="orders")
    done = command("browse", write("project.yaml", storage(s3)), "storage")
    assert (done.returncode, done.stderr) == (0, "")
    assert {"dynamic-bucket", "orders"} <= set(done.stdout.split())


def test_browse_lists_the_folders_of_a_disk(answer, write):
    write("data/in/a.txt", "")
    done = answer("browse", write("project.yaml", "connections:\n  d: {connector: disk, folder: data}\n"), "d")
    assert done.returncode == 0
    assert "in" in done.stdout.split()


def test_browse_of_a_connection_without_object_types_says_so_beside_stdout(answer, tmp_path, write):
    (tmp_path / "data").mkdir()
    done = answer("browse", write("project.yaml", "connections:\n  d: {connector: disk, folder: data}\n"), "d")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "connection 'd' offers no object types; see: describe disk\n"


def test_a_name_that_is_browsed_takes_one_line(answer, tmp_path, write):
    (tmp_path / "data" / "a\nb\x1b[2J").mkdir(parents=True)
    done = answer("browse", write("project.yaml", "connections:\n  d: {connector: disk, folder: data}\n"), "d")
    assert done.stdout == "a\\nb\\x1b[2J\n"


def test_test_connection_with_the_sandbox_needs_no_keys(command, write):
    path = write("project.yaml", "connections:\n  s: {connector: s3, access_key: '${NO_SUCH_VARIABLE}'}\n")
    assert command("test-connection", path, "s").returncode == 2
    assert command("test-connection", path, "s", "--sandbox").returncode == 0


@pytest.mark.parametrize("name", ["test-connection", "browse"])
def test_wrong_keys_are_told_with_the_words_of_s3(answer, s3, write, storage, refusal, name):
    with FaultProxy(s3, Rule(refusal)) as proxy:
        done = answer(name, write("project.yaml", storage(proxy.url)), "storage")
    told = done.stdout + done.stderr
    assert done.returncode == 1
    assert "SignatureDoesNotMatch" in told
    assert "any-secret-key" not in told
    assert "any-access-key" not in told


def test_the_layer_that_fails_says_what_to_do_and_the_next_are_not_reached(answer, nobody, write, storage):
    done = answer("test-connection", write("project.yaml", storage(nobody, retry=AT_ONCE)), "storage")
    assert done.returncode == 1
    settings, network, advice, credentials, permission = done.stdout.splitlines()
    assert settings.split() == ["settings", "proven", "the", "settings", "are", "valid"]
    assert network.split()[:2] == ["network", "failed"]
    assert nobody.removeprefix("http://") in network
    assert advice.split("what to do:")[1].strip().startswith("correct endpoint_url")
    assert credentials.split() == ["credentials", "not", "reached"]
    assert permission.split() == ["permission", "not", "reached"]
    assert "Traceback" not in done.stdout + done.stderr


def run(answer, process, storage, url):
    done = answer("run", process(*STEPS, components=storage(url, retry=AT_ONCE) + GET), "--json")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def test_a_run_with_wrong_keys_stops_with_one_reason(answer, s3, process, storage, refusal):
    with FaultProxy(s3, Rule(refusal)) as proxy:
        summary = run(answer, process, storage, proxy.url)
    assert summary["status"] == "error"
    assert "SignatureDoesNotMatch" in summary["failures"][0]["code"] + summary["failures"][0]["message"]
    assert "any-secret-key" not in json.dumps(summary)


def test_a_run_against_a_server_that_is_down_is_told(answer, nobody, process, storage):
    summary = run(answer, process, storage, nobody)
    assert summary["status"] == "error"
    assert nobody.removeprefix("http://") in summary["failures"][0]["message"]


def test_a_run_with_a_bucket_that_does_not_exist_is_told_per_document(answer, strict, process, storage):
    summary = run(answer, process, storage, strict)
    assert [each["code"] for each in summary["failures"]] == ["NoSuchBucket", "NoSuchBucket"]
    assert "no-such-bucket" in summary["failures"][0]["message"]
    assert summary["documents"] == {"in": 2, "out": 0, "failed": 2}


def test_a_sandbox_that_is_not_installed_says_what_to_install(command, process, write):
    write("plugins/moto/__init__.py", "raise ImportError('no moto')\n")
    done = command("run", process("message: a"), "--sandbox")
    assert done.returncode == 2
    assert "pip install 'process-runner[sandbox]'" in done.stderr


def test_a_process_test_that_needs_the_sandbox_says_what_to_install(command, process, write):
    write("plugins/moto/__init__.py", "raise ImportError('no moto')\n")
    process("message: a", components="connections:\n  s: {connector: s3, authentication: anonymous}\n")
    tests = "project: project.yaml\nprocess: p\ntests:\n  - {name: a, sandbox: {buckets: {some-bucket: {}}}}\n"
    done = command("test", write("p.test.yaml", tests))
    assert (done.returncode, "pip install 'process-runner[sandbox]'" in done.stderr) == (2, True), done


TELLING = """
from connector_sdk import Check, Connection, Connector, Operation, hookimpl, setting

class Telling(Connection):
    password: str = setting("A password.")

    def open(self, runtime):
        return self

    def checks(self, client):
        return [Check("credentials", lambda: f"signed in with {self.password}", "sign in")]

    def browse(self, client):
        return [self.password]

class Work(Operation):
    "Works."
    action = "work"

@hookimpl
def connectors():
    return [Connector("telling", "Telling", Telling, (Work,))]
"""


@pytest.mark.parametrize("asked", ["test-connection", "browse"])
def test_what_a_connection_answers_is_shown_without_secrets(command, plugin, write, asked):
    plugin("telling", TELLING)
    path = write("project.yaml", 'connections:\n  c: {connector: telling, password: "${TOKEN}"}\n')
    done = command(asked, path, "c", env={"TOKEN": "hunter2-very-secret"})
    assert done.returncode == 0, done.stderr
    assert "***" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
