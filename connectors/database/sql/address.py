"""The address of a database, as SQLAlchemy wants it, and what is to be installed for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sqlalchemy as sql
from sqlalchemy.engine import URL, make_url

from connector_sdk import ConfigError, Secret
from connectors.database.connection import DatabaseConnection

KNOWN = "sqlite, postgresql, mysql, mariadb, mssql and oracle"
DRIVERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sqlite": ("sqlite", ""),
        "postgresql": ("postgresql+psycopg", "'process-runner[postgres]'"),
        "postgres": ("postgresql+psycopg", "'process-runner[postgres]'"),
        "mysql": ("mysql+pymysql", "pymysql"),
        "mariadb": ("mariadb+pymysql", "pymysql"),
        "mssql": ("mssql+pyodbc", "pyodbc"),
        "oracle": ("oracle+oracledb", "oracledb"),
    }
)


def address(settings: DatabaseConnection) -> URL:
    """The address that the settings mean, with the driver that this connector works with; ConfigError if it is none."""
    url = _written(settings.url) if settings.url else _of_parts(settings)
    kind = url.drivername.partition("+")[0]
    if kind not in DRIVERS:
        raise ConfigError(f"no database of the kind '{kind}' is known; known are {KNOWN}", ("url",))
    chosen = DRIVERS[kind][0]
    return url.set(drivername=chosen).update_query_dict(settings.options)


def not_installed(url: URL) -> ConfigError:
    """The driver of the address is missing; the text is what to type."""
    kind = url.drivername.partition("+")[0]
    return ConfigError(f"the driver for {kind} is not installed; run: pip install {DRIVERS[kind][1]}")


def _written(url: Secret) -> URL:
    try:
        return make_url(url.get_secret_value())
    except (sql.exc.ArgumentError, ValueError) as error:
        # the library's text would quote it, password and all
        raise ConfigError(
            "the url cannot be read; write sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE, with %40 for "
            "an @ in the password",
            ("url",),
        ) from error


def _of_parts(settings: DatabaseConnection) -> URL:
    password = settings.password.get_secret_value() if settings.password else None
    kind = settings.kind or ""
    return URL.create(kind, settings.user, password, settings.host, settings.port, settings.database)
