"""Annotations of settings, made into forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from connector_sdk.settings.containers import AnyOf, Entries, Items, Nested
from connector_sdk.settings.described import Described
from connector_sdk.settings.field import Declared
from connector_sdk.settings.forms import Form
from connector_sdk.settings.limits import NUMBERS, TEXTS
from connector_sdk.settings.parsed import Parsed
from connector_sdk.settings.scalars import Anything, Boolean, Choice, Integer, Nothing, Number, SecretText, Text
from connector_sdk.settings.secret import Secret

Limited = Mapping[str, Any]
"""Limits as `setting` takes them."""

POSSIBLE = "str, int, float, bool, None, Any, Secret, Literal, Settings, list[...], tuple[..., ...], dict[str, ...]"
LIMITED: Mapping[Any, tuple[Callable[[Limited], Form], Iterable[str]]] = MappingProxyType(
    {str: (Text, TEXTS), Secret: (SecretText, TEXTS), int: (Integer, NUMBERS), float: (Number, NUMBERS)}
)
"""Types whose values have limits, and which."""
PLAIN: Mapping[Any, Callable[[], Form]] = MappingProxyType(
    {bool: Boolean, None: Nothing, NoneType: Nothing, Any: Anything, object: Anything}
)


def form_of(annotation: Any, limits: Limited, discriminator: str | None = None) -> Form:
    """The form that an annotation stands for; TypeError for a type that no setting can have, and for odd limits."""
    if type(annotation).__name__ == "TypeAliasType":  # `type X = ...`
        annotation = annotation.__value__
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:], limits, discriminator)
    if origin in (Union, UnionType):
        return _any_of(arguments, limits, discriminator)
    if origin in (list, tuple) and (origin is list or arguments[1:] == (...,)):
        return Items(origin, form_of(arguments[0], {}), limits)
    if origin in (dict, Mapping) and arguments[0] is str:
        return Entries(form_of(arguments[1], {}), limits)
    if origin is None and annotation in LIMITED:
        return LIMITED[annotation][0](limits)
    if limits:
        raise TypeError(f"{', '.join(limits)}: there are no limits here")
    return _without_limits(annotation, origin, arguments)


def _any_of(arguments: tuple[Any, ...], limits: Limited, discriminator: str | None) -> Form:
    own = [_own(each, limits) for each in arguments]
    if unused := limits.keys() - {name for each in own for name in each}:
        raise TypeError(f"{', '.join(sorted(unused))}: no type here has such a limit")
    return AnyOf([form_of(each, most) for each, most in zip(arguments, own, strict=True)], discriminator)


def _annotated(kind: Any, more: tuple[Any, ...], limits: Limited, discriminator: str | None) -> Form:
    for each in more:
        if isinstance(each, Parsed):
            if limits:
                raise TypeError(f"{', '.join(limits)}: limits of a parsed value stand in its schema")
            return each
        if isinstance(each, Declared):  # a setting without a name, such as the items of a list
            return Described(form_of(kind, {**each.limits, **limits}, each.discriminator or discriminator), each)
    return form_of(kind, limits, discriminator)


def _without_limits(annotation: Any, origin: Any, arguments: tuple[Any, ...]) -> Form:
    from connector_sdk.settings.settings import Settings

    if origin is Literal:
        return Choice(arguments)
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return Nested(annotation)
    if origin is None and annotation in PLAIN:
        return PLAIN[annotation]()
    name = getattr(annotation, "__name__", "") if isinstance(annotation, type) and origin is None else ""
    raise TypeError(
        f"no setting can be {name or annotation}: it can be {POSSIBLE}; anything else is "
        "Annotated[THE TYPE, Parsed(schema of what is written, function that makes it)]"
    )


def _own(annotation: Any, limits: Limited) -> Limited:
    """Those limits of a choice that are for one of its forms."""
    if annotation in LIMITED:
        names = LIMITED[annotation][1]
    else:
        names = ("min_length", "max_length") if get_origin(annotation) in (list, tuple, dict, Mapping) else ()
    return {name: limits[name] for name in names if name in limits}
