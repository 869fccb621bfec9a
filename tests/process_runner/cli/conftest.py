"""The command line as a process of its own, and an S3 server that it starts."""

import json
import logging
import os
import signal
import subprocess
import sys

import pytest

from connector_sdk.fault_proxy import Answer
from process_runner.cli import main

KEYS = {"access_key": "any-access-key", "secret_key": "any-secret-key"}
PLUGIN = """
from connector_sdk import Connection, Connector, Document, Operation, hookimpl, setting

class Open(Connection):
    fails: str = setting("Where it raises.", "never")

    def open(self, runtime):
        if self.fails == "open":
            raise RuntimeError("boom in open")
        return self

    def checks(self, client):
        raise RuntimeError("boom in checks")

class Work(Operation):
    "Raises."
    action = "work"

    def execute(self, client, request):
        raise RuntimeError("boom in execute")

CONNECTOR = Connector("odd", "Odd", Open, (Work,))

@hookimpl
def connectors():
    return [CONNECTOR]
"""


@pytest.fixture
def environment(tmp_path):
    """The variables a command sees: no credentials of this machine, modules of the test's own, crash logs here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    paths = [str(tmp_path / "plugins"), *kept.get("PYTHONPATH", "").split(os.pathsep)]
    crashes = tmp_path / "crashes"
    crashes.mkdir()
    own = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "TMPDIR": str(crashes), "HOME": str(tmp_path)}
    return {**kept, **own, "PYTHONWARNINGS": "error"}


@pytest.fixture
def command(tmp_path, environment):
    """Run `process-runner ARGUMENTS` in the test's folder."""

    def run(*arguments, **more):
        return subprocess.run(
            [sys.executable, "-m", "process_runner", *map(str, arguments)],
            cwd=tmp_path,
            env={**environment, **more.pop("env", {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **more,
        )

    return run


@pytest.fixture
def answer(tmp_path, monkeypatch, capsys):
    """The same inside the test's own process, for what does not depend on the process: much cheaper."""
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run(*arguments):
        capsys.readouterr()
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as ended:
            code = ended.code
        return subprocess.CompletedProcess(arguments, code, *capsys.readouterr())

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def started(tmp_path, environment):
    """Start `process-runner ARGUMENTS` and go on; what still runs at the end of the test is killed."""
    running = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "process_runner", *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def write(tmp_path):
    """Write a file of the project, and give its path."""

    def written(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def process(write):
    """Write a project of one process from its steps in YAML, one step a line, and give its path."""

    def written(*steps, components="", name="p"):
        lines = "".join(f"      - {step}\n" for step in steps)
        return write("project.yaml", f"{components}processes:\n  {name}:\n    steps:\n{lines}")

    return written


@pytest.fixture
def plugin(write):
    """Install a module as a plugin, by an entry point of its own."""

    def install(name, source=PLUGIN):
        write(f"plugins/{name}.py", source)
        write(f"plugins/{name}-1.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        write(f"plugins/{name}-1.dist-info/entry_points.txt", f"[connector_sdk.connectors]\n{name} = {name}\n")

    return install


@pytest.fixture(scope="module")
def s3():
    """The address of a sandbox in a process of its own."""
    server = subprocess.Popen(
        [sys.executable, "-m", "process_runner", "sandbox"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield server.stdout.readline().strip()
    finally:
        server.send_signal(signal.SIGTERM)
        told = server.communicate(timeout=30)
    assert server.returncode == 0, told


@pytest.fixture
def api(s3):
    """A plain client of that server."""
    import boto3

    client = boto3.client(
        "s3", region_name="us-east-1", endpoint_url=s3, aws_access_key_id="a", aws_secret_access_key="b"
    )
    yield client
    client.close()


@pytest.fixture
def storage():
    """A connections section with an S3 connection to an address."""

    def section(url, **settings):
        connection = {"connector": "s3", "endpoint_url": url, "addressing": "path", **KEYS, **settings}
        return f"connections:\n  storage: {json.dumps(connection)}\n"

    return section


@pytest.fixture
def refusal():
    """What S3 answers to a wrong secret key."""
    told = "The request signature we calculated does not match the signature you provided."
    body = f"<Error><Code>SignatureDoesNotMatch</Code><Message>{told}</Message></Error>"
    return Answer(403, (("Content-Type", "application/xml"),), body.encode())
