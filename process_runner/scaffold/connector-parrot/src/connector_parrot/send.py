"""Send: keep a document as a note."""

from collections.abc import Iterator

from connector_sdk import Document, DocumentError, Operation, Request, setting

from connector_parrot.client import Parrot


class Send(Operation[Parrot]):
    """Keep the document as a note under its key; the document travels on."""

    action = "send"
    reads = ("key",)
    sets = ("key", "size")

    prefix: str = setting("What is put before the key.", "", dynamic=True, examples=["2026/"])

    def execute(self, client: Parrot, request: Request) -> Iterator[Document]:
        key = request.tracked("key")
        if key is None:
            raise DocumentError("the note has no name; set parrot.key", "NoKey")
        content = request.document.payload
        client.put(self.prefix + key, content.read())
        yield request.output(content, key=self.prefix + key, size=content.size)
