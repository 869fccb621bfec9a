"""A connector that writes down what is done with it, and a project's text around some steps."""

import json
import shutil
import textwrap
from pathlib import Path

import pytest

from connector_sdk import (
    ApplicationError,
    BatchOperation,
    ConfigError,
    Connection,
    Connector,
    DocumentError,
    Input,
    Operation,
    Result,
    Secret,
    setting,
)
from process_runner.plugins import Registry
from process_runner.plugins import load as installed


class Journal:
    """The client: lines of a file, each a list."""

    def __init__(self, settings):
        self.settings = settings

    def write(self, *words):
        with open(self.settings.journal, "a") as stream:
            stream.write(json.dumps(words) + "\n")


class Recorded(Connection[Journal]):
    """A journal."""

    journal: str = setting("The file.")
    tenant: str = setting("Whose.", "main")
    password: Secret | None = setting("A secret.", None)
    port: int = setting("A number.", 80, ge=1)

    def open(self, runtime):
        if self.tenant == "unknown":
            raise ConfigError(f"no tenant '{self.tenant}'", ("tenant",))
        client = Journal(self)
        client.write("open", self.tenant, self.port)
        return client

    def close(self, client):
        client.write("close", self.tenant, self.port)


def serve(client, request):
    text = request.document.payload.read().decode()
    client.write("serve", client.settings.tenant, text)
    if text.startswith("bad") or request.inputs.get("fail") == "true":
        password = client.settings.password
        raise DocumentError(f"failed, password {password.get_secret_value() if password else 'none'}", "Broken")
    if text.startswith("refused"):
        raise ApplicationError("refused", "403")
    return text


class Write(Operation[Journal]):
    """Answers with what it was given, in capitals."""

    action = "write"
    inputs = (Input("fail", "true fails the document."),)
    sets = ("name",)
    mark: str = setting("What stands at the end.", "", dynamic=True)
    times: int = setting("How often the mark stands there.", 1, ge=1, dynamic=True)

    def execute(self, client, request):
        text = serve(client, request)
        yield request.output(text.upper() + self.mark * self.times, name=f"name of {text}")


class Make(Operation[Journal]):
    """Makes documents."""

    action = "make"
    count: int = setting("How many.", 3, ge=0)

    def execute(self, client, request):
        for number in range(1, self.count + 1):
            yield request.output(json.dumps({"number": number}) if number != 2 else '{"number": 2, "second": true}')


class Erase(Operation[Journal]):
    """Answers with nothing."""

    action = "erase"

    def execute(self, client, request):
        serve(client, request)
        return []


class Ruin(Operation[Journal]):
    """Puts a file in the place of a folder."""

    action = "ruin"
    folder: str = setting("Which.")

    def execute(self, client, request):
        serve(client, request)
        shutil.rmtree(self.folder)
        Path(self.folder).write_text("in the way")
        yield request.output("ruined")


class Together(BatchOperation[Journal]):
    """Serves all that it is given at once."""

    action = "together"
    mark: str = setting("What the journal says.", "batch", dynamic=True)

    def execute_batch(self, client, requests):
        found = list(requests)
        client.write(self.mark, client.settings.tenant, [each.document.payload.read().decode() for each in found])
        for request in found:
            try:
                yield Result(request, [request.output(serve(client, request).upper())])
            except DocumentError as error:
                yield Result(request, error=error)


def recorded():
    """The connector."""
    from connector_sdk import Tracked

    return Connector("rec", "Recorded", Recorded, (Write, Make, Erase, Ruin, Together), (Tracked("name", "A name."),))


@pytest.fixture(scope="session")
def registry():
    """Everything installed, and the recorded connector."""
    found = installed()
    return Registry({**found.connectors, "rec": recorded()}, found.shapes)


@pytest.fixture
def journal(tmp_path):
    """What was done, in order: lists of words, of one kind if that is given."""

    def read(kind=None):
        path = tmp_path / "journal"
        lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [line for line in lines if kind in (None, line[0])]

    return read


@pytest.fixture
def written(tmp_path):
    """A project's text: `steps` of its process, settings of its one connection and of its one operation."""

    def make(steps, operation="action: write", connection="", others=""):
        text = f"""\
connections:
  rec:
    connector: rec
    journal: {tmp_path / "journal"}
    {connection}
operations:
  op:
    connector: rec
{textwrap.indent(textwrap.dedent(operation).strip(), "    ")}
processes:
  main:
    steps:
{textwrap.indent(textwrap.dedent(steps).strip(), "      ")}
"""
        return text + textwrap.indent(textwrap.dedent(others), "  ")

    return make
