"""What is inside a package, told by its folder: pkgutil, which asks every kind of importer, takes longer to load."""

from __future__ import annotations

import os
from collections.abc import Iterable


def modules(path: Iterable[str]) -> tuple[str, ...]:
    """The names of the modules of a package that has this `__path__`, in their order; none that begins with `_`."""
    names = {name.removesuffix(".py") for folder in path for name in os.listdir(folder) if name.endswith(".py")}
    return tuple(sorted(name for name in names if not name.startswith("_")))
