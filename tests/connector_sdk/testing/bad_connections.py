"""Connections, and what is declared, that each break one rule of the conformance kit."""

import logging
import os

from model_connector import Copy, Desk, Office, Stack

from connector_sdk import (
    Check,
    ProcessError,
    setting,
)


class WrongSchema(Copy):
    """Says nonsense in its schema."""

    paper: str = setting("Its paper.", "a4", schema={"minLength": "one"})


class NoDocstring(Stack):
    pass


NoDocstring.__doc__ = None


class LaxDesk(Desk, takes_any=True):
    """Takes any setting."""


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


def argue(place):
    if not place:
        raise ValueError("empty, and the password is a-very-secret-word")


class ArguingDesk(Desk):
    """Quotes the password where a setting is wrong."""

    place: str = setting("Where it is.", check=argue)


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
