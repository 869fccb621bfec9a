import re
import sys

import pytest

from connector_sdk import ConfigError, SettingsError
from connector_sdk.checks import verify
from connectors.database.connection import DatabaseConnection


def connection(**settings):
    return DatabaseConnection.load(settings)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({}, "needs the setting url, or kind with the other parts"),
        ({"url": "sqlite:///a", "host": "h"}, "url says it all; leave out host"),
        ({"kind": "sqlite", "database": "a", "user": "u"}, "SQLite is a file: name it as database, without user"),
        ({"url": "sqlite:///a", "isolation": "serializable"}, "SQLite's transactions are always serializable"),
        ({"kind": "postgresql", "host": "h"}, "kind postgresql needs the setting database"),
        ({"kind": "postgresql", "database": "d"}, "kind postgresql needs the setting host"),
    ],
)
def test_settings_that_do_not_agree_say_so(settings, text):
    with pytest.raises(SettingsError, match=text):
        connection(**settings)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("no-url", "the url cannot be read; write sqlite:///PATH or postgresql://"),
        ("postgresql://user:p4ssword@host:port/db", "the url cannot be read"),
        ("db2://user:p4ssword@host/db", "no database of the kind 'db2' is known; known are sqlite, postgresql"),
        ("sqlite://", "SQLite needs a file"),
        ("sqlite:///:memory:", "SQLite needs a file"),
        ("sqlite:///nowhere.sqlite", "'nowhere.sqlite' does not exist; correct its path, or set create: true"),
    ],
)
def test_an_address_that_cannot_work_says_what_would(url, text, within):
    with pytest.raises(ConfigError, match=re.escape(text)) as caught:
        connection(url=url).open(within)
    assert "p4ssword" not in str(caught.value)


def test_a_file_is_made_where_that_is_wanted(tmp_path, within, made, sqlite):
    path = tmp_path / "new ? #1.sqlite"
    parts = {"url": None, "kind": "sqlite", "database": str(path), "create": True}
    made(sqlite, "statement", sql="CREATE TABLE a (id)", connection=parts)
    assert path.exists()
    with pytest.raises(ConfigError, match="is a folder, or its folder is missing"):
        connection(kind="sqlite", database=str(tmp_path / "no" / "a"), create=True).open(within)


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("mysql://h/d", "pip install pymysql"),
        ("mssql://h/d", "pip install pyodbc"),
        ("oracle://h/d", "pip install oracledb"),
        ("postgresql://h/d", "pip install 'process-runner[postgres]'"),
    ],
)
def test_a_driver_that_is_missing_is_told_with_the_line_to_type(url, line, within, monkeypatch):
    for name in ("pymysql", "pyodbc", "oracledb", "psycopg"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigError, match=re.escape(line)):
        connection(url=url).open(within)


@pytest.mark.parametrize("promise", [{"read_only": True}, {"statement_timeout": 1}, {"isolation": "serializable"}])
def test_what_another_database_would_not_keep_is_not_promised(promise, within):
    with pytest.raises(ConfigError, match="works for sqlite and postgresql; for mysql, set it in the database"):
        connection(url="mysql://h/d", **promise).open(within)


def test_parts_lead_to_the_same_database_as_a_url(postgresql, made, contents):
    host, port = re.search(r"@(.*):(\d+)/", postgresql.url).groups()
    name = postgresql.url.rpartition("/")[2]
    parts = {"url": None, "kind": "postgresql", "host": host, "port": int(port), "database": name, "user": "runner"}
    sql = "SELECT current_database() AS name"
    assert contents(made(postgresql, "query", sql=sql, connection=parts)) == [{"name": name}]


def test_a_connection_knows_its_tables(place, within):
    place.execute("CREATE TABLE orders (id integer)")
    place.execute("CREATE VIEW open_orders AS SELECT id FROM orders")
    expected = ["open_orders", "orders"]
    if place.kind == "postgresql":
        place.execute("CREATE SCHEMA sales")
        place.execute("CREATE TABLE sales.lines (id integer)")
        expected.append("sales.lines")
    settings = connection(url=place.url)
    client = settings.open(within)
    assert list(settings.browse(client)) == expected
    settings.close(client)


def verdicts(within, **settings):
    return [(each.layer, each.outcome, each.text) for each in verify(connection(**settings), within)]


def test_a_connection_proves_itself_layer_by_layer(place, within):
    place.execute("CREATE TABLE orders (id integer)")
    found = verdicts(within, url=place.url)
    assert [(layer, outcome) for layer, outcome, _ in found] == [
        ("settings", "proven"),
        ("network", "proven"),
        ("credentials", "proven"),
        ("permission", "proven"),
        ("permission", "proven"),
        ("capability", "proven"),
    ]
    assert "1 of 1 tables and views can be read" in found[3][2]
    assert "secret-word" not in str(found)


def test_a_server_that_is_not_there_fails_the_network_and_is_not_called_a_refused_login(within):
    found = verdicts(within, url="postgresql://user:p4ssword@127.0.0.1:9/db", connect_timeout=2)
    assert [outcome for _, outcome, _ in found[:3]] == ["proven", "failed", "not reached"]
    assert "08001" in found[1][2]
    assert "p4ssword" not in str(found)


@pytest.fixture
def locked(postgresql):
    """A login that needs a password."""
    postgresql.execute("DROP ROLE IF EXISTS locked")
    postgresql.execute("CREATE ROLE locked LOGIN PASSWORD 'right'")
    yield (
        lambda password, name=None: (
            postgresql.url.replace("runner:secret-word", f"locked:{password}").rpartition("/")[0]
            + "/"
            + (name or postgresql.url.rpartition("/")[2])
        )
    )
    postgresql.execute("DROP OWNED BY locked")
    postgresql.execute("DROP ROLE locked")


def test_a_refused_login_is_told_apart_from_a_server_that_is_not_there(locked, within):
    found = verdicts(within, url=locked("wr0ng-p4ssword"))
    assert [(layer, outcome) for layer, outcome, _ in found[1:3]] == [("network", "proven"), ("credentials", "failed")]
    assert "28000" in found[2][2]
    assert "wr0ng-p4ssword" not in str(found)


def test_a_database_that_is_not_there_is_told(locked, within):
    found = verdicts(within, url=locked("right", "nowhere"))
    assert found[2][1] == "failed"
    assert "3D000" in found[2][2]


def test_what_the_login_may_not_do_is_told(postgresql, locked, within):
    postgresql.execute("CREATE TABLE orders (id integer)")
    found = verdicts(within, url=locked("right"))
    assert found[3][:2] == ("permission", "failed")
    postgresql.execute("GRANT SELECT ON orders TO locked")
    found = verdicts(within, url=locked("right"))
    assert [each[:2] for each in found[3:]] == [
        ("permission", "proven"),
        ("permission", "limited"),
        ("capability", "proven"),
    ]


def test_a_statement_that_the_login_may_not_run_fails_its_document(postgresql, locked, told):
    postgresql.execute("CREATE TABLE orders (id integer)")
    code, text = told(postgresql, "query", sql="SELECT * FROM orders", connection={"url": locked("right")})
    assert code == "42501"
    assert "the database user lacks a right" in text


def test_a_connection_that_only_reads_cannot_be_talked_into_writing(place, told, made):
    place.execute("CREATE TABLE orders (id integer)")
    for action in ("DELETE FROM orders", "INSERT INTO orders VALUES (1) RETURNING id"):
        assert told(place, "query", sql=action, connection={"read_only": True})[0] in ("25006", "NoRows")
        assert told(place, "query", sql=action)[0] in ("25006", "NoRows")
    assert place.execute("SELECT count(*) FROM orders") == [(0,)]
    assert made(place, "query", sql="SELECT * FROM orders", connection={"read_only": True}) == []


def test_what_is_chosen_for_a_session_reaches_the_server(postgresql, made, contents):
    settings = {
        "isolation": "repeatable_read",
        "statement_timeout": 7,
        "lock_timeout": 3,
        "options": {"application_name": "night run"},
    }
    names = ("transaction_isolation", "statement_timeout", "lock_timeout", "application_name", "transaction_read_only")
    sql = "SELECT " + ", ".join(f"current_setting('{name}') AS {name}" for name in names)
    assert contents(made(postgresql, "query", sql=sql, connection=settings)) == [
        dict(zip(names, ("repeatable read", "7s", "3s", "night run", "on"), strict=True))
    ]


def test_a_statement_that_runs_too_long_is_ended(place, told):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    code, text = told(place, "query", sql=endless, connection={"statement_timeout": 0.3})
    assert code == "57014"
    assert "longer than statement_timeout" in text


def test_importing_the_connector_imports_no_database_library():
    import subprocess

    code = "import sys, connectors.database\nsys.exit(any(each in sys.modules for each in ('sqlalchemy', 'psycopg')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
