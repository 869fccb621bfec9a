"""Properties that are read and never set."""

from __future__ import annotations

from collections.abc import Iterator

from process_runner.expressions.views import DOCUMENT, EXECUTION
from process_runner.language.place import Problem, nearest, suggestion
from process_runner.language.project import Project
from process_runner.lint._reads import named_components, needed, sources, steps
from process_runner.shapes.set_properties import SetProperties
from process_runner.shapes.start import Documents, InlineDocument, Start

ENGINE = {"meta": ("status_code", "status_message", "size"), "error": ("message", "step", "code")}
VIEWS = {"document": DOCUMENT, "error": ENGINE["error"], "execution": EXECUTION}
GIVEN = "file_name"
"""The property of documents that come from the command line."""


def check(project: Project) -> Iterator[Problem]:
    """Reads of what nothing in the project sets; those with a default are left out."""
    operations = [project.operations[name] for name in _operations(project)]
    of_documents = _dynamic(project)
    of_connectors = {f"{each.connector.id}.{name}" for each in operations for name in each.operation.sets}
    of_connectors |= {name for step in steps(project) for name in _set(step.shape) if "." in name}
    tags = any(getattr(each.operation, "include_tagging", False) for each in operations)
    shared = _shared(project)
    for step in steps(project):
        for source in sources(step.shape):
            yield from (Problem(step.place, text) for text in (*_fixed(source), *_misspelt(source, shared)))
            for names in needed(source, "prop"):
                may_be_tag = tags and names[0] not in project.registry.connectors
                text = None if may_be_tag else _problem(names, project, of_documents, of_connectors)
                if text:
                    yield Problem(step.place, text)


def _fixed(source: str) -> Iterator[str]:
    """Reads of what a view never has."""
    for view, known in VIEWS.items():
        for name in {names[0] for names in needed(source, view)} - set(known):
            yield f"there is no '{view}.{name}' to be read here" + suggestion(name, known)


def _misspelt(source: str, shared: set[str]) -> Iterator[str]:
    """Reads of process properties that the project sets under another name; `--set` may give any that it does not."""
    for name in {names[0] for names in needed(source, "process")} - shared:
        if near := nearest(name, shared):
            yield f"nothing in the project sets the process property '{name}'; did you mean '{near}'?"


def _problem(names: tuple[str, ...], project: Project, dynamic: set[str], tracked: set[str]) -> str | None:
    space, rest = names[0], names[1:]
    if space in ENGINE or space in project.registry.connectors:
        return _tracked(space, rest[0], project, tracked) if rest else None
    if space in dynamic:
        return None
    return f"nothing sets the property '{space}' that is read here" + suggestion(space, dynamic)


def _tracked(space: str, name: str, project: Project, tracked: set[str]) -> str | None:
    known = ENGINE.get(space) or [each.name for each in project.registry.connectors[space].tracked]
    if name not in known:
        return f"there is no property '{space}.{name}' to be read here" + suggestion(name, known)
    if space in ENGINE or f"{space}.{name}" in tracked:
        return None
    return f"nothing sets the property '{space}.{name}' that is read here"


def _operations(project: Project) -> set[str]:
    return {name for step in steps(project) for name in named_components(step.shape, "operations")}


def _dynamic(project: Project) -> set[str]:
    found = {GIVEN}
    for step in steps(project):
        found |= {name for name in _set(step.shape) if "." not in name}
        if isinstance(step.shape, Start) and isinstance(step.shape.source, Documents):
            for written in step.shape.source.documents:
                found |= set(written.properties) if isinstance(written, InlineDocument) else set()
    return found


def _shared(project: Project) -> set[str]:
    """The process properties that steps set, callers hand over, or extensions give."""
    found = set(project.process_properties)
    for step in steps(project):
        found |= {name.removeprefix("process.") for name in _set(step.shape) if name.startswith("process.")}
        found |= set(getattr(step.shape, "parameters", ())) if step.kind == "process_call" else set()
    return found


def _set(shape: object) -> set[str]:
    return set(shape.properties) if isinstance(shape, SetProperties) else set()
