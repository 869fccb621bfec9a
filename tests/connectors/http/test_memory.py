"""What the connector holds in memory."""

import tracemalloc

import pytest

from connector_sdk import Payload, Request
from connectors.http import CONNECTOR

MIB = 1 << 20


@pytest.fixture
def measured():
    """Measures the most memory held at once, in bytes."""
    tracemalloc.start()
    tracemalloc.reset_peak()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.fixture
def served_lazily(api, document):
    """The documents of an operation as an engine takes them, one by one."""
    opened = []

    def serve(action, **options):
        connection = CONNECTOR.connection.load({"url": api.url})
        operation = CONNECTOR.actions[action].load(options)
        client = connection.open(api.runtime)
        opened.append((connection, client))
        request = Request(document(), "http", api.runtime, {}, frozenset(operation.sets))
        return operation.execute(client, request)

    yield serve
    for connection, client in opened:
        connection.close(client)


def test_a_hundred_mebibytes_come_and_go_in_a_few(api, reply, document, measured):
    api.server.keeps = 0
    api.on("/x", reply(200, b"", (("Content-Length", str(100 * MIB)),)))
    send_body = api.server.RequestHandlerClass.send_body

    def stream(handler, answer):
        if handler.command == "GET":
            for _ in range(100):
                handler.wfile.write(bytes(MIB))
        else:
            send_body(handler, answer)

    api.server.RequestHandlerClass = type("Streaming", (api.server.RequestHandlerClass,), {"send_body": stream})

    found = api.one("get", path="x")
    api.on("/x", reply(204))
    api.one("send", document(found.payload), path="x")

    assert found.payload.size == 100 * MIB
    assert measured() < 16 * MIB


def test_pages_of_any_number_take_the_memory_of_one(api, reply, served_lazily, measured):
    page = b'[{"id": "' + b"x" * 50_000 + b'"}]'

    def answer(asked):
        number = int(asked.query.partition("=")[2] or 1)
        api.asked.clear()
        return reply(200, page, (("Link", f"<?page={number + 1}>; rel=next"),) if number < 300 else ())

    api.on("/items", answer)
    documents = served_lazily("get", path="items", paging={"kind": "link_header"}, records="$")
    for _ in range(30):
        next(documents)
    few = measured()

    rest = sum(1 for _ in documents)

    assert rest == 270
    assert measured() < few * 2


def test_a_page_is_asked_for_when_it_is_needed(api, reply, served_lazily):
    api.on("/items", reply(200, b"[1, 2]", (("Link", "<?page=2>; rel=next"),)), reply(200, b"[3]"))
    documents = served_lazily("get", path="items", paging={"kind": "link_header"}, records="$")

    assert [next(documents).payload.read(), next(documents).payload.read()] == [b"1", b"2"]
    assert len(api.asked) == 1
    assert next(documents).payload.read() == b"3"
    assert len(api.asked) == 2


def test_a_page_that_is_too_large_for_its_records_is_told(api, reply, monkeypatch):
    monkeypatch.setattr("connectors.http.paging.page.LARGEST", 10)
    api.on("/items", reply(200, b"[1, 2, 3, 4]"))

    error = api.error("get", path="items", records="$")

    assert (error.code, str(error)) == (
        "TooLarge",
        "page 1 has 12 bytes; 10 are read for records or links: ask for smaller pages",
    )
    assert isinstance(api.one("get", path="items").payload, Payload)
