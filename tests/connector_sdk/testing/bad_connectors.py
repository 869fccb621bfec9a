"""Connectors that each break one rule of the conformance kit, in one of the ways that authors do."""

import io
import itertools
import logging
import os
import threading
from dataclasses import replace
from typing import ClassVar

from model_connector import CHUNK, COPY, STACK, Copy, Desk, Office, Stack

from connector_sdk import (
    Cancelled,
    Check,
    DocumentError,
    Operation,
    Payload,
    ProcessError,
    Result,
    Tracked,
    field_validator,
    setting,
)
from connector_sdk.testing import Case, Sample, Wrong

KEY, SIZE = Tracked("key", "What it is called.", settable=True), Tracked("size", "Its bytes.")


class WrongSchema(Copy):
    """Says nonsense in its schema."""

    paper: str = setting("Its paper.", "a4", schema={"minLength": "one"})


class NoDocstring(Stack):
    pass


NoDocstring.__doc__ = None


class LaxDesk(Desk):
    """Takes any setting."""

    model_config: ClassVar = {"extra": "ignore"}


class OpenPassword(Desk):
    """Has a secret that is none."""

    api_key: str = setting("Opens the door.", "x")


class TalkingOffice(Office):
    def __init__(self, place, runtime, password):
        super().__init__(place, runtime)
        self.password = password

    def __repr__(self):
        return f"TalkingOffice({self.password})"


class TalkingDesk(Desk):
    """Its client shows the password."""

    def open(self, runtime):
        return TalkingOffice(self.place, runtime, self.password.get_secret_value())


class LoggingDesk(Desk):
    """Writes the password to the log."""

    def open(self, runtime):
        logging.getLogger("desk").debug("opening with %s", self.password.get_secret_value())
        return super().open(runtime)


class QuotingDesk(Desk):
    """Quotes the password where nobody is there."""

    def open(self, runtime):
        if self.place == "nowhere":
            raise ProcessError(f"cannot reach {self.password.get_secret_value()}@nowhere")
        return super().open(runtime)


class ArguingDesk(Desk):
    """Quotes the password where a setting is wrong."""

    @field_validator("place", mode="before")
    @classmethod
    def known(cls, value):
        if not value:
            raise ValueError("empty, and the password is a-very-secret-word")
        return value


class BoastingDesk(Desk):
    """Its check shows the password."""

    def checks(self, client):
        yield Check("network", client.reach, "go and look")
        yield Check("credentials", lambda: f"{self.password.get_secret_value()} is right", "ask for another")


class StuckDesk(Desk):
    """Does not pickle."""

    def __reduce__(self):
        raise TypeError("cannot pickle a desk")


class OtherDesk(Desk):
    """Is another one after pickling."""

    def __eq__(self, other):
        return self is other

    __hash__ = None


def checked(*checks):
    class Checked(Desk):
        """Has these checks."""

        def checks(self, client):
            yield Check("network", client.reach, "go and look")
            yield from checks

    Checked.__qualname__ = Checked.__name__ = f"Checked{len(globals())}"
    globals()[Checked.__name__] = Checked
    return Checked


def refused():
    raise ProcessError("no leave to copy")


class BrowsesNothing(Desk):
    """Lists what is no name."""

    def browse(self, client):
        return [None]


class RawDesk(Desk):
    """Lets a library's error through where nobody is there."""

    def open(self, runtime):
        if self.place == "nowhere":
            raise ConnectionRefusedError(111, "Connection refused")
        return super().open(runtime)


class DeafCopy(Copy):
    """Answers although nobody is there."""

    def execute(self, client, request):
        return super().execute(Office("here", client.runtime), request)


LEFT_OPEN = []
"""Numbers of files that LeakingDesk leaves open; the tests close them."""


class LeakingDesk(Desk):
    """Leaves a file open."""

    def open(self, runtime):
        LEFT_OPEN.append(os.open(os.devnull, os.O_RDONLY))
        return super().open(runtime)


class FragileDesk(Desk):
    """Cannot be closed twice."""

    def close(self, client):
        del client.runtime


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


def with_copy(kind, **more):
    return {"operations": (kind, Stack), **more}


def with_stack(kind, **more):
    return {"operations": (Copy, kind), **more}


def with_desk(kind, **more):
    return {"connection": kind, **more}


REFUSING = Case("refuse", good="document", bad="bad")
SECOND = Sample("document 2", {"key": "2"})
COUNTER = itertools.count()

BAD = {
    "every_action_has_a_case": [{"cases": (COPY,)}],
    "schemas_are_valid": [with_copy(WrongSchema)],
    "everything_is_described": [with_stack(NoDocstring), {"tracked": (KEY, Tracked("size", " "))}, {"label": " "}],
    "wrong_settings_are_refused": [
        {"connection": LaxDesk},
        {"wrong_settings": (Wrong({"place": "there"}, "place"),)},
        {"wrong_settings": (Wrong({"place": ""}, "password"),)},
        {"wrong_settings": (Wrong({"times": 2}, "times", "copy"),)},
    ],
    "secrets_are_declared": [with_desk(OpenPassword)],
    "secrets_stay_secret": [
        with_desk(each) for each in (TalkingDesk, LoggingDesk, QuotingDesk, ArguingDesk, BoastingDesk)
    ],
    "values_pickle": [with_desk(StuckDesk), with_desk(OtherDesk)],
    "sdk_is_served": [{"sdk": "2.0"}],
    "checks_prove": [
        with_desk(checked(Check("credentials", lambda: "right", "ask"), Check("network", lambda: "there", "go"))),
        with_desk(checked(Check("permission", refused, "ask for leave"))),
        with_desk(checked(Check("permission", lambda: "fine", ""))),
        with_desk(checked(Check("permission", lambda: None, "ask for leave"))),
    ],
    "browse_gives_texts": [with_desk(BrowsesNothing)],
    "unreachable_is_told": [with_desk(RawDesk), with_copy(DeafCopy)],
    "client_is_closed": [with_desk(LeakingDesk), with_desk(FragileDesk)],
    "tracked_properties_are_declared": [
        with_copy(SetsMore, cases=(replace(COPY, tracks=None), STACK)),
        with_stack(SetsLess),
        {"cases": (replace(COPY, tracks=("key",)), STACK)},
    ],
    "reads_are_declared": [with_stack(ReadsMore), with_stack(ReadsLess)],
    "good_document_is_served": [{"operations": (Copy, Stack, Refuse), "cases": (COPY, STACK, REFUSING)}],
    "bad_document_fails": [with_copy(RawCopy), with_copy(WordlessCopy)],
    "bad_document_fails_alone": [with_copy(ResentfulCopy)],
    "results_keep_order": [with_stack(ReversingStack), with_stack(ForgetfulStack)],
    "payloads_open_again": [with_stack(OnceStack)],
    "input_is_unchanged": [with_stack(WritingStack)],
    "properties_travel_on": [with_stack(StrippingStack)],
    "hostile_names_are_safe": [with_copy(EncodingCopy), with_copy(TrimmingCopy)],
    "large_payload_streams": [with_copy(CarefulHungryCopy)],
    "threads_agree": [with_copy(SharingCopy, connection=SharingDesk)],
    "stops_when_asked": [with_copy(StubbornCopy), with_copy(DeafToStops), with_stack(RawWhenStopped)],
}
"""By the name of a rule, the parts of the model that are replaced so that this rule alone is broken."""
