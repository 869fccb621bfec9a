"""Bodies of requests: streamed, of a known length, and repeatable."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from connector_sdk import DocumentError, Payload, Runtime

PIECE = 1 << 18


class Form:
    """Fields as a form on a web page sends them."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        try:
            self._content = urlencode(fields).encode()
        except UnicodeEncodeError as error:
            raise _not_a_character() from error
        self.length = len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        yield self._content


class Whole:
    """The content of a document."""

    def __init__(self, payload: Payload, runtime: Runtime) -> None:
        self._payload = payload
        self._runtime = runtime
        self.length = payload.size

    def __iter__(self) -> Iterator[bytes]:
        with self._payload.open() as stream:
            while piece := stream.read(PIECE):
                self._runtime.check()
                yield piece


class Multipart:
    """Fields, and the content of a document as an uploaded file."""

    def __init__(self, fields: Mapping[str, str], file: Whole, field: str, name: str, content_type: str) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        parts = [_part(boundary, f'name="{_quoted(each)}"', value) for each, value in fields.items()]
        about = f'name="{_quoted(field)}"; filename="{_quoted(name)}"\r\nContent-Type: {content_type}'
        try:
            self._head = "".join([*parts, _part(boundary, about)]).encode()
        except UnicodeEncodeError as error:
            raise _not_a_character() from error
        self._file = file
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self.length = len(self._head) + file.length + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        yield from self._file
        yield self._tail


def _part(boundary: str, about: str, value: str | None = None) -> str:
    content = "" if value is None else f"{value}\r\n"
    return f"--{boundary}\r\nContent-Disposition: form-data; {about}\r\n\r\n{content}"


def _quoted(name: str) -> str:
    """A name as browsers write it, which leaves nothing to break out with."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _not_a_character() -> DocumentError:
    return DocumentError("the form has a lone surrogate, which is not a character", "InvalidForm")
