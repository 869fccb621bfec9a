"""One reader: whether content that a step gives goes to the last step of its process at once, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from connector_sdk import Document
from process_runner.engine.group import DocumentGroup
from process_runner.expressions import templates
from process_runner.expressions.references import JSON, parted
from process_runner.language.project import Operated

if TYPE_CHECKING:
    from process_runner.engine.flow import Flow
    from process_runner.engine.step import Step

FACTS = ("document.id", "document.index", "document.size")
"""What expressions can know of a document without a look at its content."""


def has_one_reader(documents: Iterable[Document], operated: Operated, flow: Flow) -> bool:
    """Whether what the operation gives for its document is read once at most, and before anything else happens.

    That is so of a document alone in its group, between the operation and the connector step that ends the process,
    where nobody catches it if it fails. Of several, one would be read when it may have changed since.
    """
    if not flow.rest.steps or not isinstance(documents, DocumentGroup) or len(documents) != 1:
        return False
    *between, last = flow.rest.steps
    return (
        flow.execution.ends_with(flow.rest)
        and not _looks(operated.keys)
        and all(step.kind == "set_properties" and not _looks(step.shape) for step in between)
        and _ends(last, flow)
    )


def _ends(last: Step, flow: Flow) -> bool:
    """Whether the step hands the document to an operation, and lets nothing of it travel on."""
    if last.kind != "connector":
        return False
    call: Any = getattr(last.shape, "call")  # noqa: B009  # of a shape that imports this package
    if call.pass_through or _looks(call):
        return False
    return not _looks(flow.execution.project.operations[call.operation].keys)


def _looks(settings: Any) -> bool:
    """Whether settings make anybody look at content: an expression, an archive, a cache."""
    if getattr(settings, "archiving", None) or getattr(settings, "caching", None):
        return True
    return any(not template.constant and _reads_content(str(template.source)) for template in templates(settings))


def _reads_content(source: str) -> bool:
    parts = parted(source)
    if parts is None:
        return True  # more than references: it may
    names = [each for each in parts if not isinstance(each, str)]
    return any(each[0] == JSON or (each[0] == "document" and ".".join(each) not in FACTS) for each in names)
