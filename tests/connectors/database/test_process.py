"""Whole processes, as people write them."""

import textwrap

import pytest

from connector_sdk.runtime import LocalRuntime
from process_runner import plugins
from process_runner.engine.execution import Execution, Options
from process_runner.language.loader import Source, load
from process_runner.language.place import InvalidProject


@pytest.fixture
def project(place, tmp_path):
    """Loads a project that has a connection `db`."""

    def load_text(text):
        path = tmp_path / "project.yaml"
        connection = f"connections:\n  db: {{connector: database, url: '{place.url}', retry: {{waits: []}}}}\n"
        path.write_text(connection + textwrap.dedent(text), encoding="utf-8")
        return load(Source((path,)), plugins.load())

    return load_text


@pytest.fixture
def run(project, tmp_path):
    """Runs the one process of a project; its failures, and the texts that it returned."""

    def run_text(text):
        loaded = project(text)
        texts = []
        folder = tmp_path / "run"
        folder.mkdir()

        def keep(label, document):
            texts.append(document.payload.read().decode())

        (process,) = loaded.processes.values()
        report = Execution(loaded, process, LocalRuntime(folder), Options(returned=keep)).run()
        return [(each.code, each.message) for each in report.failures], texts

    return run_text


CUSTOMERS = "CREATE TABLE customers (id integer PRIMARY KEY, name varchar(20))"


def test_a_document_is_enriched_by_a_query_in_an_expression(place, run):
    place.execute(CUSTOMERS)
    place.execute("INSERT INTO customers VALUES (1, 'Acme'), (2, 'Ångström')")
    failures, texts = run(
        """
        operations:
          customer: {connector: database, action: query, sql: "SELECT name FROM customers WHERE id = :id"}
        processes:
          p:
            steps:
              - start: {documents: ['{"customer": 2}', '{"customer": 1}']}
              - message: "{{ call('db', 'customer', id=json('customer')).name }}"
              - return_documents: names
        """
    )
    assert (failures, texts) == ([], ["Ångström", "Acme"])


def test_a_query_of_each_document_keeps_it_and_sets_properties(place, run):
    place.execute(CUSTOMERS)
    place.execute("INSERT INTO customers VALUES (1, 'Acme')")
    failures, texts = run(
        """
        operations:
          customer:
            connector: database
            action: query
            sql: SELECT name FROM customers WHERE id = :customer
            values: document
            properties: [name]
            if_empty: fail
        processes:
          p:
            steps:
              - start: {documents: ['{"customer": 1}', '{"customer": 7}']}
              - connector: {connection: db, operation: customer, pass_through: true, concurrency: 4}
              - message: "{{ json('customer') }}: {{ prop.name | default('') }}"
              - return_documents: names
        """
    )
    assert texts == ["1: Acme"]
    assert [code for code, _ in failures] == ["NoRows"]


def test_each_document_can_name_its_table(place, run):
    for name in ("a", "b"):
        place.execute(f"CREATE TABLE {name} (id integer)")
    failures, _ = run(
        """
        operations:
          keep: {connector: database, action: insert, table: a}
        processes:
          p:
            steps:
              - start: {documents: ['{"id": 1}', '{"id": 2}', '{"id": 3}']}
              - connector:
                  connection: db
                  operation: keep
                  dynamic: {table: "{{ 'b' if json('id') == 2 else 'a; DROP TABLE a' if json('id') == 3 else 'a' }}"}
        """
    )
    assert [code for code, _ in failures] == ["42P01"]
    assert (place.execute("SELECT id FROM a"), place.execute("SELECT id FROM b")) == ([(1,)], [(2,)])


def test_values_of_a_statement_that_are_missing_or_misspelt_are_problems_before_anything_runs(project):
    with pytest.raises(InvalidProject) as caught:
        project(
            """
            operations:
              find: {connector: database, action: query, sql: "SELECT :customer, :day"}
            processes:
              p:
                steps:
                  - start: {connection: db, operation: find, parameters: {custmer: a, day: b}}
            """
        )
    told = "\n".join(map(str, caught.value.problems))
    assert "has no input 'custmer'; did you mean 'customer'?" in told
    assert "needs the parameter 'customer'" in told


def test_fibers_in_processes_of_their_own_use_one_database(place, run):
    place.execute("CREATE TABLE numbers (n integer PRIMARY KEY)")
    failures, _ = run(
        """
        operations:
          numbers:
            connector: database
            action: query
            sql: WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 40) SELECT n FROM c
          keep: {connector: database, action: upsert, table: numbers}
        processes:
          p:
            steps:
              - start: {connection: db, operation: numbers}
              - flow_control: {processes: 2, batch: 5}
              - connector: {connection: db, operation: keep}
        """
    )
    assert failures == []
    assert place.execute("SELECT count(*), sum(n) FROM numbers") == [(40, 820)]
