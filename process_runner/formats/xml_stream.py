"""XML as a stream of events: no network, no external DTD, no entities, and only what is needed in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

from connector_sdk import DocumentError, Payload
from process_runner.formats.encoding import CHUNK, utf8

Event: TypeAlias = Literal["start", "end"]

UNDECLARED = "WAR_UNDECLARED_ENTITY"


def events(payload: Payload, encoding: str | None) -> Iterator[tuple[str, Any]]:
    """`start` and `end` of each element; DocumentError with the place where it is not well-formed.

    Without an `encoding` the document says itself how it is written. The caller clears elements it is done with.
    """
    _refuse_entities(payload, encoding)
    # without entities nothing can grow, so that long texts and deep elements need no limit
    parser = _parser(encoding, ("start", "end"), huge=True)
    with _well_formed():
        for chunk in _bytes(payload, encoding):
            parser.feed(chunk)
            _refuse_undeclared(parser)
            yield from parser.read_events()
        parser.close()
        # the last ones of a short document wait for the end
        _refuse_undeclared(parser)
        yield from parser.read_events()


def root(payload: Payload, encoding: str | None) -> Any:
    """The root element, with the whole document in memory."""
    element = None
    for _, each in events(payload, encoding):
        element = each
    return element


def written(element: Any) -> bytes:
    """The element alone as UTF-8, with every namespace that is in scope and without an XML declaration."""
    from lxml import etree

    text: bytes = etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False)
    return text


def tags(name: str) -> tuple[bytes, bytes]:
    """The start and the end tag of a new element, whose name is `local` or `{namespace}local`."""
    from lxml import etree

    try:
        element = etree.Element(name)
    except ValueError as error:
        raise DocumentError(f"{name!r} cannot name an element: {error}", "InvalidName") from error
    element.text = ""
    start, _, end = etree.tostring(element, encoding="UTF-8", xml_declaration=False).rpartition(b"</")
    return start, b"</" + end


def _parser(encoding: str | None, wanted: tuple[Event, ...], huge: bool) -> Any:
    from lxml import etree

    return etree.XMLPullParser(
        events=wanted,
        encoding="UTF-8" if encoding else None,
        huge_tree=huge,
        no_network=True,
        load_dtd=False,
        resolve_entities=False,
        strip_cdata=False,
    )


def _bytes(payload: Payload, encoding: str | None) -> Iterator[bytes]:
    if encoding:
        yield from utf8(payload, encoding)
        return
    with payload.open() as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _refuse_entities(payload: Payload, encoding: str | None) -> None:
    """Look at the document as far as its root element with the library's limits on."""
    from lxml import etree

    parser = _parser(encoding, ("start",), huge=False)
    for chunk in _bytes(payload, encoding):
        problem = None
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            problem = error
        for _, element in parser.read_events():
            # what is wrong behind the root's start tag is found later, without the limits
            return _refuse_declared(element.getroottree().docinfo.internalDTD)
        if problem:
            raise _not_well_formed(problem) from problem
    return None


def _refuse_declared(subset: Any) -> None:
    names = [entity.name for entity in subset.iterentities()] if subset is not None else []
    if names:
        raise DocumentError(
            f"the document declares entities ({', '.join(names[:5])}), which are refused because a few lines of them "
            "can fill the memory; write their text instead",
            "XmlEntities",
        )


def _refuse_undeclared(parser: Any) -> None:
    # where a DTD lies elsewhere, the library only warns and drops the reference, and with it data
    for entry in parser.feed_error_log:
        if entry.type_name == UNDECLARED:
            raise DocumentError(f"line {entry.line}: {entry.message}; no DTD is loaded, write its text", "XmlEntities")


@contextmanager
def _well_formed() -> Iterator[None]:
    from lxml import etree

    try:
        yield
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from error


def _not_well_formed(error: Any) -> DocumentError:
    line, column = error.position
    reason = (error.msg or "not well-formed").partition(", line ")[0]
    return DocumentError(f"line {max(line, 1)}, column {column}: {reason}", "InvalidXml")
