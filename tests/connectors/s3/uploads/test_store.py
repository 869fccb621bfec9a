"""Single requests end as soon as the run is to, also in the middle of their body."""

import socket
import threading

import pytest

from connector_sdk import Cancelled, Payload
from connectors.s3.uploads.slices import MIB

ENOUGH = 1 * MIB


@pytest.fixture
def reader():
    """A server that takes a part of a body, says so, and then the rest if there is one; how much came in all."""
    listening = socket.create_server(("127.0.0.1", 0))
    came, going_on, taken = threading.Event(), threading.Event(), []

    def serve():
        connection, _ = listening.accept()
        with connection:
            total = 0
            while total < ENOUGH:
                total += len(connection.recv(64 << 10))
            came.set()
            going_on.wait(30)
            while more := connection.recv(64 << 10):
                total += len(more)
            taken.append(total)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", came, going_on, taken, thread
    thread.join(30)
    listening.close()


@pytest.mark.parametrize("place", ["memory", "file"])
def test_a_body_of_16_mebibytes_is_not_sent_to_its_end_by_a_run_that_is_to_end(
    store, document, reader, runtime, tmp_path, place
):
    url, came, going_on, taken, thread = reader
    content = Payload(bytes(16 * MIB))
    if place == "file":
        (tmp_path / "content").write_bytes(content.read())
        content = Payload.file(tmp_path / "content")

    def stop():
        came.wait(30)
        runtime.stop()
        going_on.set()

    stopping = threading.Thread(target=stop)
    stopping.start()
    with pytest.raises(Cancelled):
        store.through(url).run("upsert", document("k", content), region="us-east-1")
    stopping.join()
    thread.join(30)

    assert ENOUGH <= taken[0] < 16 * MIB
