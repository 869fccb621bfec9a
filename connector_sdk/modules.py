"""Operations in modules of their own: each is imported when its action is first asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from connector_sdk.declaration import is_operation, operation_faults

if TYPE_CHECKING:
    from connector_sdk.component import Operation


class Modules(Mapping[str, "type[Operation[Any]]"]):
    """The operations of a connector by action, in their order: `Modules("connectors.s3.operations", "get", "upsert")`.

    Each is the one operation of its action in the module of that name below the package. Names are known without an
    import. ValueError tells a slip in what was imported, ImportError what a module raised.
    """

    def __init__(self, package: str, *actions: str) -> None:
        self._package = package
        self._actions = actions
        self._connector = ""
        self._tracked: frozenset[str] | None = None
        self._imported: dict[str, type[Operation[Any]]] = {}
        if wrong := [each for each in (package, *actions) if not isinstance(each, str)]:
            raise ValueError(f"Modules takes the names of a package and of the modules in it; {wrong[0]!r} is none")
        if odd := [each for each in actions if not each.isidentifier()]:
            raise ValueError(f"{odd[0]!r} cannot be the name of a module; give its operation in a tuple of classes")
        if twice := sorted({each for each in actions if actions.count(each) > 1}):
            raise ValueError(f"two operations have the action {', '.join(twice)}")

    def of(self, connector: str, tracked: Iterable[str]) -> Modules:
        """The same for a connector with these tracked properties; what an operation declares is held against them."""
        made = Modules(self._package, *self._actions)
        made._connector = connector
        made._tracked = frozenset(tracked)
        return made

    def __getitem__(self, action: str) -> type[Operation[Any]]:
        if action not in self._actions:
            raise KeyError(action)
        if action not in self._imported:  # threads that come at once import once, and find the same class
            self._imported[action] = self._sound(action)
        return self._imported[action]

    def __contains__(self, action: object) -> bool:
        return action in self._actions

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Modules):
            return (self._package, self._actions) == (other._package, other._actions)
        return super().__eq__(other)

    def __hash__(self) -> int:
        return hash((self._package, self._actions))

    def __repr__(self) -> str:
        return f"Modules({', '.join(map(repr, (self._package, *self._actions)))})"

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_imported": {}}

    def _sound(self, action: str) -> type[Operation[Any]]:
        try:
            operation = _operation(_module(self._package, action), action)
            if self._tracked is not None and (told := next(operation_faults(operation, self._tracked), None)):
                raise ValueError(told)
        except ValueError as error:
            raise ValueError(f"connector '{self._connector}': {error}" if self._connector else str(error)) from error
        return operation


def _module(package: str, action: str) -> ModuleType:
    name = f"{package}.{action}"
    try:
        return importlib.import_module(name)
    except Exception as error:  # whatever an author's module raises, told as an import that failed, with its name
        missing = error.name if isinstance(error, ImportError) else None
        if isinstance(error, ModuleNotFoundError) and f"{name}.".startswith(f"{missing}."):
            told = f"there is no module {missing}; {name} is where the operation with action = {action!r} belongs"
            raise ValueError(told) from error
        raise ImportError(f"{name} raised {type(error).__name__}: {error}", name=missing) from error


def _operation(module: ModuleType, action: str) -> type[Operation[Any]]:
    own = [each for each in vars(module).values() if is_operation(each) and each.__module__ == module.__name__]
    found = dict.fromkeys(own)
    fitting = [each for each in found if getattr(each, "action", None) == action]
    if len(fitting) == 1:
        return fitting[0]
    seen = [f"{each.__name__} with action = {getattr(each, 'action', None)!r}" for each in found]
    raise ValueError(
        f"{module.__name__} has one class derived from Operation with action = {action!r}, "
        f"and this one has {', '.join(seen) or 'none'}"
    )
