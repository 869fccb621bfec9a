"""Get: answers of the server become documents, page by page and record by record where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from connector_sdk import Document, Input, Operation, Request, setting
from connectors.http import fetched, options, target
from connectors.http.client import HttpClient
from connectors.http.headers import Headers
from connectors.http.message import Call, Pairs
from connectors.http.paging.page import Page, Reading
from connectors.http.paging.pages import pages
from connectors.http.paging.records import Records
from connectors.http.paging.settings import Paging

NOT_MODIFIED = 304
IDENTITY = "identity"


class Get(Operation[HttpClient]):
    """Fetch what the server has under a path; bodies are streamed, whatever their size.

    With `paging`, further pages are fetched as they are needed. With `records`, each record of a page is a document.
    """

    action = "get"
    inputs: ClassVar[tuple[Input, ...]] = (options.PATH,)
    reads: ClassVar[tuple[str, ...]] = ("etag", "last_modified")
    sets: ClassVar[tuple[str, ...]] = (*fetched.NAMES, fetched.PAGE)
    concurrency = 4

    method: Literal["GET", "HEAD"] = setting("HEAD asks for the properties alone.", "GET")
    path: options.Path = options.path()
    query: options.Query = options.query()
    headers: Headers = options.request_headers()
    accept: str | None = setting(
        "Media types to ask for; any without it.", None, dynamic=True, examples=["application/json"]
    )
    expected: options.Statuses = options.expected()
    only_if_changed: bool = setting(
        "Ask for content that is newer than the document's http.etag or http.last_modified alone.", False, dynamic=True
    )
    if_unchanged: Literal["drop", "pass_on"] = setting(
        "What becomes of a document whose content is not newer: nothing, or it travels on with http.status_code 304.",
        "drop",
    )
    paging: Paging = setting("How the server divides what it has into pages.", Paging())
    records: Records = setting(
        "Where in a page's JSON the list of records is; each becomes a document, exactly as it is written. `$` is the "
        "page itself.",
        None,
        examples=["data.orders", "$"],
    )
    no_records: Literal["fail", "empty"] = setting(
        "A page in which there is nothing at `records`: fail, or take it for an empty one.", "fail"
    )
    documents: Literal["records", "pages"] = setting(
        "What becomes a document where `records` is set: each of them, or whole pages, which are only counted by them.",
        "records",
    )
    header_properties: dict[str, str] = options.header_properties()
    decompress: bool = setting("Undo the compression that the body was sent with.", True)
    max_size: float | None = options.max_size()

    def validate(self) -> None:
        if self.paging.counted and self.records is None and not self._ends_without_records():
            raise ValueError(f"paging of the kind {self.paging.kind} counts records: set records")
        if self.paging.kind != "none" and (self.only_if_changed or self.method == "HEAD"):
            raise ValueError("paging goes with neither only_if_changed nor HEAD")

    def _ends_without_records(self) -> bool:
        return self.paging.more is not None and (self.paging.kind == "page" or self.paging.size is not None)

    def execute(self, client: HttpClient, request: Request) -> Iterator[Document]:
        call = self._call(client, request)
        take = fetched.taker(request.runtime, self.max_size, self.decompress)
        reading = Reading(self.records, self.no_records == "empty")
        for page in pages(client, call, self.paging, reading, take):
            yield from self._documents(client, request, page)

    def _documents(self, client: HttpClient, request: Request, page: Page) -> Iterator[Document]:
        answer = page.fetched.answer
        facts = self._facts(client, page)
        found = fetched.properties(answer, self.header_properties)
        if answer.status == NOT_MODIFIED and self.only_if_changed:
            yield from self._unchanged(request, facts)
        elif self.records is None or self.documents == "pages" or not page.is_success:
            yield request.output(page.fetched.payload, found, **facts)
        else:
            for record in page.records():
                yield request.output(record, found, **facts)

    def _facts(self, client: HttpClient, page: Page) -> dict[str, str | int | None]:
        number = None if self.paging.kind == "none" else page.number
        return {**page.fetched.tracked(client.border), fetched.PAGE: number}

    def _unchanged(self, request: Request, facts: dict[str, str | int | None]) -> Iterator[Document]:
        if self.if_unchanged == "pass_on":
            kept = {name: facts[name] or request.tracked(name) for name in ("etag", "last_modified")}
            yield request.output(request.document.payload, {}, **{**facts, **kept})

    def _call(self, client: HttpClient, request: Request) -> Call:
        accepted: Pairs = (("Accept", target.sendable("Accept", self.accept)),) if self.accept else ()
        if not self.decompress:
            accepted += (("Accept-Encoding", IDENTITY),)
        return Call(
            self.method,
            target.address(client.connection.url, self, request),
            request.runtime,
            headers=(*accepted, *target.request_headers(self, request), *self._conditions(request)),
            expected=frozenset((*self.expected, NOT_MODIFIED) if self.only_if_changed else self.expected),
            repeatable=True,
        )

    def _conditions(self, request: Request) -> Iterable[tuple[str, str]]:
        if self.only_if_changed:
            for name, header in (("etag", "If-None-Match"), ("last_modified", "If-Modified-Since")):
                if value := request.tracked(name):
                    yield header, target.sendable(header, value)
