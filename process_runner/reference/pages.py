"""Markdown pages with generated parts, each between `<!-- reference: WHAT -->` and `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from process_runner.components.reserved import ConnectionKeys, OperationKeys
from process_runner.reference.drawings import drawing
from process_runner.reference.options import Option, options, summary

if TYPE_CHECKING:
    from connector_sdk import Connector, Operation
    from process_runner.engine.step import Shape
    from process_runner.plugins import Registry

_PART = re.compile(r"(<!-- reference: ([^>]+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(page: str, registry: Registry) -> str:
    """The page with its generated parts made anew; KeyError names a part that nothing answers to.

    WHAT is `shapes`, `shape NAME`, `components`, `connection CONNECTOR`, `actions CONNECTOR`, `tracked CONNECTOR`, or
    `graph PATH PROCESS`: a drawing of a process, the path from the working directory. `shapes` links to a page for each
    shape in the folder `shapes` beside the page.
    """
    return _PART.sub(lambda found: f"{found[1]}\n{_text(found[2].split(), registry)}\n{found[3]}", page)


def _text(what: list[str], registry: Registry) -> str:
    match what:
        case ["shapes"]:
            lines = _shapes(registry)
        case ["shape", name] if name in registry.shapes:
            lines = _shape(name, registry.shapes[name])
        case ["components"]:
            lines = _components()
        case ["graph", path, process]:
            lines = drawing(path, process, registry)
        case [("connection" | "actions" | "tracked") as part, name] if _is_whole(name, registry):
            parts = {"connection": _connection, "actions": _actions, "tracked": _tracked}
            lines = parts[part](registry.connectors[name])
        case _:
            raise KeyError(" ".join(what))
    return "\n".join(lines)


def _is_whole(name: str, registry: Registry) -> bool:
    """Whether a connector is there with all its actions; a page without some of them would pass for all of it."""
    return name in registry.connectors and name not in registry.broken_actions


def _shapes(registry: Registry) -> Iterator[str]:
    yield "| shape | does |\n| --- | --- |"
    for name, shape in sorted(registry.shapes.items()):
        first = summary(shape).split(". ")[0].removesuffix(".")
        yield f"| [`{name}`](shapes/{name}.md) | {_cell(first)} |"
    yield ""


def _shape(name: str, shape: type[Shape]) -> Iterator[str]:
    yield summary(shape) + "\n"
    if shape.short:
        yield f"In short, `{name}: VALUE` is `{name}: {{{shape.short}: VALUE}}`.\n"
    yield from _table(options(shape.json_schema(), shape.whole))


def _components() -> Iterator[str]:
    for title, keys in (("connection", ConnectionKeys), ("operation", OperationKeys)):
        yield f"### Keys of every {title}\n"
        yield from _table(options(keys.json_schema()))


def _connection(connector: Connector) -> Iterator[str]:
    yield from _table(options(connector.connection.json_schema()))


def _actions(connector: Connector) -> Iterator[str]:
    for _, operation in sorted(connector.actions.items()):
        yield from _action(operation)


def _action(operation: type[Operation[Any]]) -> Iterator[str]:
    yield f"### {operation.action}\n"
    yield summary(operation) + "\n"
    yield from _table(options(operation.json_schema()))
    if operation.inputs:
        yield "| parameter | required | meaning |\n| --- | --- | --- |"
        for each in operation.inputs:
            yield f"| `{each.name}` | {'yes' if each.required else ''} | {_cell(each.description)} |"
        yield ""
    for title, names in (("Reads", operation.reads), ("Sets", operation.sets), ("Needs", operation.permissions)):
        if names:
            yield f"{title}: {', '.join(f'`{name}`' for name in names)}.\n"


def _tracked(connector: Connector) -> Iterator[str]:
    setting = [operation for _, operation in sorted(connector.actions.items())]
    yield "| property | a process can set it | set by | meaning |\n| --- | --- | --- | --- |"
    for each in connector.tracked:
        actions = ", ".join(operation.action for operation in setting if each.name in operation.sets)
        settable = "yes" if each.settable else ""
        yield f"| `{connector.id}.{each.name}` | {settable} | {actions} | {_cell(each.description)} |"
    yield ""


def _table(rows: Iterable[Option]) -> Iterator[str]:
    found = list(rows)
    if not found:
        return
    yield "| option | value | default | meaning |\n| --- | --- | --- | --- |"
    for row in found:
        marks = f" ({', '.join(row.marks)})" if row.marks else ""
        default = f"`{_cell(row.default)}`" if row.default else ""
        yield f"| `{row.name}`{marks} | {_cell(row.type)} | {default} | {_cell(row.description)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
