"""Redirects: where an answer sends us on to, and whether we go."""

from __future__ import annotations

from connector_sdk import ApplicationError, DocumentError
from connectors.http.border import Border
from connectors.http.message import Answer, Call

REDIRECTS = frozenset({301, 302, 303, 307, 308})
SEE_OTHER = 303
SAME_REQUEST = frozenset({307, 308})


class Journey:
    """A call on its way from redirect to redirect; at most so many of them are followed."""

    def __init__(self, call: Call, most: int, border: Border) -> None:
        self.call = call
        self._left = most if most else None
        self._border = border

    def goes_on(self, answer: Answer) -> bool:
        """Whether the answer leads elsewhere; `call` is then the request to make there.

        DocumentError where it is too far or nowhere we go, ApplicationError where the document could get lost.
        """
        location = answer.header("location")
        if location is None or self._left is None or answer.status not in REDIRECTS - self.call.expected:
            return False
        if self._left == 0:
            raise DocumentError(f"{self.call} failed: it leads on and on; see follow_redirects", "TooManyRedirects")
        self._left -= 1
        self.call = self._next(answer, self._border.crossed(self.call, location))
        return True

    def _next(self, answer: Answer, following: Call) -> Call:
        method = following.method
        if answer.status == SEE_OTHER and method != "HEAD":
            return following.as_get()
        if answer.status in SAME_REQUEST or method in ("GET", "HEAD"):
            return following
        raise ApplicationError(
            f"{self.call} failed: {answer.status} leads to {following.shown}; a {method} is not sent on, as its "
            "document could get lost: correct the connection's url",
            str(answer.status),
        )
