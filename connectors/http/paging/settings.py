"""How a server divides what it has into pages: the option."""

from __future__ import annotations

from typing import Literal

from connector_sdk import Settings, setting
from connectors.http.paging.paths import JmesPath


class Paging(Settings):
    """Where the next page is. Every kind stops at a page that comes again, and at max_pages with an error."""

    kind: Literal["none", "link_header", "next_url", "cursor", "page", "offset"] = setting(
        "link_header: in the answer's Link header, rel=next. next_url: its address is in the page at `path`. cursor: "
        "what is in the page at `path` is sent as `parameter`. page: `parameter` counts pages. offset: `parameter` "
        "counts records that came so far.",
        "none",
    )
    path: JmesPath | None = setting(
        "JMESPath of the next page's address, or of the cursor; null or empty in the last page.",
        None,
        examples=["meta.next", "links[?rel=='next'].href | [0]"],
    )
    parameter: str | None = setting(
        "Query parameter for cursor, page or offset; that word itself without it.", None, min_length=1
    )
    start: int | None = setting("The first page's number (1) or offset (0).", None, ge=0)
    size: int | None = setting("Records to ask for in a page, sent as `size_parameter`.", None, ge=1)
    size_parameter: str = setting("Query parameter for `size`.", "limit", min_length=1)
    more: JmesPath | None = setting(
        "JMESPath that says true while another page follows; without it, page and offset end where no record comes.",
        None,
        examples=["has_more"],
    )
    max_pages: int = setting("Most pages; where there are more, the document fails.", 10_000, ge=1)

    @property
    def counted(self) -> bool:
        """Whether we count where we are, and not the server."""
        return self.kind in ("page", "offset")

    @property
    def name(self) -> str:
        """The name of the query parameter."""
        return self.parameter or self.kind

    @property
    def first(self) -> int:
        """The number of the first page, or the first offset."""
        return self.start if self.start is not None else int(self.kind == "page")

    def validate(self) -> None:
        if self.kind in ("next_url", "cursor") and self.path is None:
            raise ValueError(f"paging of the kind {self.kind} needs path: where in a page the next one is named")
        for name in ("path", "parameter", "start", "size", "more"):
            if getattr(self, name) is not None and name not in _uses(self.kind):
                raise ValueError(f"paging of the kind {self.kind} has no use for {name}")


def _uses(kind: str) -> tuple[str, ...]:
    """The settings that mean something for a kind."""
    everywhere = ("size", "more")
    return {
        "none": (),
        "link_header": everywhere,
        "next_url": (*everywhere, "path"),
        "cursor": (*everywhere, "path", "parameter"),
    }.get(kind, (*everywhere, "parameter", "start"))
