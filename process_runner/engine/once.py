"""Once: what happens a single time in an execution, in whichever of its threads and workers comes first."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from connector_sdk.runtime import LocalRuntime


class Once:
    """Remembers names as files of a folder, which worker processes share; it is made when there is a first name."""

    def __init__(self, runtime: LocalRuntime, folder: Path | None = None) -> None:
        self.folder = folder or runtime.new_path()

    def is_first(self, name: str) -> bool:
        """Whether nobody has asked for this name before."""
        self.folder.mkdir(exist_ok=True)
        try:
            (self.folder / hashlib.sha256(name.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def close(self) -> None:
        """Give back the files."""
        shutil.rmtree(self.folder, ignore_errors=True)
