"""What a class of settings declares, read when the class is made, and slips in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any

from connector_sdk.settings.field import Declared, Field

CLASS_VARIABLE = re.compile(r"(\w+\.)*ClassVar\b")
INSIDE = ("_function_around", "_names_around", "declared_in", "__init_subclass__", "__new__")
"""Functions between the body of a class and the look around it."""


def declared_in(cls: type, root: type) -> Iterator[tuple[str, Field]]:
    """What a class itself declares; its settings are no attributes of the class any more. TypeError for a slip.

    `root` is the class that all classes of settings derive from.
    """
    own, around = dict(vars(cls)), _names_around(cls)
    for name, annotation in _annotations(cls).items():
        if name.startswith("_") or CLASS_VARIABLE.match(str(annotation).removeprefix("ForwardRef('")):
            continue
        if any(hasattr(base, name) for base in cls.__bases__):
            raise TypeError(
                f"{cls.__name__}.{name} would hide what every such class has under that name; write "
                f'{name}_: ... = setting(..., alias="{name}")'
            )
        given = own.get(name, ...)
        if name in own:
            delattr(cls, name)
        declared = given if isinstance(given, Declared) else Declared(default=given)
        yield name, Field(name, declared, annotation, cls, around)
    _refuse(cls, root)


def _refuse(cls: type, root: type) -> None:
    """TypeError for what looks like a setting, or like a method of settings, and is none."""
    inherited = {name for base in cls.__bases__ for name in getattr(base, "__fields__", ())}
    for name, value in vars(cls).items():
        if isinstance(value, Declared) or name in inherited:
            raise TypeError(f"{cls.__name__}.{name} needs a type: {name}: str = setting(...)")
    for base in cls.__mro__:
        bare = [name for name, value in vars(base).items() if isinstance(value, Declared)]
        if bare and not issubclass(base, root):
            raise TypeError(f"{base.__name__}.{bare[0]} is a setting only where {base.__name__} derives from Settings")
    validate = getattr(vars(cls).get("validate"), "__code__", None)
    if "load" in vars(cls) or (validate and validate.co_argcount != 1):
        name = "validate" if "load" not in vars(cls) else "load"
        raise TypeError(f"{cls.__name__}.{name} hides a method that all settings have; call it otherwise")


def _annotations(cls: type) -> Mapping[str, Any]:
    if sys.version_info >= (3, 14):
        from annotationlib import Format, get_annotations

        return get_annotations(cls, format=Format.FORWARDREF)
    return cls.__annotations__


def _names_around(cls: type) -> Mapping[str, Any]:
    """What annotations may name besides what the module has: classes inside this one and of a function, and itself."""
    inside = {name: value for name, value in vars(cls).items() if isinstance(value, type)}
    return {**_function_around(cls), **inside, cls.__name__: cls}


def _function_around(cls: type) -> Mapping[str, Any]:
    if "<locals>" not in cls.__qualname__:
        return {}
    frame: FrameType | None = sys._getframe(1)
    while frame and frame.f_code.co_name in INSIDE:
        frame = frame.f_back
    names = frame.f_locals if frame else {}
    return {name: value for name, value in names.items() if not name.startswith("__")}
