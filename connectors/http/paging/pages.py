"""Pages: fetched one after another, as they are needed, until there is none or one comes again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from connector_sdk import DocumentError
from connectors.http import addresses
from connectors.http.client import HttpClient
from connectors.http.fetched import Fetched
from connectors.http.message import Answer, Call
from connectors.http.paging.links import next_link
from connectors.http.paging.page import Page, Reading
from connectors.http.paging.settings import Paging


def pages(
    client: HttpClient, call: Call, paging: Paging, reading: Reading, take: Callable[[Answer], Fetched]
) -> Iterator[Page]:
    """Every page; the next one is asked for when the last has been dealt with."""
    course = Course(client, paging, call)
    following: Call | None = course.first()
    number = 1
    while following is not None:
        page = Page(client.run(following, take), number, reading)
        if page.is_success or number == 1:
            yield page
        following = course.after(page, following) if page.is_success else None
        number += 1
        if following and number > paging.max_pages:
            text = f"{call}: there are more than {paging.max_pages} pages; raise paging.max_pages"
            raise DocumentError(text, "TooManyPages")


class Course:
    """From page to page."""

    def __init__(self, client: HttpClient, paging: Paging, call: Call) -> None:
        self._border = client.border
        self._paging = paging
        self._call = self._asking(call, paging.size_parameter, paging.size) if paging.size else call
        self._passed = 0
        self._landmark = Landmark()

    def first(self) -> Call:
        """The call for the first page."""
        return self._counted_to(self._paging.first) if self._paging.counted else self._call

    def after(self, page: Page, call: Call) -> Call | None:
        """The call for the page after `page`, which came from `call`; None where that was the last."""
        if self._paging.kind == "none" or self._is_last(page):
            return None
        if self._paging.counted:
            return self._counted(page, call)
        following = self._cursor(page) if self._paging.kind == "cursor" else self._linked(page, call)
        if following and self._landmark.passed_again(following.url):
            text = f"{call}: the pages go round in circles: {following.shown} comes again"
            raise DocumentError(text, "PagingLoop")
        return following

    def _is_last(self, page: Page) -> bool:
        if self._paging.more is not None:
            return not page.says(self._paging.more)
        return self._paging.counted and not page.count

    def _counted(self, page: Page, call: Call) -> Call:
        if page.count and self._landmark.stays_at(page.digest()):
            text = f"{call}: page {page.number} is the page before it; the server may not know {self._paging.name!r}"
            raise DocumentError(text, "PagingLoop")
        if page.count == 0 and self._paging.kind == "offset":
            raise DocumentError(f"{call}: the server says that more follows, and gives nothing", "PagingLoop")
        self._passed += page.count if page.count is not None else self._paging.size or 0
        passed = page.number if self._paging.kind == "page" else self._passed
        return self._counted_to(self._paging.first + passed)

    def _cursor(self, page: Page) -> Call | None:
        cursor = page.text_at(self._paging.path or "")
        return self._asking(self._call, self._paging.name, cursor) if cursor else None

    def _linked(self, page: Page, call: Call) -> Call | None:
        answer = page.fetched.answer
        of_page = self._paging.kind == "next_url"
        link = page.text_at(self._paging.path or "") if of_page else next_link(answer.header("link"))
        return self._border.crossed(replace(call, url=answer.url), link) if link else None

    def _counted_to(self, number: int) -> Call:
        return self._asking(self._call, self._paging.name, number)

    def _asking(self, call: Call, name: str, value: str | int) -> Call:
        url = addresses.with_query(addresses.without(call.url, name), [(name, str(value))])
        return call.to(url, self._border.shown(url))


class Landmark:
    """Tells circles in constant memory: one place is kept, and left for another after twice as many steps."""

    def __init__(self) -> None:
        self._kept: object = None
        self._steps = 0
        self._turn = 1

    def passed_again(self, place: object) -> bool:
        """Whether we have come to the kept place again; every circle comes to it in the end."""
        if place == self._kept:
            return True
        self._steps += 1
        if self._steps == self._turn:
            self._kept, self._steps, self._turn = place, 0, self._turn * 2
        return False

    def stays_at(self, place: object) -> bool:
        """Whether the place is the one we were at last."""
        stayed, self._kept = place == self._kept, place
        return stayed
