"""Send: a document goes to the server, whose answer becomes a document."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import ClassVar, Literal

from connector_sdk import Document, Input, Operation, Request, setting
from connectors.http import fetched, options, target
from connectors.http.bodies import Form, Multipart, Whole
from connectors.http.client import HttpClient
from connectors.http.headers import Headers
from connectors.http.message import Body, Call, Pairs

ONE_PER_DOCUMENT = "auto"
IDEMPOTENT = frozenset({"PUT", "DELETE"})


class Send(Operation[HttpClient]):
    """Send the document; the answer becomes a document.

    A request that the server may have carried out is only sent again where that does no harm: PUT and DELETE, with an
    idempotency_key, or with retry_unsafe.
    """

    action = "send"
    inputs: ClassVar[tuple[Input, ...]] = (options.PATH,)
    sets: ClassVar[tuple[str, ...]] = fetched.NAMES

    method: Literal["POST", "PUT", "PATCH", "DELETE"] = setting("The method of the request.", "POST", dynamic=True)
    path: options.Path = options.path()
    query: options.Query = options.query()
    headers: Headers = options.request_headers()
    body: Literal["auto", "document", "multipart", "form", "none"] = setting(
        "What is sent: the document as it is, the document as an uploaded file in a form of several parts, `fields` as "
        "a plain form, or nothing. auto is the document, and nothing for DELETE.",
        "auto",
    )
    content_type: str = setting("Media type of the document.", "application/json", dynamic=True)
    fields: options.Texts = setting("Fields of the form, for multipart and form.", {}, dynamic=True)
    file_field: str = setting("Name of the field that holds the document, for multipart.", "file")
    file_name: str = setting("Name of the file that the document is sent as, for multipart.", "document", dynamic=True)
    idempotency_key: str | None = setting(
        "Value of a header by which the server knows a request that it has carried out already; auto makes one for "
        "each document. With it, every method is retried.",
        None,
        dynamic=True,
        examples=["auto", "order-{id}"],
    )
    idempotency_header: str = setting("Name of that header.", "Idempotency-Key")
    retry_unsafe: bool = setting("Retry POST and PATCH too where the server may have carried them out.", False)
    expected: options.Statuses = options.expected()
    keep_document: bool = setting("The document itself travels on, with the properties of the answer.", False)
    header_properties: dict[str, str] = options.header_properties()
    max_size: float | None = options.max_size()

    def execute(self, client: HttpClient, request: Request) -> Iterable[Document]:
        answer = client.run(self._call(client, request), fetched.taker(request.runtime, self.max_size))
        yield request.output(
            request.document.payload if self.keep_document else answer.payload,
            fetched.properties(answer.answer, self.header_properties),
            **answer.tracked(client.border),
        )

    def _call(self, client: HttpClient, request: Request) -> Call:
        body, content_type = self._body(request)
        key = self._key(request)
        described = (("Content-Type", content_type),) if body else ()
        return Call(
            self.method,
            target.address(client.connection.url, self, request),
            request.runtime,
            headers=(*described, *target.request_headers(self, request), *key),
            body=body,
            expected=frozenset(self.expected),
            repeatable=bool(key) or self.retry_unsafe or self.method in IDEMPOTENT,
        )

    def _body(self, request: Request) -> tuple[Body | None, str]:
        with request.document.payload.open():
            document = Whole(request.document.payload, request.runtime)  # a file that is gone fails before the request
        content_type = target.sendable("Content-Type", self.content_type)
        if self.body == "none" or (self.body == "auto" and self.method == "DELETE"):
            return None, ""
        if self.body == "form":
            return Form(self.fields), "application/x-www-form-urlencoded"
        if self.body == "multipart":
            parts = Multipart(self.fields, document, self.file_field, self.file_name, content_type)
            return parts, parts.content_type
        return document, content_type

    def _key(self, request: Request) -> Pairs:
        if not self.idempotency_key:
            return ()
        key = target.filled(self.idempotency_key, request.document.properties)
        if key == ONE_PER_DOCUMENT:
            key = str(uuid.uuid4())
        return ((self.idempotency_header, target.sendable(self.idempotency_header, key)),)
