"""The connection: one base folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from connector_sdk import Check, ConfigError, Connection, ProcessError, Runtime, setting
from connectors.disk.folder import Folder
from connectors.disk.names import as_text


class DiskConnection(Connection[Folder]):
    """Files under one folder; nothing outside it can be read or written, also not through links."""

    folder: str = setting(
        "The base folder, from the working directory where it is not absolute; every path is relative to it and stays "
        "inside it.",
        min_length=1,
        examples=["/var/spool/orders", "data/orders"],
    )
    create_folder: bool = setting("Make the folder where it is missing.", False)

    def open(self, runtime: Runtime) -> Folder:
        try:
            base = Path(self.folder).expanduser().absolute()
        except (OSError, RuntimeError) as error:
            # no such user, or no working directory any more
            raise ConfigError(f"cannot open the folder {self.folder!r}: {error}", ("folder",)) from error
        try:
            if self.create_folder:
                base.mkdir(parents=True, exist_ok=True)
            return Folder(base, runtime)
        except (OSError, RuntimeError, ValueError) as error:
            raise ConfigError(self._refusal(base, error), ("folder",)) from error

    def _refusal(self, base: Path, error: Exception) -> str:
        folder = repr(str(base))
        if not Path(self.folder).expanduser().is_absolute():
            folder += f" ({self.folder!r} from the working directory)"
        if isinstance(error, FileNotFoundError):
            return f"the folder {folder} does not exist; make it, or set create_folder: true"
        if isinstance(error, FileExistsError | NotADirectoryError):
            return f"{folder} is a file; name a folder"
        # a NUL character, a loop of links, no permission
        return f"cannot open the folder {folder}: {getattr(error, 'strerror', None) or error}"

    def close(self, client: Folder) -> None:
        client.close()

    def checks(self, client: Folder) -> Iterator[Check]:
        yield Check(
            "network", partial(_readable, client), "let the account that runs this read the folder, or name another"
        )
        yield Check(
            "permission",
            partial(_writable, client),
            "let the account write there; query, get and list work without",
            needed=False,
        )

    def browse(self, client: Folder) -> Iterator[str]:
        from connectors.disk.walk import folders

        return (as_text(parts) for parts in folders(client))


def _readable(client: Folder) -> str:
    try:
        os.stat(client.base)
        count = len(client.names(()))
    except OSError as error:
        raise ProcessError(f"{client.base} cannot be read: {error.strerror}", "Unreadable") from error
    return f"{client.base} exists and is readable ({count} entries)"


def _writable(client: Folder) -> str:
    if not os.access(client.base, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise ProcessError(f"{client.base} is not writable: create, move and delete do not work", "NotWritable")
    return "files can be made there"
