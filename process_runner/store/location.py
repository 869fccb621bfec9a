"""Where a store lies: a file in the user's state directory, unless a URL says otherwise."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from connector_sdk import ConfigError

VARIABLE = "PROCESS_RUNNER_STORE"
"""The environment variable that chooses a store where the command line does not."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+_.-]*://")


def default_url(project: Path, state_home: str) -> str:
    """The URL of a project's own file, told from other projects of the same name by the path of its folder.

    `state_home` is the value of XDG_STATE_HOME, or empty. ConfigError where the user has no folder for state.
    """
    path = project.resolve()
    name = re.sub(r"[^\w.-]+", "-", path.stem)
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return f"sqlite:///{_state_folder(state_home) / f'{name}-{digest}.sqlite'}"


def is_url(text: str) -> bool:
    """Whether a text has the form of a URL at all."""
    return _SCHEME.match(text) is not None


def make_private(path: Path) -> None:
    """Create the file, and folders that are missing on the way, for this user alone; what exists is left as it is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _state_folder(state_home: str) -> Path:
    if os.path.isabs(state_home):
        return Path(state_home) / "process-runner"
    try:
        return Path.home() / ".local" / "state" / "process-runner"
    except RuntimeError as error:
        works = "set XDG_STATE_HOME, or choose a store with --store"
        raise ConfigError(f"there is no home folder to keep state in; {works}") from error
