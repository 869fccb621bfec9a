"""Real files in a temporary folder, and the connector over them."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from connector_sdk import Document, DocumentError, Payload
from connector_sdk.testing import run, runtime
from connectors.disk import CONNECTOR

NOBODY = 65534


@pytest.fixture
def base(tmp_path):
    folder = tmp_path / "base"
    folder.mkdir()
    return folder


@pytest.fixture
def within():
    with runtime() as each:
        yield each


@pytest.fixture
def document():
    """A document from a content and tracked properties of the connector."""

    def make(content=b"", payload=None, **tracked):
        return Document(payload or Payload(content), tracked={f"disk.{name}": value for name, value in tracked.items()})

    return make


@pytest.fixture
def serve(base, within, document):
    """Run an action on documents (one empty document without any) and give the results."""

    def run_action(action, *documents, id=None, folder=None, **settings):
        parameters = {} if id is None else {"id": id}
        connection = {"folder": str(folder or base)}
        return run(
            CONNECTOR, connection, {"action": action, **settings}, documents or (document(),), parameters, within=within
        )

    return run_action


@pytest.fixture
def made(serve):
    """The documents that an action gives; its first error is raised."""

    def outcome(*arguments, **settings):
        results = serve(*arguments, **settings)
        for result in results:
            if result.error:
                raise result.error
        return [each for result in results for each in result.documents]

    return outcome


@pytest.fixture
def code(serve):
    """The code of the error that an action on one document ends with, after a look at its message."""

    def outcome(*arguments, **settings):
        (result,) = serve(*arguments, **settings)
        assert isinstance(result.error, DocumentError), f"no error but {result.documents}"
        assert str(result.error)
        return result.error.code

    return outcome


@pytest.fixture
def others_folder():
    """A folder that everybody can reach: the parents of pytest's own are closed to other users."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def without_privileges():
    """A block without the right to ignore permissions, which root has."""

    @contextmanager
    def dropped():
        if os.geteuid():
            yield
            return
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)

    return dropped
