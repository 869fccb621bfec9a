"""Opening a session: the server proves its key, then the account proves itself."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import asyncssh

from connector_sdk import ConfigError, ProcessError
from connectors.sftp.errors import Unreachable
from connectors.sftp.ssh.hosts import HostKeys, fingerprint_of
from connectors.sftp.ssh.loop import Loop
from connectors.sftp.ssh.session import Session

if TYPE_CHECKING:
    from connectors.sftp.connection import SftpConnection

KEY_KINDS = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)
QUICK_CIPHERS = "^aes256-gcm@openssh.com,aes128-gcm@openssh.com"
OLD_ALGORITHMS = {
    "kex_algs": "+diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1,diffie-hellman-group1-sha1",
    "encryption_algs": "+aes256-cbc,aes192-cbc,aes128-cbc,3des-cbc",
    "mac_algs": "+hmac-sha1",
    "server_host_key_algs": "+ssh-rsa",
    "signature_algs": "+ssh-rsa",
}


class Login:
    """Opens sessions for a connection; a bad private key or host key is a ConfigError at once."""

    def __init__(self, settings: SftpConnection) -> None:
        self._settings = settings
        self._hosts = settings.trusted
        self._known_hosts = _known_hosts(self._hosts)
        self._keys = _private_keys(settings)
        self._where = f"{settings.host}:{settings.port}"

    def session(self, loop: Loop) -> Session:
        """A session; ProcessError where server or account are not who they should be, Unreachable else."""
        shown: list[str] = []
        try:
            return self._opened(loop, shown)
        except asyncssh.HostKeyNotVerifiable as error:
            raise self._unknown_host(shown, error) from error
        except asyncssh.PermissionDenied as error:
            raise self._refused() from error
        except asyncssh.KeyExchangeFailed as error:
            hint = "" if self._settings.legacy_algorithms else "; legacy_algorithms: true would offer older ones"
            raise ProcessError(
                f"{self._where} shares no algorithm with this client{hint} ({error})", "NoCommonAlgorithm"
            ) from error
        except TimeoutError as error:
            hint = "connect_timeout and login_timeout say how long it may take"
            raise Unreachable(f"{self._where} did not answer in time; {hint}") from error
        except (asyncssh.Error, OSError, EOFError) as error:
            raise Unreachable(f"{self._where} cannot be reached: {error or type(error).__name__}") from error
        except ValueError as error:
            raise ProcessError(f"no session with {self._where}: {error}", "NoSession") from error

    def _opened(self, loop: Loop, shown: list[str]) -> Session:
        # a server has several keys and shows one; which of them a fingerprint is of, only trying tells
        settings, unknown = self._settings, None
        seconds = settings.connect_timeout + settings.login_timeout + settings.answer_timeout
        for kinds in ((), *KEY_KINDS):
            try:
                return Session(loop, *loop.run(self._connected(shown, kinds), seconds), settings.answer_timeout)
            except asyncssh.HostKeyNotVerifiable as error:
                unknown = unknown or error
            except (asyncssh.DisconnectError, OSError) as error:
                # a server without a key of that kind may just hang up
                if unknown is None or isinstance(error, asyncssh.PermissionDenied):
                    raise
            if not self._hosts.fingerprints:
                break
        raise unknown or AssertionError("a kind of key was tried")

    async def _connected(self, shown: list[str], kinds: tuple[str, ...]) -> tuple[Any, Any]:
        settings = self._settings
        async with AsyncExitStack() as stack:
            keys = [*self._keys, *(await _agent_keys(stack) if settings.agent else ())]
            connection, _ = await asyncssh.create_connection(
                lambda: _Verifier(self._hosts, shown), settings.host, settings.port, **self._options(keys, kinds)
            )
            try:
                return connection, await connection.start_sftp_client(path_encoding=None)
            except BaseException:
                connection.abort()
                raise

    def _options(self, keys: list[Any], kinds: tuple[str, ...]) -> dict[str, Any]:
        """Nothing is taken from the files and the agent of the user who runs this unless a setting asks for it."""
        settings = self._settings
        options: dict[str, Any] = {
            "config": [],
            "agent_path": None,
            "x509_trusted_certs": None,
            "gss_kex": False,
            "gss_auth": False,
            "username": settings.user,
            "password": settings.password.get_secret_value() if settings.password else None,
            "client_keys": keys or None,
            "known_hosts": self._known_hosts if settings.verify_host_key else None,
            "connect_timeout": settings.connect_timeout,
            "login_timeout": settings.login_timeout,
            "keepalive_interval": settings.keepalive,
            "compression_algs": ["zlib@openssh.com", "none"] if settings.compression else None,
            "encryption_algs": QUICK_CIPHERS,
        }
        if settings.legacy_algorithms:
            options.update(OLD_ALGORITHMS)
        return {**options, "server_host_key_algs": kinds} if kinds else options

    def _unknown_host(self, shown: list[str], error: Exception) -> ProcessError:
        got = " and ".join(dict.fromkeys(shown)) or f"a key that cannot be trusted ({error})"
        wanted = " or ".join(self._hosts.wanted) or "none"
        return ProcessError(
            f"{self._where} proves itself with {got}, but host_keys has {wanted}; somebody may stand in between: ask "
            "the operator of the server for its fingerprint before you change the setting",
            "HostKeyMismatch",
        )

    def _refused(self) -> ProcessError:
        return ProcessError(
            f"{self._where} refused the login of {self._settings.user!r} by {self._settings.methods}; check the user "
            "and what proves it, and that the server accepts this kind of login for that user",
            "LoginRefused",
        )


class _Verifier(asyncssh.SSHClient):
    """Is asked about keys that no known_hosts line vouches for."""

    def __init__(self, hosts: HostKeys, shown: list[str]) -> None:
        self._hosts = hosts
        self._shown = shown

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        fingerprint = fingerprint_of(key.public_data)
        self._shown.append(f"{key.get_algorithm()} {fingerprint}")
        return fingerprint in self._hosts.fingerprints


async def _agent_keys(stack: AsyncExitStack) -> list[Any]:
    try:
        agent = await stack.enter_async_context(asyncssh.connect_agent())
        return list(await agent.get_keys())
    except (OSError, ValueError, asyncssh.Error) as error:
        raise ProcessError(
            f"agent is true, but no agent answers ({error}); start one, and see that SSH_AUTH_SOCK names it", "NoAgent"
        ) from error


def _known_hosts(hosts: HostKeys) -> asyncssh.SSHKnownHosts:
    try:
        return asyncssh.import_known_hosts("\n".join(hosts.lines))
    except ValueError as error:
        raise ConfigError(f"a line of host_keys is not one of a known_hosts file: {error}", ("host_keys",)) from error


def _private_keys(settings: SftpConnection) -> list[asyncssh.SSHKey]:
    if settings.private_key is None:
        return []
    passphrase = settings.passphrase.get_secret_value() if settings.passphrase else None
    try:
        return [asyncssh.import_private_key(settings.private_key.get_secret_value(), passphrase)]
    except asyncssh.KeyEncryptionError as error:
        raise ConfigError("the passphrase does not open private_key", ("passphrase",)) from error
    except asyncssh.KeyImportError as error:
        raise ConfigError(
            f"private_key cannot be read ({error}); it is the text of a key file: OpenSSH, PKCS#8 or PKCS#1 PEM. A key "
            "of PuTTY's becomes one with: puttygen KEY.ppk -O private-openssh",
            ("private_key",),
        ) from error
