"""data_process: works on the content of documents, one operation after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from connector_sdk import Document, Payload, Settings, setting
from connector_sdk.settings import given
from process_runner.engine.combine import combined
from process_runner.engine.flow import Flow
from process_runner.engine.group import DocumentGroup
from process_runner.engine.step import Fault, Shape
from process_runner.expressions import Expression, Scope
from process_runner.formats import Combine, Split
from process_runner.formats.base64 import Base64Decode, Base64Encode
from process_runner.formats.characters import CharacterDecode, CharacterEncode
from process_runner.formats.gzip import Gunzip, Gzip
from process_runner.formats.search_replace import PatternReplace, TextReplace
from process_runner.formats.zip import Unzip, Zip
from process_runner.language.project import Project

NAME = "{{ prop.file_name | default(prop.disk.file_name) | default(document.id) }}"


class ZipDocuments(Settings):
    """Packs all documents into one archive."""

    name: Expression = setting("What each document is called in the archive.", NAME)
    level: int = setting("From 1, the fastest, to 9, the smallest.", 6, ge=1, le=9)


class Operation(Settings, schema={"minProperties": 1, "maxProperties": 1}):
    """One operation: a mapping with one of these keys."""

    split: Split | None = setting("Makes several documents of one.", None, discriminator="format")
    combine: Combine | None = setting(
        "Makes one document of all; it keeps the properties on which they agree.", None, discriminator="format"
    )
    base64_encode: Base64Encode | None = setting("Writes the content as base64.", None)
    base64_decode: Base64Decode | None = setting("Reads base64.", None)
    character_encode: CharacterEncode | None = setting("Writes UTF-8 text in another encoding.", None)
    character_decode: CharacterDecode | None = setting("Reads text in another encoding; it becomes UTF-8.", None)
    gzip: Gzip | None = setting("Compresses the content.", None)
    gunzip: Gunzip | None = setting("Decompresses the content.", None)
    zip: ZipDocuments | None = setting("Packs all documents into one archive.", None)
    unzip: Unzip | None = setting("Makes a document of each file in an archive, its name in `file_name`.", None)
    search_replace: TextReplace | PatternReplace | None = setting("Replaces a text or a pattern.", None)

    @property
    def name(self) -> str:
        """The key that is written."""
        return next(iter(given(self)))

    @property
    def chosen(self) -> Any:
        """The operation; one that is written without settings has its defaults."""
        return getattr(self, self.name) or _PLAIN[self.name]()

    def apply(self, documents: DocumentGroup, flow: Flow, *, is_last: bool) -> DocumentGroup:
        """The documents after the operation; those that cannot be worked on fail, and nothing of them goes on."""
        chosen = self.chosen
        if isinstance(chosen, Split):
            return flow.split(documents, chosen.split, counted=is_last)
        if not isinstance(chosen, Combine | ZipDocuments):
            serve = flow.each if is_last else flow.transform
            return serve(documents, lambda scope: _worked_on(chosen, scope, flow))
        if isinstance(chosen, Combine):
            one = combined(documents, flow, chosen.combine)
        else:
            one = combined(documents, flow, lambda _: _archive(chosen, documents, flow))
        if not is_last:
            return one
        result = flow.group()
        flow.pass_on(one, result)
        return result


_PLAIN: dict[str, type[Settings]] = {
    "base64_encode": Base64Encode,
    "base64_decode": Base64Decode,
    "gzip": Gzip,
    "gunzip": Gunzip,
    "zip": ZipDocuments,
    "unzip": Unzip,
}


class DataProcess(Shape):
    """Works on the content of documents: a list of operations, applied in order."""

    whole: ClassVar[str | None] = "operations"

    operations: tuple[Operation, ...] = setting("What to do, in order.", min_length=1)

    def run(self, documents: DocumentGroup, flow: Flow) -> DocumentGroup:
        """The documents after the last operation."""
        *earlier, last = self.operations
        for operation in earlier:
            documents = operation.apply(documents, flow, is_last=False)
        return last.apply(documents, flow, is_last=True)

    def faults(self, project: Project) -> Iterator[Fault]:
        """Operations written without the settings they need."""
        for index, operation in enumerate(self.operations):
            if getattr(operation, operation.name) is None and operation.name not in _PLAIN:
                yield Fault((index, operation.name), f"'{operation.name}' needs settings", at_key=True)


def _worked_on(chosen: Any, scope: Scope, flow: Flow) -> Document | Iterator[Document]:
    document, store = scope.document, flow.execution.runtime.store
    if isinstance(chosen, Unzip):
        return _files(chosen, document, flow)
    return document.replace(payload=store(chosen.convert(document.payload)))


def _files(unzip: Unzip, archive: Document, flow: Flow) -> Iterator[Document]:
    for name, pieces in unzip.split(archive.payload):
        payload = flow.execution.runtime.store(pieces)
        yield archive.replace(payload=payload, properties={**archive.properties, "file_name": name})


def _archive(chosen: ZipDocuments, documents: DocumentGroup, flow: Flow) -> Iterator[bytes]:
    def named() -> Iterator[tuple[str, Payload]]:
        for scope in flow.scopes(documents):
            yield chosen.name.text(scope), scope.document.payload

    return Zip(level=chosen.level).combine(named())
