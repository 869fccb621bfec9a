"""Failures of one attempt, before it is decided whether there is another."""

from __future__ import annotations

from connector_sdk import ConnectorError


class Interrupted(Exception):
    """There was no whole answer. `sent` is whether the server may have got the request."""

    def __init__(self, code: str, message: str, sent: bool) -> None:
        super().__init__(message)
        self.code = code
        self.sent = sent


class Unwilling(Exception):
    """The server answered that another time would be better, at best in `after` seconds; else `refusal` is raised."""

    def __init__(self, status: int, refusal: ConnectorError, after: float | None) -> None:
        super().__init__(str(refusal))
        self.status = status
        self.refusal = refusal
        self.after = after
