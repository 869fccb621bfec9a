"""Trust: whose certificates are believed, and the one that we show."""

from __future__ import annotations

import logging
import ssl
import tempfile
from pathlib import Path

from connector_sdk import ConfigError
from connectors.http.connection import HttpConnection
from connectors.http.credentials import plain

log = logging.getLogger(__name__)


def context(connection: HttpConnection) -> ssl.SSLContext:
    """What connections are secured by; ConfigError where a setting holds no certificates."""
    made = _context(connection.verify_tls)
    if connection.certificate:
        _show(made, connection)
    return made


def _context(verify: bool | str) -> ssl.SSLContext:
    if verify is False:
        log.warning("verify_tls is false: whoever answers is taken for the server")
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
        return made
    import certifi

    path = certifi.where() if verify is True else verify
    try:
        is_folder = Path(path).is_dir()
        return ssl.create_default_context(capath=path) if is_folder else ssl.create_default_context(cafile=path)
    except OSError as error:
        raise ConfigError(f"verify_tls: {path} holds no certificates as PEM", ("verify_tls",)) from error


def _show(made: ssl.SSLContext, connection: HttpConnection) -> None:
    """Load the client certificate; Python takes it from files only, which are gone again at once."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "certificate.pem"), Path(folder, "key.pem")
        for path, content in zip(paths, (connection.certificate, connection.private_key), strict=True):
            path.touch(mode=0o600)
            path.write_text(plain(content), encoding="utf-8")
        try:
            made.load_cert_chain(*paths, password=plain(connection.private_key_password))
        except (OSError, ValueError):
            # what was raised may quote what was written
            text = "certificate and private_key are no pair of PEM texts, or private_key_password is wrong"
            raise ConfigError(text, ("certificate",)) from None
