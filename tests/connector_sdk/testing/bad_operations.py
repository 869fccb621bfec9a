"""Operations that each break one rule of the conformance kit."""

import io
import threading
from typing import ClassVar

from model_connector import CHUNK, Copy, Desk, Office, Stack

from connector_sdk import (
    Cancelled,
    DocumentError,
    Operation,
    Payload,
    Result,
)


class SetsMore(Copy):
    """Sets a property that it does not declare."""

    def execute(self, client, request):
        for document in super().execute(client, request):
            yield document.replace(tracked={**document.tracked, "desk.colour": "red"})


class SetsLess(Stack):
    """Declares a property that it does not set."""

    sets: ClassVar = ("size",)


class ReadsMore(Stack):
    """Takes a property that it does not declare."""

    def execute_batch(self, client, requests):
        for result in super().execute_batch(client, requests):
            result.request.tracked("key")
            yield result


class ReadsLess(Stack):
    """Declares a property that it does not take."""

    reads: ClassVar = ("size",)


class Refuse(Operation[Office]):
    """Serves nothing."""

    action = "refuse"

    def execute(self, client, request):
        client.reach()
        raise DocumentError("no")


class RawCopy(Copy):
    """Lets a library's error through."""

    def execute(self, client, request):
        try:
            yield from super().execute(client, request)
        except DocumentError as error:
            raise KeyError(error.code) from error


class WordlessCopy(Copy):
    """Fails without a word."""

    def execute(self, client, request):
        try:
            yield from super().execute(client, request)
        except DocumentError as error:
            raise DocumentError("") from error


class ResentfulCopy(Copy):
    """Fails the document after a bad one."""

    def execute(self, client, request):
        was_bad, client.was_bad = getattr(client, "was_bad", False), False
        if was_bad and request.document.payload.size > 3:
            raise DocumentError("not after that")
        try:
            yield from super().execute(client, request)
        except DocumentError:
            client.was_bad = True
            raise

    def lane(self, request):
        return "one"


class ReversingStack(Stack):
    """Gives its results backwards."""

    def execute_batch(self, client, requests):
        yield from reversed(list(super().execute_batch(client, requests)))


class ForgetfulStack(Stack):
    """Leaves out the fourth of its results."""

    def execute_batch(self, client, requests):
        for number, result in enumerate(super().execute_batch(client, requests)):
            if number != 3:
                yield result


class OncePayload(Payload):
    __slots__ = ("opened",)

    def open(self):
        self.opened = getattr(self, "opened", 0) + 1
        return super().open() if self.opened == 1 else io.BytesIO(b"")


class OnceStack(Stack):
    """Gives contents that can be read once."""

    def execute_batch(self, client, requests):
        for request in requests:
            content = request.document.payload.read()
            for result in super().execute_batch(client, [request]):
                again = [each.replace(payload=OncePayload(content)) for each in result.documents]
                yield Result(request, again, result.error)


class WritingStack(Stack):
    """Changes the document that it serves."""

    def execute_batch(self, client, requests):
        for result in super().execute_batch(client, requests):
            result.request.document.properties["seen"] = "yes"
            yield result


class StrippingStack(Stack):
    """Drops the properties of documents."""

    def execute_batch(self, client, requests):
        for result in super().execute_batch(client, requests):
            yield Result(result.request, [each.replace(properties={}) for each in result.documents], result.error)


class EncodingCopy(Copy):
    """Trips over half a character."""

    def execute(self, client, request):
        request.tracked("key").encode()
        return super().execute(client, request)


class TrimmingCopy(Copy):
    """Trims names."""

    def execute(self, client, request):
        for document in super().execute(client, request):
            yield document.replace(tracked={**document.tracked, "desk.key": request.tracked("key").strip()})


class HungryCopy(Copy):
    """Holds whole contents in memory."""

    def parts(self, stream):
        yield b"".join(list(super().parts(stream)))


class CarefulHungryCopy(Copy):
    """The same, and stops when asked."""

    def execute(self, client, request):
        whole = []
        with request.document.payload.open() as stream:
            for part in self.parts(stream):
                request.runtime.check()
                whole.append(part)
        yield from super().execute(client, request)


class SharingOffice(Office):
    desk = None


class SharingDesk(Desk):
    """Has one place for everybody's key."""

    def open(self, runtime):
        return SharingOffice(self.place, runtime)


class SharingCopy(Copy):
    """Leaves the key on the client while it copies."""

    def execute(self, client, request):
        client.desk = request.tracked("key")
        threading.Event().wait(0.02)
        for document in super().execute(client, request):
            yield document.replace(tracked={**document.tracked, "desk.key": client.desk})


class StubbornCopy(Copy):
    """Takes being stopped for a bad document."""

    def execute(self, client, request):
        try:
            yield from super().execute(client, request)
        except Cancelled as error:
            raise DocumentError("interrupted") from error


class DeafToStops(Copy):
    """Reads to the end before it looks."""

    def execute(self, client, request):
        with request.document.payload.open() as stream:
            while stream.read(CHUNK):
                pass
        return super().execute(client, request)


class RawWhenStopped(Stack):
    """Ends in an error of its own when stopped."""

    def execute_batch(self, client, requests):
        if client.runtime.stopping:
            raise InterruptedError("stopped")
        return super().execute_batch(client, requests)
