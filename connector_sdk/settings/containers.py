"""Forms of values that hold values: lists, mappings, settings, and choices between forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from connector_sdk.settings.errors import EXPECTED, Fault, SettingsError, expected, refused
from connector_sdk.settings.forms import Definitions, Form, OfType, not_a
from connector_sdk.settings.limits import LISTS, MAPPINGS
from connector_sdk.settings.scalars import Choice, Nothing, Number
from connector_sdk.settings.schema import object_schema

if TYPE_CHECKING:
    from connector_sdk.settings.settings import Settings


class Items(OfType):
    """A list, kept as a list or as a tuple."""

    type = "array"
    known = LISTS

    def __init__(self, kind: Callable[[Iterable[Any]], Any], item: Form, limits: Mapping[str, Any]) -> None:
        super().__init__(limits)
        self._kind = kind
        self._item = item
        self.depends = item.depends

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """An array with its items."""
        return {"items": self._item.schema(definitions), **super().schema(definitions)}

    def made(self, value: Any, context: Any) -> Any:
        """The items, with every fault of any."""
        return self.checked(value, lambda items: self._kind(_each(enumerate(items), self._item, context).values()))


class Entries(OfType):
    """A mapping of texts to values of one form."""

    type = "object"
    known = MAPPINGS

    def __init__(self, value: Form, limits: Mapping[str, Any]) -> None:
        super().__init__(limits)
        self._value = value
        self.depends = value.depends

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """An object of any keys."""
        return {"additionalProperties": self._value.schema(definitions) or True, **super().schema(definitions)}

    def made(self, value: Any, context: Any) -> Any:
        """The entries, with every fault of any."""
        return self.checked(value, lambda entries: self._entries(entries, context))

    def _entries(self, entries: Mapping[Any, Any], context: Any) -> dict[str, Any]:
        if not all(isinstance(key, str) for key in entries):
            raise refused("expected texts as keys")
        return _each(((str(key), each) for key, each in entries.items()), self._value, context)


class Nested(Form):
    """Settings inside settings."""

    depends = True

    def __init__(self, kind: type[Settings]) -> None:
        self.kind = kind

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """A reference to the class's schema."""
        return {"$ref": f"#/$defs/{_defined(self.kind, definitions)}"}

    def fits(self, value: Any) -> bool:
        """Whether it is a mapping, or made already."""
        return isinstance(value, Mapping | self.kind)

    def made(self, value: Any, context: Any) -> Any:
        """The settings."""
        if isinstance(value, self.kind):
            return value
        if not isinstance(value, Mapping):
            raise not_a("object")
        return self.kind.load(value, context)


class AnyOf(Form):
    """A value of one of some forms; `discriminator` names the setting that tells mappings apart."""

    def __init__(self, forms: Sequence[Form], discriminator: str | None) -> None:
        self._forms = forms
        self._discriminator = discriminator
        self.depends = any(form.depends for form in forms)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """Any of the forms, or exactly one where a setting tells which."""
        if self._discriminator is None:
            return {"anyOf": [form.schema(definitions) for form in self._forms]}
        nulls = [form for form in self._forms if isinstance(form, Nothing)]
        mapping: dict[str, str] = {}
        written = []
        for form in self._forms:
            if isinstance(form, Nested):
                written.append(form.schema(definitions))
                mapping |= dict.fromkeys(_choices(form, self._discriminator), written[-1]["$ref"])
        chosen = {"discriminator": {"mapping": mapping, "propertyName": self._discriminator}, "oneOf": written}
        return {"anyOf": [chosen, nulls[0].schema(definitions)]} if nulls else chosen

    def fits(self, value: Any) -> bool:
        """Whether it fits one of them."""
        return any(form.fits(value) for form in self._forms)

    def made(self, value: Any, context: Any) -> Any:
        """Of the forms it fits the first that it can be, else of all."""
        fitting = [form for form in self._forms if form.fits(value)]
        fitting.sort(key=lambda form: isinstance(form, Number))  # a whole number is one, though it could be a float
        errors = []
        for form in self._told_apart(fitting, value) or self._forms:
            try:
                return form.made(value, context)
            except SettingsError as error:
                errors.append(error)
        raise _most_meant(errors)

    def _told_apart(self, forms: list[Form], value: Any) -> list[Form]:
        if self._discriminator is None or not isinstance(value, Mapping):
            return forms
        name = self._discriminator
        chosen: list[Form] = [
            form for form in forms if isinstance(form, Nested) and value.get(name) in _choices(form, name)
        ]
        return chosen or forms


def _each(values: Any, form: Form, context: Any) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    faults: list[Fault] = []
    for key, value in values:
        try:
            made[key] = form.made(value, context)
        except SettingsError as error:
            faults += error.below(key)
    if faults:
        raise SettingsError(faults)
    return made


def _defined(kind: type[Settings], definitions: Definitions) -> str:
    """The name under which a class is in the definitions, where it is put if it was not there."""
    name = kind.__name__
    if name in definitions and definitions[name][0] is not kind:
        name = f"{kind.__module__}.{kind.__qualname__}"
    while name in definitions and definitions[name][0] is not kind:
        name += "_"  # classes of one name, made by a function
    if name not in definitions:
        definitions[name] = (kind, {})  # so that settings may hold some of their own kind
        definitions[name] = (kind, object_schema(kind, definitions))
    return name


def _choices(form: Nested, name: str) -> tuple[Any, ...]:
    """The values of the setting that tells this form from others."""
    field = form.kind.__keys__.get(name)
    if field is None or not isinstance(field.form, Choice):
        raise TypeError(f"the discriminator '{name}' is no setting of {form.kind.__name__} with a Literal")
    return field.form.choices


def _most_meant(errors: list[SettingsError]) -> SettingsError:
    """The error of the form that was meant: told by its own code, far inside, or about more than the form."""

    def likeness(error: SettingsError) -> tuple[bool, int, bool]:
        told = any(fault.told for fault in error.faults)
        return told, max(len(fault.path) for fault in error.faults), not _expects(error)

    best = max(errors, key=likeness)
    return expected(_expects(error) for error in errors) if _expects(best) else best


def _expects(error: SettingsError) -> str:
    """The form that a value does not have, where that is all that is wrong with it."""
    path, text, _ = error.faults[0]
    return "" if path or not text.startswith(EXPECTED) else text.removeprefix(EXPECTED)
