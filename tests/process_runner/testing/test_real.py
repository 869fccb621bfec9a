"""Connections of process tests lead nowhere unless the test says otherwise, whatever their connector."""

import pytest

PLUGIN = """
from connector_sdk import Connection, Connector, Operation, ProcessError, hookimpl, setting

class Bell(Connection):
    place: str = setting("Where it hangs.")

    def open(self, runtime):
        raise ProcessError(f"the bell of {self.place} rings", "Rang")

class Ring(Operation):
    "Rings."
    action = "ring"

@hookimpl
def connectors():
    return [Connector("bell", "Bell", Bell, (Ring,))]
"""
RINGING = """
connections: {tower: {connector: bell, place: town}}
operations: {ring: {connector: bell, action: ring}}
processes: {p: {steps: [{name: Ring, connector: {connection: tower, operation: ring}}]}}
"""
STORING = """
connections:
  account: {connector: s3, endpoint_url: "http://127.0.0.1:9", access_key: a, secret_key: b, retry: {waits: []}}
  other: {connector: s3, access_key: a, secret_key: b}
operations: {fetch: {connector: s3, action: get, object_type: acme-orders}}
processes:
  p:
    steps:
      - {name: Other, connector: {connection: other, operation: fetch, parameters: {id: a}}}
      - {name: Fetch, connector: {connection: account, operation: fetch, parameters: {id: a}}}
"""


@pytest.fixture
def bell(tmp_path):
    """An installed connector that the runner knows nothing of."""
    (tmp_path / "bell.py").write_text(PLUGIN)
    facts = tmp_path / "bell-1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: bell\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[connector_sdk.connectors]\nbell = bell\n")


@pytest.mark.usefixtures("bell")
@pytest.mark.parametrize("sandbox", ["", "sandbox: {}, "])
def test_a_connector_without_a_sandbox_leads_nowhere(tested, sandbox):
    done = tested(RINGING, f"tests: [{{name: one, {sandbox}expect: {{status: complete}}}}]")
    assert done.returncode == 1
    assert (
        "the process failed at 'Ring': NotMocked: connection 'tower' leads nowhere in this test; mock the step, "
        "or name the connection under 'real'\n" in done.stdout
    )


@pytest.mark.usefixtures("bell")
def test_a_connection_that_is_named_real_is_real(tested):
    done = tested(
        RINGING, "tests: [{name: one, real: [tower], expect: {failures: [{code: Rang, message: '*of town rings'}]}}]"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_s3_connection_can_be_real_and_another_one_in_the_sandbox(tested):
    tests = """
    tests:
      - name: one
        real: [account]
        sandbox: {buckets: {acme-orders: {a: content}}}
        expect: {failures: [{step: Fetch, message: "*127.0.0.1:9*"}], objects: {acme-orders: {a: content}}}
    """
    done = tested(STORING, tests)
    assert done.returncode == 0, done.stdout + done.stderr
