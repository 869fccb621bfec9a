"""The examples do what they say."""

import shutil
from pathlib import Path

import boto3
import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "archive-orders"
OBJECTS = {
    "acme-retail": {
        "O'Hara/E 5+5.json",
        "review/José Ñúñez/B 42.json",
        "Ångström & Söner/A+17/2026.json",
        "Ångström & Söner/A+18/2026.json",
    },
    "acme-wholesale": {"Blue Ocean Ltd/C-7.json", "review/東京コーヒー/D#1.json"},
}


@pytest.fixture
def example(tmp_path):
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


def test_orders_are_archived_in_two_buckets(example, runner, store):
    (example / "here.env.yaml").write_text(
        f"connections: {{storage: {{endpoint_url: '{store}', access_key: some-key, secret_key: some-secret}}}}"
    )
    answer = runner("run", ".", "--env", "here.env.yaml", "--json", cwd=example)
    assert (answer.code, answer.summary["status"]) == (0, "complete"), answer.stderr
    client = boto3.client(
        "s3", endpoint_url=store, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    found = {bucket: {each["Key"] for each in client.list_objects_v2(Bucket=bucket)["Contents"]} for bucket in OBJECTS}
    assert found == OBJECTS


def test_the_sandbox_needs_no_account(example, runner):
    answer = runner("run", ".", "--sandbox", cwd=example, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert answer.code == 0, answer.stderr
    assert "archive-orders:  complete (1 in, 10 out, 0 failed" in answer.stdout
    assert "O'Hara/E 5+5.json says {" in answer.stderr


def test_one_broken_file_fails_alone(example, runner):
    answer = runner("run", ".", "--sandbox", "--env", "broken.env.yaml", "--json", cwd=example)
    assert (answer.code, answer.summary["status"]) == (1, "error")
    [failure] = answer.summary["failures"]
    assert failure["about"] == {"disk.path": "tuesday.json"}
    assert (failure["step"], failure["code"]) == ("One document per order", "InvalidJson")
    assert answer.summary["documents"] == {"in": 1, "out": 8, "failed": 1}
    stored = next(step for step in answer.summary["steps"] if step["step"] == "Store orders")
    assert (stored["in"], stored["out"]) == (5, 5)
