"""Requests that cannot be sent, and answers that cannot be believed: as with botocore, no leaked wire."""

import contextlib
import io
import socket
import threading

import pytest
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.parsers import ResponseParserError

from connector_sdk import DocumentError

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
ERROR = b"<Error><Code>SlowDown</Code></Error>"
PUT = {"Bucket": "bucket", "Key": "k", "Body": b"x"}


@pytest.mark.parametrize("method", ["put_object", "get_object", "head_object"])
def test_no_key_is_not_the_bucket(script, clients, method):
    """Else an object without a key would create its bucket, and a listing would be its content."""
    server = script([OK])
    given = {**PUT, "Key": ""} if method == "put_object" else {"Bucket": "bucket", "Key": ""}
    with pytest.raises(ParamValidationError):
        getattr(clients(server.url)[1], method)(**given)
    assert server.heard == []


@pytest.mark.parametrize("name", ["a:b", "a\r\nx-evil: 1\r\nb", "a b", "é", "", "a\n"])
def test_a_name_of_metadata_that_is_none_is_left_to_botocore(script, clients, name):
    server = script([OK])
    _, direct = clients(server.url)
    reached = []
    direct.meta.events.register("provide-client-params.s3.PutObject", lambda params, **rest: reached.append(params))
    with contextlib.suppress(BotoCoreError):
        direct.put_object(**PUT, Metadata={name: "c"})
    assert len(reached) == 1
    assert not any("x-evil" in headers for _, headers, _ in server.heard)


@pytest.mark.parametrize(
    "before", [b"", b'<?xml version="1.0"?>\n', b"\xef\xbb\xbf", b'\xef\xbb\xbf<?xml version="1.0"?>', b"<!-- >\n -->"]
)
@pytest.mark.parametrize("method", ["put_object", "list_objects_v2"])
def test_an_error_in_success_is_an_error_however_it_begins(script, clients, before, method):
    content = before + ERROR
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content
    given = PUT if method == "put_object" else {"Bucket": "bucket"}
    for position in range(2):
        with pytest.raises(ClientError, match="SlowDown"):
            getattr(clients(script([answer]).url)[position], method)(**given)


@pytest.mark.parametrize("header", ["Last-Modified: yesterday", "x-amz-tagging-count: many"])
def test_a_header_that_says_nothing_is_an_answer_to_ask_for_again(script, clients, header):
    server = script([f"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n{header}\r\n\r\nhello".encode(), OK])
    _, direct = clients(server.url)
    with pytest.raises(ResponseParserError, match="header"):
        direct.get_object(Bucket="bucket", Key="k")
    direct.put_object(**PUT)
    assert server.connections == 1


def test_a_refusal_without_end_is_heard_for_so_long(clients):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk():
            peer, _ = server.accept()
            with peer, contextlib.suppress(OSError):
                peer.recv(1 << 16)
                peer.sendall(b"HTTP/1.1 404 No\r\n\r\n" + b"<Error><Code>NoSuchKey</Code></Error>")
                while True:
                    peer.sendall(bytes(1 << 16))

        thread = threading.Thread(target=talk)
        thread.start()
        with pytest.raises((ClientError, ResponseParserError)):
            clients(f"http://127.0.0.1:{server.getsockname()[1]}")[1].get_object(Bucket="bucket", Key="k")
        thread.join(30)
        assert not thread.is_alive()


class Changing(io.RawIOBase):
    """Has another size as soon as it is read from its beginning for the second time."""

    def __init__(self, size, then):
        super().__init__()
        self._size, self._then = size, then
        self._position = self._begun = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET, /):
        self._position = offset + (self._size if whence == io.SEEK_END else 0)
        return self._position

    def readinto(self, buffer, /):
        self._begun += self._position == 0
        end = self._size if self._begun < 2 else self._then
        given = max(0, min(len(buffer), end - self._position))
        buffer[:given] = bytes(given)
        self._position += given
        return given


@pytest.mark.parametrize("size", [(256 << 10) + 1, 1 << 20])
def test_what_grows_while_it_is_sent_is_not_the_next_request(script, clients, size):
    server = script([OK, OK])
    _, direct = clients(server.url)
    direct.put_object(Bucket="bucket", Key="k", Body=io.BufferedReader(Changing(size, size + 100)))
    direct.put_object(**PUT)
    assert [len(body) for _, _, body in server.heard] == [size, 1]
    assert server.connections == 1


def test_what_shrinks_while_it_is_sent_is_an_error_at_once(script, clients):
    _, direct = clients(script([OK]).url)
    with pytest.raises(DocumentError, match="shorter") as raised:
        direct.put_object(Bucket="bucket", Key="k", Body=io.BufferedReader(Changing(1 << 20, 1 << 19)))
    assert raised.value.code == "FileChanged"
