"""One reader: whether content that a step gives goes to the last step of its process at once, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from connector_sdk import Document
from process_runner.engine.group import DocumentGroup
from process_runner.expressions import templates
from process_runner.expressions.references import JSON, parted

if TYPE_CHECKING:
    from process_runner.engine.call import Call
    from process_runner.engine.flow import Flow

FACTS = ("document.id", "document.index", "document.size")
"""What expressions can know of a document without a look at its content."""


def has_one_reader(documents: Iterable[Document], call: Call, flow: Flow) -> bool:
    """Whether what the call gives for its document is read once at most, and before anything else happens.

    That is so of a document alone in its group, between the call and the connector step that ends the process, where
    nobody catches it if it fails. Of several, one would be read when it may have changed since.
    """
    if not flow.rest.steps or not isinstance(documents, DocumentGroup) or len(documents) != 1:
        return False
    known = flow.execution.straight
    if flow.step.label not in known:  # looked at once, as a batch of one may be any of a million
        known[flow.step.label] = _goes_straight(call, flow)
    return known[flow.step.label] and flow.execution.ends_with(flow.rest)


def _goes_straight(call: Call, flow: Flow) -> bool:
    """Whether a document goes from the call to one reader, and nothing looks at its content on the way."""
    *between, last = flow.rest.steps
    return (
        not call.dynamic_connection  # its client may be closed before the reader reads
        and not _watches(call, flow)
        and all(step.kind == "set_properties" and step.shape.simple() and not _looks(step.shape) for step in between)
        and last.kind == "connector"
        and _reads_once(last.shape, flow)
    )


def _reads_once(connector: Any, flow: Flow) -> bool:
    """Whether the last step hands its document to an operation that reads it once, and lets nothing of it travel on."""
    call: Call = connector.call
    operation = flow.execution.project.operations[call.operation].operation
    return operation.reads_once and not (call.pass_through or _looks(call) or _watches(call, flow))


def _watches(call: Call, flow: Flow) -> bool:
    """Whether a call passes refusals on as documents, or keeps something of the content."""
    return call.return_application_errors or _looks(flow.execution.project.operations[call.operation].keys)


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
