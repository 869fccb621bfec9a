"""Credentials that outlive a run: a file in the user's cache that only the owner of the private key can read."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.s3.credentials.renewal import Temporary

if TYPE_CHECKING:
    from connectors.s3.credentials.x509 import Identity

log = logging.getLogger(__name__)


class SealedFile:
    """One file for one set of settings. Whatever is wrong with it, it counts as absent: it only saves a request."""

    def __init__(self, identity: Identity, settings: Sequence[str]) -> None:
        self._identity = identity
        self._name = hashlib.sha256(json.dumps(settings).encode()).hexdigest()

    def read(self) -> Temporary | None:
        """The credentials in the file, perhaps expired; None if there are none."""
        try:
            content = self._identity.unseal((_folder() / self._name).read_bytes())
            return _parsed(content) if content else None
        except (OSError, ValueError, LookupError, TypeError) as error:
            log.debug("no cached credentials: %s", type(error).__name__)
            return None

    def write(self, credentials: Temporary) -> None:
        """Replace the file, whole or not at all."""
        content = json.dumps(
            [credentials.access_key, credentials.secret_key, credentials.token, credentials.expires.isoformat()]
        )
        try:
            _replace(_folder() / self._name, self._identity.seal(content.encode()))
        except OSError as error:
            log.debug("credentials are not cached: %s", type(error).__name__)


def _parsed(content: bytes) -> Temporary:
    access_key, secret_key, token, expires = json.loads(content)
    return Temporary(access_key, secret_key, token, datetime.fromisoformat(expires))


def _folder() -> Path:
    """The folder of such files, made if need be; OSError where others can look into it."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "process-runner/roles-anywhere")
    if os.name != "posix" or not folder.is_absolute():
        raise FileNotFoundError("no place that is known to be this user's alone")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) & 0o077:
        raise PermissionError(f"{folder} is not this user's alone")
    return folder


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with open(handle, "wb") as stream:
            stream.write(content)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise
