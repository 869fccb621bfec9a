"""What a connector declares, looked at when it is made, so that a slip is told in words and not met later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeGuard

from connector_sdk.settings import Field, Settings, SettingsError, fields

if TYPE_CHECKING:
    from connector_sdk.component import Connector, Operation

KINDS: Mapping[str, str] = MappingProxyType({"operations": "classes derived from Operation", "tracked": "Tracked(...)"})
TUPLES: Mapping[str, str] = MappingProxyType(
    {"inputs": "Input(...)", "reads": "texts", "sets": "texts", "permissions": "texts"}
)


def faults(connector: Connector) -> Iterator[str]:
    """Each slip in what a connector declares, in a sentence; operations in modules are looked at when imported."""
    yield from _settings_faults(connector.connection)
    if not isinstance(connector.operations, tuple):
        return
    names = {each.name for each in connector.tracked}
    for operation in connector.operations:
        yield from operation_faults(operation, names)
    actions = [getattr(operation, "action", None) for operation in connector.operations]
    if twice := {action for action in actions if actions.count(action) > 1}:
        yield f"two operations have the action {', '.join(sorted(map(str, twice)))}"


def operation_faults(operation: type[Operation[Any]], tracked: Set[str]) -> Iterator[str]:
    """Each slip in what an operation declares, of a connector with these tracked properties."""
    action = getattr(operation, "action", None)
    if not isinstance(action, str):
        yield f'{operation.__name__} has no `action`, such as action = "send"'
        return
    yield from _settings_faults(operation)
    slips = list(_tuple_faults(operation))
    yield from slips
    if not slips and (unknown := {*operation.sets, *operation.reads} - tracked):
        yield f"{action} names undeclared tracked properties: {', '.join(sorted(unknown))}"


def wrong_parts(connector: Connector) -> Iterator[str]:
    """Each part of a connector that is of a wrong kind altogether."""
    from connector_sdk.component import Connection, Tracked
    from connector_sdk.modules import Modules

    if not _is_class(connector.connection, Connection):
        yield f"connection is a class derived from Connection, not {connector.connection!r}"
    if not isinstance(connector.operations, Modules):
        yield from _not_all("operations", connector.operations, is_operation)
    yield from _not_all("tracked", connector.tracked, lambda each: isinstance(each, Tracked))


def is_operation(given: Any) -> TypeGuard[type[Operation[Any]]]:
    """Whether something is a class derived from Operation."""
    from connector_sdk.component import Operation

    return _is_class(given, Operation)


def _not_all(name: str, given: Any, is_right: Callable[[Any], bool]) -> Iterator[str]:
    kind = KINDS[name]
    if is_right(given) or not isinstance(given, tuple):
        yield f"{name} is a tuple of {kind}: {name}=({getattr(given, '__name__', '...')},)"
    elif wrong := [each for each in given if not is_right(each)]:
        yield f"{name} is a tuple of {kind}; {wrong[0]!r} is none"


def _settings_faults(settings: type[Settings]) -> Iterator[str]:
    for field in fields(settings).values():
        what = f"the setting {settings.__name__}.{field.name}"
        if not isinstance(field.description, str) or not field.description.strip():
            yield f"{what} has no description; declare it with setting(...)"
        else:
            yield from _field_faults(field, what)
    if not isinstance(settings.migrations, tuple):
        yield f"`migrations` of {settings.__name__} is a tuple: migrations = (...,)"


def _field_faults(field: Field, what: str) -> Iterator[str]:
    try:
        _ = field.form
    except TypeError as error:
        yield str(error)
        return
    try:
        if not field.is_required:
            field.by_default(None)
    except SettingsError as error:
        yield f"{what} has a default that it cannot have: {error}"


def _tuple_faults(operation: type[Operation[Any]]) -> Iterator[str]:
    from connector_sdk.component import Input

    for name in TUPLES:
        given: Any = getattr(operation, name)
        kind: type = Input if name == "inputs" else str
        if not isinstance(given, tuple | list) or isinstance(given, Input):
            value = repr(given) if isinstance(given, str) else "..."
            yield f"`{name}` of {operation.action} is a tuple: {name} = ({value},)"
        elif wrong := [each for each in given if not isinstance(each, kind)]:
            yield f"`{name}` of {operation.action} is a tuple of {TUPLES[name]}; {wrong[0]!r} is none"
    if not isinstance(operation.concurrency, int) or operation.concurrency < 1:
        yield f"`concurrency` of {operation.action} is a whole number from 1 on, not {operation.concurrency!r}"


def _is_class(given: Any, kind: type) -> bool:
    return isinstance(given, type) and issubclass(given, kind)
