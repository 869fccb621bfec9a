"""Addresses: paths and parameters joined to a URL as text, each escaped once, and hosts told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from connector_sdk import DocumentError

IN_PATH = "!$&'()*+,;=:@~"
"""What a path may hold unescaped where its author wrote it, as in `Orders('7')` and `items:search`."""
ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
UNSAFE = re.compile(r"[^\x21-\x7e]|\\")
PORTS = {"http": 80, "https": 443}
SHOWN = 200


def segments(path: str) -> tuple[str, ...]:
    """The parts of a path that a process names; ValueError where it is none below the connection's url."""
    if "?" in path or "#" in path:
        raise ValueError(f"the path {path!r} has a '?' or '#'; write parameters under query")
    if ESCAPED.search(path):
        raise ValueError(f"the path {path!r} is escaped already; write it as text, it is escaped when it is sent")
    return parts(path)


def parts(path: str) -> tuple[str, ...]:
    """The parts of a path from a document, in which every character but `/` stands for itself; ValueError as above."""
    if not path:
        return ()
    if "//" in path or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:/", path):
        raise ValueError(f"{path!r} is no path below the connection's url; name it like orders/7")
    found = tuple(path.removeprefix("/").split("/"))
    for each in found:
        refuse_dots(each)
    return found


def refuse_dots(part: str) -> None:
    """ValueError for `.` and `..`, which no escaping keeps from leading elsewhere."""
    if part.partition(";")[0] in (".", ".."):
        raise ValueError(f"the part {part!r} of a path leads elsewhere; name a path below the connection's url")


def escaped(part: str, safe: str = "") -> str:
    """One part of a path; ValueError for half a character."""
    try:
        return quote(part, safe=safe)
    except UnicodeEncodeError as error:
        raise ValueError("a path has a lone surrogate, which is not a character") from error


def joined(base: str, path: Iterable[str]) -> str:
    """The escaped parts below `base`."""
    parts = list(path)
    return "/".join([base.rstrip("/"), *parts]) if parts else base


def with_query(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The URL with these parameters after those that it has; DocumentError for half a character."""
    try:
        added = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs]
    except UnicodeEncodeError as error:
        raise DocumentError("a query has a lone surrogate, which is not a character", "InvalidQuery") from error
    split = urlsplit(url)
    return urlunsplit(split._replace(query="&".join([split.query] * bool(split.query) + added)))


def without(url: str, name: str) -> str:
    """The URL without a query parameter."""
    split = urlsplit(url)
    kept = [each for each in split.query.split("&") if each.partition("=")[0] != quote(name, safe="")]
    return urlunsplit(split._replace(query="&".join(kept)))


def followed(url: str, link: str) -> str:
    """Where a link in the answer from `url` leads; ValueError, without its query, where that is no address."""
    try:
        target = urljoin(url, quote(link.strip(), safe="%/:?#[]@!$&'()*+,;=~-._"))
        split = urlsplit(target)
        port = split.port
    except (ValueError, UnicodeEncodeError) as error:
        raise ValueError("the server names an address that is none") from error
    if split.scheme not in PORTS or not split.hostname or port == 0:
        raise ValueError(f"the server leads to {split.scheme or 'nothing'}:, not to an http or https address")
    if "@" in split.netloc or UNSAFE.search(target):
        raise ValueError(f"the server leads to an address of {split.hostname} with a user name or odd characters")
    return urlunsplit(split._replace(fragment=""))


def at_home(url: str, home: str) -> bool:
    """Whether it is the server of `home`: the same host, scheme and port, or its https instead of its http."""
    there, here = urlsplit(url), urlsplit(home)
    if (there.hostname or "").lower() != (here.hostname or "").lower():
        return False
    if there.scheme == here.scheme:
        return _port(there) == _port(here)
    return here.scheme == "http" and _port(here) == PORTS["http"] and _port(there) == PORTS["https"]


def allowed(url: str, hosts: Iterable[str]) -> bool:
    """Whether the host of the URL is one of `hosts`, in which `*` stands for any text."""
    host = (urlsplit(url).hostname or "").lower()
    return any(fnmatchcase(host, each.lower()) for each in hosts)


def shown(url: str) -> str:
    """The URL for a message, shortened."""
    return url if len(url) <= SHOWN else f"{url[:SHOWN]}..."


def _port(split: SplitResult) -> int | None:
    return split.port or PORTS.get(split.scheme)
