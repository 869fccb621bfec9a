"""The disk connector keeps the contract of the SDK."""

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from connector_sdk.testing import Case, Sample, Wrong, conformance
from connectors.disk import CONNECTOR

LARGE = 64 << 20
FILE = ("folder", "file_name", "path", "size", "modified")
CHANGES = ("modified", "content")


@contextmanager
def folder():
    """A folder with files 1.txt to 20.txt and a large one."""
    with TemporaryDirectory() as base:
        for number in range(1, 21):
            path = Path(base, f"{number}.txt")
            path.write_text(f"content {number}")
            os.utime(path, (number, number))
        with open(Path(base, "large.bin"), "wb") as stream:
            os.truncate(stream.fileno(), LARGE)
        yield {"folder": base}


def existing(number):
    return Sample("content", {"folder": ".", "file_name": f"{number}.txt"})


def new(number):
    return Sample(f"new content {number}", {"folder": ".", "file_name": f"new-{number}.txt"})


MISSING = Sample("content", {"file_name": "missing"})
OUTSIDE = Sample("content", {"file_name": "../outside"})

TestDisk = conformance(
    CONNECTOR,
    connection=folder,
    schema=Path(__file__).with_name("connector.schema.json"),
    cases=[
        Case("query", {"pattern": "?.txt", "order": "modified"}, tracks=FILE),
        Case("list", tracks=FILE, varies=CHANGES),
        Case(
            "get",
            good=existing,
            bad=MISSING,
            tracks=FILE,
            names={"id": "path", "file_name": "file_name"},
            streams=Sample(inputs={"id": "large.bin"}),
        ),
        Case("create", good=new, bad=OUTSIDE, tracks=FILE, varies=CHANGES, names={"file_name": "path"}, streams=True),
        Case("create", {"if_exists": "append"}, good=new, bad=OUTSIDE, varies=CHANGES, streams=True, label="append"),
        Case("move", {"to": "moved"}, good=existing, bad=MISSING, tracks=FILE, varies=CHANGES, names={"id": ""}),
        Case("delete", good=existing, bad=MISSING, tracks=(), names={"id": "", "file_name": ""}),
    ],
    wrong_settings=[
        Wrong({"folder": ""}, at="folder"),
        Wrong({"folder": "/no/such/folder"}, at="folder"),
        Wrong({"order": "size"}, at="order", action="query"),
        Wrong({"if_exists": "ask"}, at="if_exists", action="create"),
        Wrong({"to": None}, at="to", action="move"),
    ],
)
