"""The connection: one base folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from connector_sdk import Check, ConfigError, Connection, ProcessError, Runtime, setting
from connectors.disk.folder import Folder
from connectors.disk.names import as_text
from connectors.disk.walk import folders


class DiskConnection(Connection[Folder]):
    """Files under one folder; nothing outside it can be read or written, also not through links."""

    folder: str = setting(
        "The base folder; every path is relative to it and stays inside it.", min_length=1, examples=["data/orders"]
    )
    create_folder: bool = setting("Make the folder where it is missing.", False)

    def open(self, runtime: Runtime) -> Folder:
        try:
            base = Path(self.folder).expanduser()
            if self.create_folder:
                base.mkdir(parents=True, exist_ok=True)
            return Folder(base, runtime)
        except FileNotFoundError as error:
            hint = "make it, or set create_folder: true"
            raise ConfigError(f"the folder {self.folder!r} does not exist; {hint}", ("folder",)) from error
        except (FileExistsError, NotADirectoryError) as error:
            raise ConfigError(f"{self.folder!r} is a file; name a folder", ("folder",)) from error
        except (OSError, RuntimeError, ValueError) as error:
            # expanduser knows no such user, a NUL character, a loop of links, no permission
            reason = getattr(error, "strerror", None) or error
            raise ConfigError(f"cannot open the folder {self.folder!r}: {reason}", ("folder",)) from error

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
