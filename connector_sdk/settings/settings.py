"""The class that settings derive from, and what can be asked of it."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TypeVar, dataclass_transform

from connector_sdk.migration import Migration
from connector_sdk.settings.declared import declared_in
from connector_sdk.settings.errors import REFUSALS, Fault, SettingsError, told
from connector_sdk.settings.field import Field
from connector_sdk.settings.forms import not_a
from connector_sdk.settings.schema import whole_schema

Some = TypeVar("Some", bound="Settings")


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Kind(ABCMeta):
    """The class of classes of settings; type checkers read here what those are like."""


class Settings(metaclass=Kind):
    """Frozen and strict: an unknown key is an error, a default is held against its form like a given value.

    What a class annotates are its settings, except ClassVars and names with an underscore. `schema` adds keywords to
    the JSON Schema of a class, as in `class Either(Settings, schema={"maxProperties": 1})`; a class that `takes_any`
    keeps keys that it does not know as they are.
    """

    __slots__ = ("__dict__", "__given__")
    __given__: ClassVar[frozenset[str]]  # of each object in truth: what is no ClassVar is taken for a setting

    migrations: ClassVar[tuple[Migration, ...]] = ()
    """What older files write, and what becomes of it; in their order."""
    __fields__: ClassVar[Mapping[str, Field]] = {}
    __keys__: ClassVar[Mapping[str, Field]] = {}
    __keywords__: ClassVar[Mapping[str, Any]] = {}
    __takes_any__: ClassVar[bool] = False

    def __init_subclass__(
        cls, *, schema: Mapping[str, Any] | None = None, takes_any: bool = False, **rest: Any
    ) -> None:
        super().__init_subclass__(**rest)
        inherited: dict[str, Field] = {}
        for base in reversed(cls.__mro__[1:]):
            inherited |= getattr(base, "__fields__", {})
        cls.__fields__ = {**inherited, **dict(declared_in(cls, Settings))}
        cls.__keys__ = {field.key: field for field in cls.__fields__.values()}
        if twice := [field.key for field in cls.__fields__.values() if cls.__keys__[field.key] is not field]:
            raise TypeError(f"two settings of {cls.__name__} are called {twice[0]}")
        cls.__takes_any__ = cls.__takes_any__ or takes_any
        if schema is not None:
            cls.__keywords__ = schema

    def __init__(self, **values: Any) -> None:
        _fill(self, values, None)

    @classmethod
    def load(cls, written: Mapping[str, Any], context: Any = None) -> Self:
        """The settings that a mapping holds; SettingsError with every fault. `Parsed` values get the context."""
        made = cls.__new__(cls)
        _fill(made, written, context)
        return made

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema (2020-12) of these settings as a YAML file writes them, made anew each time."""
        return whole_schema(cls)

    def validate(self) -> None:
        """Raise ValueError, with a text for the author, where settings do not go together that are right alone."""

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and _state(self) == _state(other)

    if not TYPE_CHECKING:  # mypy takes it for that of the class, and classes are kept in caches

        def __hash__(self) -> int:
            return hash((type(self), *_state(self).values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in _state(self).items())})"

    def __getstate__(self) -> tuple[dict[str, Any], frozenset[str]]:
        return _state(self), self.__given__

    def __setstate__(self, state: tuple[dict[str, Any], frozenset[str]]) -> None:
        _set(self, *state)


def fields(settings: Settings | type[Settings]) -> Mapping[str, Field]:
    """The settings of a class by their names in Python, inherited ones first."""
    return settings.__fields__


def given(settings: Settings) -> frozenset[str]:
    """The names of those that were given, and are not left at their defaults."""
    return settings.__given__


def replaced(settings: Some, **values: Any) -> Some:
    """The same settings with some values, typed ones, in place of theirs; nothing is checked."""
    made = type(settings).__new__(type(settings))
    _set(made, {**_state(settings), **values}, settings.__given__ | values.keys())
    return made


def overridden(settings: Some, written: Mapping[str, Any], context: Any = None) -> Some:
    """The same settings with some values as a file would write them; SettingsError where they do not fit."""
    values, faults = _loaded(type(settings), written, context)
    made = replaced(settings, **values)
    _settle(made, faults)
    return made


def _fill(made: Settings, written: Mapping[str, Any], context: Any) -> None:
    """Make an empty object what is written."""
    values, faults = _loaded(type(made), written, context)
    state: dict[str, Any] = {}
    for name, field in type(made).__fields__.items():
        if name in values:
            state[name] = values[name]
        elif field.key in written or name in written:
            continue  # it is wrong, and told
        elif field.is_required:
            faults.append(Fault((field.key,), "it is missing"))
        else:
            try:
                state[name] = field.by_default(context)
            except SettingsError as error:
                faults += error.below(field.key)
    _set(made, {**state, **values}, frozenset(values))
    _settle(made, faults)


def _loaded(kind: type[Settings], written: Mapping[str, Any], context: Any) -> tuple[dict[str, Any], list[Fault]]:
    """Typed values by name, of keys as files and as Python write them, and what is wrong."""
    if not isinstance(written, Mapping):
        raise SettingsError(not_a("object").faults, kind.__name__)
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, value in written.items():
        field = kind.__keys__.get(key) or kind.__fields__.get(key)
        if field is not None:
            try:
                values[field.name] = field.made(value, context)
            except SettingsError as error:
                faults += error.below(key)
        elif kind.__takes_any__:
            values[key] = value
        else:
            faults.append(Fault((key,), "there is no such setting"))
    return values, faults


def _settle(made: Settings, faults: list[Fault]) -> None:
    """Raise what is wrong, in parts or together."""
    if not faults:
        try:
            made.validate()
        except REFUSALS as error:
            faults = list(told(error).faults)
    if faults:
        raise SettingsError(faults, type(made).__name__)


def _set(made: Settings, state: dict[str, Any], names: frozenset[str]) -> None:
    made.__dict__.update(state)
    object.__setattr__(made, "__given__", names)


def _state(settings: Settings) -> dict[str, Any]:
    """Values by name, without what the object remembers besides."""
    if settings.__takes_any__:
        return dict(settings.__dict__)
    return {name: settings.__dict__[name] for name in settings.__fields__ if name in settings.__dict__}
