"""The Link header (RFC 8288)."""

from __future__ import annotations

import re

LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^\s=;,"]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)')
RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


def next_link(header: str | None) -> str | None:
    """The target of the first link with the relation `next`."""
    for link in LINK.finditer(header or ""):
        relation = RELATION.search(link[2])
        if relation and "next" in (relation[1] or relation[2] or "").lower().split():
            return link[1]
    return None
