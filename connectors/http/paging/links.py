"""The Link header (RFC 8288), read in one pass."""

from __future__ import annotations


def next_link(header: str | None) -> str | None:
    """The target of the first link with the relation `next`."""
    text, at = header or "", 0
    while (start := text.find("<", at)) >= 0 and (end := text.find(">", start)) >= 0:
        parameters, at = _parameters(text, end + 1)
        if any(_is_next(each) for each in parameters):
            return text[start + 1 : end]
    return None


def _parameters(text: str, at: int) -> tuple[list[str], int]:
    """What stands between semicolons up to the comma before the next link, and the place after it."""
    found: list[str] = []
    begin, is_quoted, is_escaped = at, False, False
    for place in range(at, len(text)):
        character = text[place]
        if is_escaped:
            is_escaped = False
        elif is_quoted:
            is_escaped, is_quoted = character == "\\", character != '"'
        elif character in ";,":
            found.append(text[begin:place])
            begin = place + 1
            if character == ",":
                return found, begin
        else:
            is_quoted = character == '"'
    return [*found, text[begin:]], len(text)


def _is_next(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip().lower() == "rel" and "next" in value.strip().strip('"').lower().split()
