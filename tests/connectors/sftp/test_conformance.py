"""The SFTP connector keeps the contract of the SDK."""

import itertools
import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from connector_sdk.testing import Case, Sample, Wrong, conformance
from connectors.sftp import CONNECTOR

FILES = 13
"""More than any rule serves."""
FILE = ("folder", "file_name", "path", "size", "modified")
CHANGES = ("modified", "content")


@pytest.fixture
def filled(settings, base):
    """Makes the settings of a connection, each time with a folder that holds files 1.txt to 13.txt and a large one."""
    numbers = itertools.count()

    @contextmanager
    def world():
        folder = base / str(next(numbers))
        folder.mkdir()
        for number in range(1, FILES + 1):
            path = folder / f"{number}.txt"
            path.write_text(f"content {number}")
            os.utime(path, (number, number))
        with open(folder / "large.bin", "wb") as stream:
            os.truncate(stream.fileno(), 64 << 20)
        yield settings(folder=str(folder), retry={"waits": []})

    return world


def existing(number):
    return Sample("content", {"folder": ".", "file_name": f"{number}.txt"})


def new(number):
    return Sample(f"new content {number}", {"folder": ".", "file_name": f"new-{number}.txt"})


MISSING = Sample("content", {"file_name": "missing"})
OUTSIDE = Sample("content", {"file_name": "../outside"})
LARGE = Sample(inputs={"id": "large.bin"})
NAMES = {"file_name": "path"}

TestSftp = conformance(
    CONNECTOR,
    connection="filled",
    schema=Path(__file__).with_name("connector.schema.json"),
    cases=[
        Case("query", {"pattern": "?.txt", "order": "modified"}, tracks=FILE),
        Case("list", tracks=FILE, varies=CHANGES),
        Case("get", good=existing, bad=MISSING, tracks=FILE, names={"id": "path"}, streams=LARGE),
        Case("create", good=new, bad=OUTSIDE, tracks=FILE, varies=CHANGES, names=NAMES, streams=True),
        Case("move", {"to": "moved"}, good=existing, bad=MISSING, tracks=FILE, varies=CHANGES, names={"id": ""}),
        Case("delete", good=existing, bad=MISSING, tracks=(), names={"id": ""}),
    ],
    wrong_settings=[
        Wrong({"port": 0}, at="port"),
        Wrong({"to": None}, at="to", action="move"),
        Wrong({"order": "size"}, at="order", action="query"),
    ],
    unreachable={"port": 9, "retry": {"waits": []}},
)
