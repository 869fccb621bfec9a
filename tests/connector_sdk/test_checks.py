"""Checks: made from the nearest layer to the farthest, and no further than the first that fails."""

import pytest

from connector_sdk import Check, ConfigError, Connection, ProcessError
from connector_sdk.checks import verify
from connector_sdk.testing import runtime


def refused():
    raise ProcessError("nobody answers")


class Door(Connection[list]):
    """Records what is done to it."""

    kinds: tuple[str, ...] = ()

    def open(self, runtime):
        return LOG

    def close(self, client):
        client.append("closed")

    def checks(self, client):
        for kind in self.kinds:
            yield Check("network", refused if kind != "fine" else lambda: "heard", "knock", needed=kind != "optional")


LOG = []


@pytest.fixture(autouse=True)
def log():
    LOG.clear()
    return LOG


def outcomes(connection):
    with runtime() as within:
        return [each.outcome for each in verify(connection, within)]


def test_what_follows_a_failure_is_not_reached_and_the_client_is_closed(log):
    assert outcomes(Door(kinds=("fine", "fails", "fine"))) == ["proven", "proven", "failed", "not reached"]
    assert log == ["closed"]


def test_what_is_not_needed_limits_and_the_rest_is_checked():
    assert outcomes(Door(kinds=("optional", "fine"))) == ["proven", "limited", "proven"]


def test_a_failure_brings_its_remedy():
    with runtime() as within:
        *_, last = verify(Door(kinds=("fails",)), within)
    assert (last.text, last.remedy) == ("nobody answers", "knock")


@pytest.mark.parametrize(("error", "layer"), [(ConfigError("no"), "settings"), (ProcessError("no"), "network")])
def test_a_client_that_cannot_be_opened_is_told(error, layer):
    class Shut(Door):
        """Never opens."""

        def open(self, runtime):
            raise error

    with runtime() as within:
        (verdict,) = verify(Shut(), within)
    assert (verdict.layer, verdict.outcome, verdict.text) == (layer, "failed", "no")


def test_a_defect_of_the_plugin_is_passed_on_and_the_client_closed(log):
    class Broken(Door):
        """Has a defect."""

        def checks(self, client):
            yield Check("network", lambda: 1 // 0, "knock")

    with runtime() as within, pytest.raises(ZeroDivisionError):
        list(verify(Broken(), within))
    assert log == ["closed"]
