"""Where a store lies: a file in the user's state directory, unless a URL says otherwise."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "PROCESS_RUNNER_STORE"
"""The environment variable that chooses a store where the command line does not."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+_.-]*://")


def default_url(project: Path, environment: Mapping[str, str]) -> str:
    """The URL of a project's own file, told from other projects of the same name by the path of its folder."""
    path = project.resolve()
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return f"sqlite:///{_state_folder(environment) / f'{path.stem}-{digest}.sqlite'}"


def is_url(text: str) -> bool:
    """Whether a text has the form of a URL at all."""
    return _SCHEME.match(text) is not None


def make_private(path: Path) -> None:
    """Create the file, and folders that are missing on the way, for this user alone; what exists is left as it is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _state_folder(environment: Mapping[str, str]) -> Path:
    given = environment.get("XDG_STATE_HOME", "")
    base = Path(given) if os.path.isabs(given) else Path.home() / ".local" / "state"
    return base / "process-runner"
