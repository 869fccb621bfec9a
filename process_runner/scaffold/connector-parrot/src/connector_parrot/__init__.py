"""The Parrot connector: notes that are kept and given back."""

from connector_sdk import Connector, Tracked, hookimpl

from connector_parrot.connection import ParrotConnection
from connector_parrot.fetch import Fetch
from connector_parrot.send import Send

__all__ = ["CONNECTOR", "connectors"]

CONNECTOR = Connector(
    id="parrot",
    label="Parrot",
    connection=ParrotConnection,
    operations=(Fetch, Send),
    tracked=(
        Tracked("key", "The name of the note.", settable=True, identifies=True),
        Tracked("size", "The size of the note in bytes."),
    ),
    sdk="1.0",
)


@hookimpl
def connectors() -> Connector:
    """The connector of this package."""
    return CONNECTOR
