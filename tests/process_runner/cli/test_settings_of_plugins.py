"""Settings of a plugin: secrets anywhere in them are hidden, and what they refuse is told with whose it is."""

import json

import pytest

PLUGIN = """
from typing import Annotated
from connector_sdk import Connection, ConfigError, Connector, DocumentError, Operation, Parsed, Secret, Settings
from connector_sdk import hookimpl, setting

class Account(Settings):
    "One of several."
    token: Secret = setting("A token.")

def checked(value):
    return {1: True, 2: False}[value]

class Place(Connection):
    "A place."
    keys: list[Secret] = setting("Keys.", [])
    pair: tuple[Secret, ...] | None = setting("Keys.", None)
    named: dict[str, Secret] = setting("Keys by name.", {})
    accounts: list[Account] = setting("Accounts.", [])
    by_name: dict[str, Account] = setting("Accounts by name.", {})
    where: str = setting("Where.", "here")
    def open(self, runtime):
        if self.where == "nowhere":
            raise ConfigError("there is no such place", ("where",))
        known = [*self.keys, *(self.pair or ()), *self.named.values()]
        known += [each.token for each in [*self.accounts, *self.by_name.values()]]
        return [each.get_secret_value() for each in known]

class Work(Operation):
    "Works."
    action = "work"
    key: Secret = setting("A key.", "none", dynamic=True)
    count: int = setting("A count.", 1, le=5, dynamic=True)
    odd: int = setting("Odd.", 1, dynamic=True, check=checked)
    hours: Annotated[list[str], Parsed({"type": "string"}, lambda text, _: text.split("-"))] = setting(
        "Hours.", "9-17", dynamic=True)
    def execute(self, client, request):
        raise DocumentError(f"no luck with {client} and {self.key.get_secret_value()}", "NoLuck")

@hookimpl
def connectors():
    return Connector("vault", "Vault", Place, (Work,))
"""
PROJECT = """
connections:
  c: {{connector: vault, {settings}}}
operations:
  o: {{connector: vault, action: work}}
processes:
  p:
    steps:
      - start: {{documents: [hunter]}}
      - connector: {{connection: c, operation: o, dynamic: {{{dynamic}}}}}
"""
SECRET = "hunter2-very-secret"


@pytest.fixture
def ran(command, plugin, write):
    """Runs a command on a project with these settings and dynamic options."""
    plugin("vault", PLUGIN)

    def run(settings="where: here", dynamic="", action="run", *more):
        path = write("p.yaml", PROJECT.format(settings=settings, dynamic=dynamic))
        return command(action, path, *more)

    return run


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (f"keys: [{SECRET}]", "keys"),
        (f"pair: [{SECRET}]", "pair"),
        (f"named: {{one: {SECRET}}}", "one"),
        (f"accounts: [{{token: {SECRET}}}]", "token"),
        (f"by_name: {{one: {{token: {SECRET}}}}}", "token"),
    ],
)
def test_a_secret_in_a_list_or_under_any_name_is_hidden_and_warned_of(ran, settings, named):
    done = ran(settings)
    assert done.returncode == 1
    assert SECRET not in done.stdout + done.stderr
    assert "no luck with ['***']" in done.stderr
    column = len("  c: {connector: vault, ") + settings.index(SECRET) + 1
    assert f"p.yaml:3:{column}: a secret stands in the file" in done.stderr
    assert f"write ${{NAME}} or ${{file:PATH}} for '{named}'" in done.stderr


def test_a_secret_that_a_document_brings_is_hidden(ran):
    done = ran("where: here", 'key: "{{ document.text }}2-very-secret"', "run", "--json")
    assert SECRET not in done.stdout + done.stderr
    (failure,) = json.loads(done.stdout)["failures"]
    assert failure["message"] == "no luck with [] and ***"


@pytest.mark.parametrize(
    ("dynamic", "told"),
    [
        ("count: 9", "p.yaml:10:67: the value must be at most 5"),
        ("count: many", "p.yaml:10:67: expected a whole number"),
        ("odd: 2", "p.yaml:10:65: the value is not possible"),
    ],
)
def test_what_is_the_same_for_each_document_and_never_fits_is_told_before(ran, dynamic, told):
    done = ran("where: here", dynamic, "validate")
    assert done.returncode == 2
    assert told in done.stdout


@pytest.mark.parametrize(
    ("dynamic", "told"),
    [
        ('count: "{{ 4 + 5 }}"', "dynamic option count: the value must be at most 5"),
        ('odd: "{{ 1 + 1 }}"', "dynamic option odd: the value is not possible"),
        ('hours: "{{ [1] }}"', "dynamic option hours: expected a text"),
    ],
)
def test_a_value_that_does_not_fit_fails_its_document(ran, dynamic, told):
    done = ran("where: here", dynamic, "run", "--json")
    assert done.returncode == 1
    assert [(each["code"], each["message"]) for each in json.loads(done.stdout)["failures"]] == [
        ("InvalidOption", told)
    ]


def test_a_check_that_breaks_on_a_value_is_the_plugins_defect(ran):
    done = ran("where: here", 'odd: "{{ 1 + 2 }}"')
    assert done.returncode == 70
    assert "connector 'vault', operation 'work', raised KeyError: 3" in done.stderr


def test_a_setting_that_is_found_wrong_when_its_connection_is_opened_is_named(ran):
    told = "connection 'c': setting where: there is no such place"
    assert told in ran("where: nowhere").stderr
    done = ran("where: nowhere", "", "test-connection", "c")
    assert done.returncode == 1
    assert "setting where: there is no such place" in done.stdout


def test_a_secret_header_of_the_http_connector_is_hidden_and_warned_of(command, write):
    path = write(
        "p.yaml",
        "connections:\n"
        f"  api: {{connector: http, url: 'https://api.example.com', secret_headers: {{X-Key: {SECRET}}}}}\n"
        f"processes:\n  p:\n    steps:\n      - notify: 'x {SECRET}'\n",
    )
    done = command("run", path)
    assert SECRET not in done.stdout + done.stderr
    assert "write ${NAME} or ${file:PATH} for 'X-Key'" in done.stderr


def test_an_address_with_a_line_end_is_refused(command, write):
    path = write("p.yaml", "connections:\n  api: {connector: http, url: '${URL}'}\nprocesses: {}\n")
    done = command("validate", path, env={"URL": "https://api.example.com\n"})
    assert done.returncode == 2
    assert "p.yaml:2:31: the text does not match" in done.stdout
