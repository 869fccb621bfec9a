"""Large objects go through bounded memory and stop when asked, against a server in a process of its own."""

import signal
import subprocess
import sys

import pytest

from connector_sdk.testing import RULES, Case, Sample, Subject, examine
from connectors.s3 import S3

KEY = {"file_key": "large"}
LARGE = 192
"""MiB: several parts of an upload are in memory at once, however many there are."""
NAMES = ("large_payload_streams", "stops_when_asked")
UPSERT = Case("upsert", {"object_type": "kit", "part_size": 5}, good=Sample(b"content", KEY), streams=True)
GET = Case("get", {"object_type": "kit"}, good=Sample(tracked=KEY), streams=Sample(tracked=KEY))


@pytest.fixture(scope="module")
def settings():
    """The settings of a connection to a server that holds a large object."""
    import boto3

    command = [sys.executable, "-m", "process_runner", "sandbox"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    url = server.stdout.readline().strip()
    keys = {"aws_access_key_id": "a-key", "aws_secret_access_key": "a-secret"}
    client = boto3.client("s3", region_name="us-east-1", endpoint_url=url, **keys)
    client.create_bucket(Bucket="kit")
    client.put_object(Bucket="kit", Key="large", Body=bytes(LARGE << 20))
    client.close()
    yield {"access_key": "a-key", "secret_key": "a-secret", "endpoint_url": url}
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=30)


@pytest.mark.parametrize("case", [UPSERT, GET], ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_a_large_object_keeps_the_rule(name, case, settings):
    rules = tuple(rule for rule in RULES if rule.name == name)
    (finding,) = examine(Subject(S3, settings, (case,), large=LARGE), rules)
    assert (finding.outcome, finding.told) == ("passed", "")
