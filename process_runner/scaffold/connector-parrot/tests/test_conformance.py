"""The connector keeps the contract of the SDK."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from connector_sdk.testing import Case, Sample, Wrong, conformance

from connector_parrot import CONNECTOR
from connector_parrot.client import Parrot


@contextmanager
def notes() -> Iterator[dict[str, str]]:
    """The settings of a connection, with the notes 1 to 12 behind them."""
    with TemporaryDirectory() as folder:
        file = f"{folder}/notes.db"
        for number in range(1, 13):
            Parrot(file).put(f"{number}", b"content")
        yield {"file": file}


TestParrot = conformance(
    CONNECTOR,
    connection=notes,
    cases=[
        Case("send", good=lambda number: Sample("new", {"key": f"{number}"}), bad="no key", names={"key": "key"}),
        Case(
            "fetch",
            good=lambda number: Sample(inputs={"id": f"{number}"}),
            bad=Sample(inputs={"id": "missing"}),
            names={"id": "key"},
        ),
    ],
    wrong_settings=[Wrong({"file": ""}, at="file")],
    unreachable={"file": "/no/such/folder/notes.db"},
    schema=Path(__file__).parents[1] / "connector.schema.json",
)
