"""Files that lie beside the file which names them."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def read_beside(name: str, context: Any) -> str:
    """The text of a file, from the folder of the YAML file that is being built; ValueError where it has none."""
    path = getattr(context, "folder", Path()) / name
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}") from error  # settings collect ValueError
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text") from error
