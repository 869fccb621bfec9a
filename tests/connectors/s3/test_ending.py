"""Ending: a wait of one thread ends with the others."""

import threading
import time

import pytest

from connector_sdk import Cancelled
from connector_sdk.runtime import LocalRuntime
from connectors.s3.ending import Until


def test_a_wait_on_the_ladder_ends_soon_after_the_others(tmp_path):
    ended = threading.Event()
    timer = threading.Timer(0.01, ended.set)
    began = time.monotonic()
    timer.start()

    with pytest.raises(Cancelled):
        Until(LocalRuntime(tmp_path), ended).wait(600)
    timer.join()
    assert time.monotonic() - began < 300


def test_a_wait_takes_as_long_as_it_is_asked_to(tmp_path):
    began = time.monotonic()
    Until(LocalRuntime(tmp_path), threading.Event()).wait(0.25)
    assert time.monotonic() - began >= 0.25


def test_who_waits_for_nothing_still_hears_of_the_end(tmp_path):
    ended = threading.Event()
    ended.set()
    with pytest.raises(Cancelled):
        Until(LocalRuntime(tmp_path), ended).wait(0)
