"""One setting: what is declared of it, and the form that its annotation gives it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cached_property
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any, get_type_hints

from connector_sdk.settings.errors import NOT_POSSIBLE, REFUSALS, refused, told

if TYPE_CHECKING:
    from connector_sdk.settings.forms import Form


class Declared:
    """What `setting` was told."""

    def __init__(
        self,
        description: str = "",
        default: Any = ...,
        *,
        alias: str | None = None,
        keywords: Mapping[str, Any] = MappingProxyType({}),
        check: Callable[[Any], Any] | None = None,
        discriminator: str | None = None,
        limits: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.description = description
        self.default = default
        self.alias = alias
        self.keywords = keywords
        self.check = check
        self.discriminator = discriminator
        self.limits = limits

    def checked(self, value: Any) -> Any:
        """The value, where `check` finds nothing wrong with it; SettingsError otherwise."""
        if self.check is not None:
            try:
                is_possible = self.check(value)
            except REFUSALS as error:
                raise told(error) from error
            if is_possible is False:
                raise refused(NOT_POSSIBLE)
        return value


def setting(
    description: str,
    default: Any = ...,
    *,
    dynamic: bool = False,
    examples: list[Any] | None = None,
    alias: str | None = None,
    schema: Mapping[str, Any] | None = None,
    check: Callable[[Any], Any] | None = None,
    discriminator: str | None = None,
    **limits: Any,
) -> Any:
    """Declare one setting; without a `default` it is required.

    `dynamic` lets a connector step override it per document. `alias` is how files write its name. `schema` adds
    keywords to its JSON Schema. `check(value)` raises ValueError, with a text for the author, or gives False, for what
    a schema cannot rule out. `discriminator` is the setting that tells apart what it may hold. `limits` are `ge`, `gt`,
    `le` and `lt` of numbers, `min_length` and `max_length` of whatever has a length, and `pattern`, found somewhere in
    a text.
    """
    keywords = {**({"examples": examples} if examples else {}), **({"dynamic": True} if dynamic else {})}
    return Declared(
        description,
        default,
        alias=alias,
        keywords={**keywords, **(schema or {})},
        check=check,
        discriminator=discriminator,
        limits=limits,
    )


class Field:
    """A setting of a class: what was declared, with the names that Python and files have for it."""

    def __init__(self, name: str, declared: Declared, annotation: Any, owner: type, around: Mapping[str, Any]) -> None:
        self.name = name
        self.key = declared.alias or name
        self.description = declared.description
        self.default = declared.default
        self.keywords = declared.keywords
        self._declared = declared
        self._annotation = annotation
        self._owner = owner
        self._around = around

    @property
    def is_required(self) -> bool:
        """Whether it has to be given."""
        return self.default is ...

    @property
    def is_dynamic(self) -> bool:
        """Whether a step may override it for each document."""
        return bool(self.keywords.get("dynamic"))

    @cached_property
    def form(self) -> Form:
        """What it may hold; looked up late, as annotations name what is defined after the class."""
        from connector_sdk.settings.annotations import form_of

        held = SimpleNamespace(__annotations__={"it": self._annotation})
        module = sys.modules.get(self._owner.__module__)
        names = vars(module) if module else {}
        try:
            hints = get_type_hints(held, names, dict(self._around), include_extras=True)
            return form_of(hints["it"], self._declared.limits, self._declared.discriminator)
        except Exception as error:  # an annotation is code of the author's, and is told with its setting
            raise TypeError(f"the setting {self._owner.__name__}.{self.name}: {error}") from error

    def made(self, value: Any, context: Any) -> Any:
        """The typed value of a written one; SettingsError where it cannot be."""
        return self._declared.checked(self.form.made(value, context))

    def by_default(self, context: Any) -> Any:
        """The typed value of the default."""
        return self.made(deepcopy(self.default), context) if self._same_default is ... else self._same_default

    @cached_property
    def _same_default(self) -> Any:
        """What the default becomes each time; `...` where that may differ, or be changed by who has it."""
        if self.form.depends:
            return ...
        value = self.made(self.default, None)
        try:
            hash(value)
        except TypeError:
            return ...
        return value
