"""What is sent to databases that are not here, and what their drivers' errors mean."""

import pytest
import sqlalchemy as sql
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite

from connector_sdk import ProcessError
from connectors.database.columns import Column, for_others
from connectors.database.sql import faults, statements
from connectors.database.sql.tables import Table

HOSTILE = "a`\"]'; DROP TABLE x; --"
TABLE = Table("t`\"]'", "s", {name: Column(name, "text") for name in ("id", HOSTILE)}, ("id",))
QUOTED = {
    sqlite: '"a`""]\'; DROP TABLE x; --"',
    postgresql: '"a`""]\'; DROP TABLE x; --"',
    oracle: '"a`""]\'; DROP TABLE x; --"',
    mysql: "`a``\"]'; DROP TABLE x; --`",
    mssql: "[a`\"]]'; DROP TABLE x; --]",
}


@pytest.mark.parametrize("dialect", QUOTED, ids=lambda each: each.__name__.rpartition(".")[2])
def test_every_database_gets_names_in_its_own_quotes(dialect):
    names = ("id", HOSTILE)
    for build in (statements.insert, statements.update(("id",)), statements.delete((HOSTILE,))):
        written = str(build(TABLE, names).compile(dialect=dialect.dialect()))
        assert QUOTED[dialect] in written


def test_mysql_has_an_upsert_of_its_own():
    def written(on_conflict, names=("id", HOSTILE)):
        build = statements.upsert("mysql", ("id",), on_conflict)
        return str(build(TABLE, names).compile(dialect=mysql.dialect()))

    assert "ON DUPLICATE KEY UPDATE `a``" in written("update")
    assert written("ignore").endswith("ON DUPLICATE KEY UPDATE id = s.`t``\"]'`.id")
    assert "DUPLICATE" not in written("fail")


@pytest.mark.parametrize("kind", ["mssql", "oracle"])
def test_a_database_without_upsert_is_told_what_would_work(kind):
    with pytest.raises(ProcessError, match="has no upsert; the action `statement` with MERGE would work"):
        statements.upsert(kind, ("id",), "update")


@pytest.mark.parametrize(
    ("kind", "arguments", "code", "nature"),
    [
        (sql.exc.OperationalError, (1213, "Deadlock found"), "40P01", "undone"),
        (sql.exc.OperationalError, (1045, "Access denied for user"), "28000", "credentials"),
        (sql.exc.OperationalError, (1049, "Unknown database"), "3D000", "credentials"),
        (sql.exc.OperationalError, (2003, "Can't connect"), "08001", "undone"),
        (sql.exc.OperationalError, (1054, "Unknown column 'x'"), "42703", "refused"),
        (sql.exc.IntegrityError, (1062, "Duplicate entry 'secret@x' for key 'mail'"), "23505", "refused"),
        (sql.exc.ProgrammingError, (9999, "something"), "HY000", "refused"),
        (sql.exc.ProgrammingError, ("42S02", "[42S02] Invalid object name"), "42S02", "refused"),
        (sql.exc.IntegrityError, ("ORA-00001: unique constraint",), "23000", "refused"),
        (sql.exc.OperationalError, ("connection to server failed: Connection refused",), "08001", "unreachable"),
    ],
)
def test_errors_of_other_drivers_have_a_state_too(kind, arguments, code, nature):
    told = faults.failure(kind("INSERT", {"mail": "secret@x"}, Exception(*arguments)))
    assert (told.code, told.nature) == (code, nature)
    assert "secret" not in told.message


def test_other_databases_get_dates_and_bytes_as_such():
    assert for_others("2026-02-28", Column("d", "date"), True).year == 2026
    assert for_others("2026-02-28T12:00:00Z", Column("d", "timestamp"), False).hour == 12
    assert for_others("AP8=", Column("b", "binary"), True) == b"\0\xff"
    assert for_others({"a": [1]}, Column("t", "text"), True) == '{"a": [1]}'
    assert for_others("x", Column("j", "json"), True) == '"x"'
    assert for_others(5, Column("i", "integer"), True) == 5
