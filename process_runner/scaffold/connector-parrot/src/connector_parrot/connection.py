"""The connection: where the notes are."""

from collections.abc import Iterator

from connector_sdk import Check, Connection, Runtime, setting

from connector_parrot.client import Parrot


class ParrotConnection(Connection[Parrot]):
    """Notes in one SQLite file."""

    file: str = setting("The file with the notes; made where it is missing.", min_length=1, examples=["notes.db"])

    def open(self, runtime: Runtime) -> Parrot:
        return Parrot(self.file)

    def checks(self, client: Parrot) -> Iterator[Check]:
        yield Check("network", client.ping, "make the folder of the file, and let this account write there")
