"""HttpClient: sends a call with the credentials of its connection, climbs the retry ladder, and explains refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from connector_sdk import ApplicationError, ConnectorError, Runtime
from connectors.http import addresses, redirects, refusals, retries
from connectors.http.border import Border
from connectors.http.connection import HttpConnection
from connectors.http.credentials import Credentials, Proof, fixed, plain
from connectors.http.decoding import ACCEPTED
from connectors.http.failures import Unwilling
from connectors.http.message import Answer, Call, Pairs
from connectors.http.pace import Pace
from connectors.http.tokens import Tokens
from connectors.http.transport import Transport
from connectors.http.veil import Veil

Taken = TypeVar("Taken")
UNAUTHORIZED = 401
PARTIAL = 206


class HttpClient:
    """What operations call the API through. Safe for threads."""

    def __init__(self, connection: HttpConnection, runtime: Runtime) -> None:
        self.runtime = runtime
        self.connection = connection
        self.veil = Veil()
        self.border = Border(connection, self.veil)
        secret = {name: plain(value) for name, value in connection.secret_headers.items()}
        self.veil.add(*secret.values())
        self._own: Pairs = tuple({**connection.headers, **secret}.items())
        self._all: Pairs = (("Accept", "*/*"), ("Accept-Encoding", ACCEPTED), ("User-Agent", connection.user_agent))
        self._pace = Pace(connection.requests_per_second)
        self._transport = Transport(connection)
        self._credentials: Credentials = fixed(connection, self.veil)
        if connection.authentication == "oauth2" and connection.oauth2:
            self._credentials = Tokens(connection.oauth2, self._posted, self.veil)

    def run(self, call: Call, take: Callable[[Answer], Taken]) -> Taken:
        """What `take` makes of the answer, whose body it reads; again for each retry that the ladder allows.

        Raises ApplicationError, DocumentError, ProcessError, or Cancelled.
        """
        return retries.climb(self.connection.retry, call, lambda: self._attempt(call, take))

    def look(self, call: Call) -> tuple[int, ConnectorError | None]:
        """The status of the answer and the error that it would be; one retry, as people wait for it."""
        return retries.climb(self.connection.retry, call, lambda: self._looked(call), most=1)

    def knock(self) -> int:
        """The status of whatever the connection's url answers to somebody without credentials."""
        call = Call("GET", self.connection.url, self.runtime, repeatable=True)
        return retries.climb(self.connection.retry, call, lambda: self._knocked(call), most=1)

    def prove(self) -> None:
        """Get a token where one is needed; ProcessError or DocumentError where it is refused."""
        self._credentials.proof(self.runtime)

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()

    def _attempt(self, call: Call, take: Callable[[Answer], Taken]) -> Taken:
        with self._final(call) as (answer, proof):
            if _is_success(call, answer):
                self._refuse_a_part(call, answer)
                return take(answer)
            raise self._failure(answer, refusals.refusal(call, answer, self.veil, proof != Proof()))

    def _refuse_a_part(self, call: Call, answer: Answer) -> None:
        """A part of the content that nobody asked for must not be taken for the whole."""
        asked = {name.lower() for name, _ in (*self._own, *call.headers)}
        if answer.status == PARTIAL and "range" not in asked and PARTIAL not in call.expected:
            raise ApplicationError(f"{call} failed: 206: the server gives a part that was not asked for", str(PARTIAL))

    def _looked(self, call: Call) -> tuple[int, ConnectorError | None]:
        with self._final(call) as (answer, proof):
            success = _is_success(call, answer)
            return answer.status, None if success else refusals.refusal(call, answer, self.veil, proof != Proof())

    def _posted(self, call: Call, take: Callable[[Answer], Taken]) -> Taken:
        """The answer of a token endpoint, which gets nothing that belongs to the connection."""

        def attempt() -> Taken:
            with self._bare(call) as answer:
                if answer.status in self.connection.retry.statuses:
                    raise self._failure(answer, refusals.refusal(call, answer, self.veil, proven=False))
                return take(answer)

        return retries.climb(self.connection.retry, call, attempt)

    def _knocked(self, call: Call) -> int:
        with self._bare(call) as answer:
            refusals.quoted(answer)  # a connection with nothing left in it ends in order
            return answer.status

    @contextmanager
    def _bare(self, call: Call) -> Iterator[Answer]:
        """One answer to a request without credentials."""
        headers = _merged(self._all, call.headers, _length(call))
        with self._transport.answer(call, call.url, headers, digest=False) as answer:
            yield answer

    def _failure(self, answer: Answer, refusal: ConnectorError) -> Exception:
        """The refusal, or that the server may be willing another time."""
        if answer.status not in self.connection.retry.statuses:
            return refusal
        after = retries.asked_for(answer.header("retry-after"), answer.header("date"))
        return Unwilling(answer.status, refusal, after)

    @contextmanager
    def _final(self, call: Call) -> Iterator[tuple[Answer, Proof]]:
        """The answer that leads nowhere else, after another try where a new token may help."""
        journey = redirects.Journey(call, self.connection.follow_redirects, self.border)
        renewable = True
        while True:
            with self._sent(journey.call) as (answer, proof):
                if answer.status == UNAUTHORIZED and proof != Proof() and renewable:
                    renewable = False
                    if self._credentials.renewed(proof, call.runtime):
                        continue
                if not journey.goes_on(answer):
                    yield answer, proof
                    return

    @contextmanager
    def _sent(self, call: Call) -> Iterator[tuple[Answer, Proof]]:
        """One answer, and what the request for it carried to prove who we are: nothing where it went elsewhere."""
        if not self.border.is_home(call.url):
            with self._bare(call.abroad()) as answer:
                yield answer, Proof()
            return
        proof = self._credentials.proof(call.runtime)
        self._pace.turn(call.runtime)
        headers = _merged(self._all, self._own, call.headers, proof.headers, _length(call))
        url = addresses.with_query(call.url, proof.query) if proof.query else call.url
        with self._transport.answer(call, url, headers, proof.digest) as answer:
            yield answer, proof


def _is_success(call: Call, answer: Answer) -> bool:
    return 200 <= answer.status < 300 or answer.status in call.expected


def _length(call: Call) -> Pairs:
    return (("Content-Length", str(call.body.length)),) if call.body else ()


def _merged(*layers: Pairs) -> Pairs:
    """The headers of all layers; of those with one name, the last."""
    return tuple({name.lower(): (name, value) for layer in layers for name, value in layer}.values())
