"""Fetch: a note as a document."""

from collections.abc import Iterator

from connector_sdk import Document, Input, Operation, Request

from connector_parrot.client import Parrot


class Fetch(Operation[Parrot]):
    """Give a note as a document."""

    action = "fetch"
    inputs = (Input("id", "The name of the note.", required=True),)
    sets = ("key", "size")

    def execute(self, client: Parrot, request: Request) -> Iterator[Document]:
        key = request.inputs["id"]
        content = client.get(key)
        yield request.output(content, key=key, size=len(content))
