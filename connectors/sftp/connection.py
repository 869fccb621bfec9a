"""The connection: one account on one SFTP server, and a folder there."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

from connector_sdk import (
    Check,
    ConfigError,
    Connection,
    Runtime,
    Secret,
    Settings,
    setting,
)
from connectors.sftp.names import as_text
from connectors.sftp.ssh.hosts import FORMS, HostKeys

if TYPE_CHECKING:
    from connectors.sftp.server import Server

INSTALL = "the sftp connector needs asyncssh; run: pip install 'process-runner[sftp]'"
Wait = Annotated[float, setting("Seconds.", ge=0)]


class Retry(Settings):
    """When work that a broken session interrupted goes on."""

    waits: tuple[Wait, ...] = setting(
        "Seconds before each new attempt after a connection is refused, lost or silent; a transfer goes on where it "
        "was, and what it achieved in between makes the count start anew.",
        (0, 5, 15, 30, 60),
    )


class SftpConnection(Connection["Server"]):
    """Files below one folder of an SFTP server; nothing outside it can be read or written, also not through links."""

    host: str = setting("Name or address of the server.", min_length=1, examples=["sftp.example.com"])
    port: int = setting("Its port.", 22, ge=1, le=65535)
    user: str = setting("The account.", min_length=1)
    password: Secret | None = setting("Its password; also answers a keyboard-interactive question.", None)
    private_key: Secret | None = setting(
        "Text of a private key: OpenSSH, PKCS#8 or PKCS#1 PEM; Ed25519, ECDSA or RSA.", None
    )
    passphrase: Secret | None = setting("Opens private_key where it is encrypted.", None)
    agent: bool = setting("Also offer the keys of the SSH agent that SSH_AUTH_SOCK names.", False)
    host_keys: tuple[str, ...] = setting(
        f"The keys that the server may prove itself with; each is {FORMS}. What ssh-keyscan prints will do, once "
        "somebody has compared it with what the operator of the server says.",
        (),
        examples=[["SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"]],
        check=HostKeys.of,
    )
    verify_host_key: bool = setting(
        "Whether the server has to prove itself; without it, whoever stands in between reads passwords and files.", True
    )
    folder: str = setting(
        "The base folder; every path is relative to it and stays inside it. Without a leading `/` it is itself "
        "relative to where the server puts the account.",
        ".",
        min_length=1,
        examples=["inbox", "/data/orders"],
    )
    create_folder: bool = setting("Make the folder where it is missing.", False)

    connect_timeout: float = setting("Seconds to wait for a connection.", 10.0, gt=0)
    login_timeout: float = setting("Seconds that key exchange and login may take.", 30.0, gt=0)
    answer_timeout: float = setting("Seconds to wait for the answer to a request, or for the next bytes.", 60.0, gt=0)
    keepalive: float = setting(
        "Seconds of silence after which the server is asked whether it is there; three questions without an answer "
        "end the session. 0 never asks.",
        15.0,
        ge=0,
    )
    max_connections: int = setting("Connections open at once.", 4, ge=1, le=64)
    compression: bool = setting("Compress what is sent, for slow lines.", False)
    legacy_algorithms: bool = setting(
        "Also offer algorithms that are no longer safe (SHA-1, CBC), for servers that know nothing newer.", False
    )
    retry: Retry = setting("The retry ladder.", Retry())

    def validate(self) -> None:
        if not (self.password or self.private_key or self.agent):
            raise ValueError("nothing proves the account: set password, private_key or agent")
        if self.passphrase and not self.private_key:
            raise ValueError("passphrase opens private_key, which is not set")
        if self.verify_host_key and not self.trusted.wanted:
            raise ValueError(
                f"host_keys says which server is the right one, as {FORMS}; `ssh-keyscan -p {self.port} {self.host}` "
                "prints them. verify_host_key: false would trust whoever answers"
            )

    @property
    def trusted(self) -> HostKeys:
        """The host keys, sorted out."""
        return HostKeys.of(self.host_keys)

    @property
    def methods(self) -> str:
        """How the account is proven, for messages."""
        names = {"private_key": "private key", "agent": "agent", "password": "password"}
        return " and ".join(text for name, text in names.items() if getattr(self, name))

    def open(self, runtime: Runtime) -> Server:
        try:
            from connectors.sftp.server import Server
            from connectors.sftp.ssh.login import Login
        except ModuleNotFoundError as error:
            if error.name != "asyncssh":
                raise
            raise ConfigError(INSTALL) from error
        if not self.verify_host_key:
            logging.getLogger(__name__).warning(
                "%s:%s is not asked to prove its host key; set host_keys to be safe from whoever stands in between",
                self.host,
                self.port,
            )
        return Server(self, Login(self), runtime)

    def close(self, client: Server) -> None:
        client.close()

    def checks(self, client: Server) -> Iterable[Check]:
        from connectors.sftp.checks import checks

        return checks(client)

    def browse(self, client: Server) -> Iterator[str]:
        from connectors.sftp.walk import folders

        return (as_text(parts) for parts in folders(client))
