"""Objects that stay in S3 until they are read, through whole processes."""

import re
import subprocess
import sys

import boto3
import pytest
from botocore.config import Config

PROJECT = """
connections:
  storage:
    {{connector: s3, access_key: a-key, secret_key: a-secret, endpoint_url: "{url}", retry: {{waits: [0, 0]}}}}
  files: {{connector: disk, folder: out, create_folder: true}}
operations:
  list: {{connector: s3, action: query, object_type: the-source}}
  look: {{connector: s3, action: get, object_type: the-source, content: when_read}}
  fetch: {{connector: s3, action: get, object_type: the-source}}
  archived:
    connector: s3
    action: get
    object_type: the-source
    content: when_read
    archiving: {{folder: out, documents: output}}
  remove: {{connector: s3, action: delete, object_type: the-source}}
  store: {{connector: s3, action: upsert, object_type: the-target, part_size: 8}}
  write: {{connector: disk, action: create}}
processes:
  p:
    steps:
      - start: {{connection: storage, operation: list}}
{steps}
"""
LOOK = "connector: {connection: storage, operation: look}"
FETCH = "connector: {connection: storage, operation: fetch}"
ARCHIVED = "connector: {connection: storage, operation: archived}"
REMOVE = "connector: {connection: storage, operation: remove, pass_through: true}"
STORE = "connector: {connection: storage, operation: store}"
NAME = "set_properties: {disk.file_name: '{{ prop.s3.file_key }}'}"
WRITE = "connector: {connection: files, operation: write}"
SIZES = {"small": 100, "middle": 300_000, "large": 20_000_000}
MIB = 1 << 20
MEASURED = """
import runpy, sys
sys.argv = ["process-runner", "run", "p.yaml", "--json"]
try:
    runpy.run_module("process_runner", run_name="__main__")
finally:
    print(open("/proc/self/status").read(), file=sys.stderr)
"""
PEAK = re.compile(r"VmHWM:\s*(\d+) kB")
LARGEST_FILE = 1 * MIB


@pytest.fixture
def api(store):
    keys = {"aws_access_key_id": "a-key", "aws_secret_access_key": "a-secret"}
    client = boto3.client("s3", region_name="us-east-1", endpoint_url=store, **keys)
    for bucket in ("the-source", "the-target"):
        client.create_bucket(Bucket=bucket)
    yield client
    client.close()


@pytest.fixture
def given(api):
    """Objects of these sizes, by their keys."""

    def put(sizes):
        contents = {name: name.encode() * (size // len(name)) for name, size in sizes.items()}
        for name, content in contents.items():
            api.put_object(Bucket="the-source", Key=name, Body=content)
        return contents

    return put


@pytest.fixture
def written(store, tmp_path):
    """Writes the project with these steps."""

    def write(*steps):
        lines = "\n".join(f"      - {step}" for step in steps)
        (tmp_path / "p.yaml").write_text(PROJECT.format(url=store, steps=lines))

    return write


def stored(api):
    found = api.list_objects_v2(Bucket="the-target").get("Contents", ())
    return {each["Key"]: api.get_object(Bucket="the-target", Key=each["Key"])["Body"].read() for each in found}


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def without_files(folder):
    """The code and the peak of a run that may write no file of more than a mebibyte."""
    return measured(folder, "bash", "-c", f'ulimit -f {LARGEST_FILE >> 10}; exec "$@"', "-")


def measured(folder, *before):
    """The code and the peak of a run. It is its own to tell: what the system says of a child contains its parent's."""
    ran = subprocess.run([*before, sys.executable, "-c", MEASURED], cwd=folder, capture_output=True, check=False)
    (peak,) = PEAK.findall(ran.stderr.decode())
    return ran.returncode, int(peak) << 10


@pytest.mark.slow
def test_300_mb_go_from_bucket_to_bucket_without_a_file_and_in_flat_memory(given, written, api, tmp_path):
    peaks = []
    written(LOOK, STORE)
    for size in (20_000_000, 300_000_000):
        contents = given({"large": size})
        code, peak = without_files(tmp_path)
        assert code == 0
        assert stored(api) == contents
        peaks.append(peak)

    assert peaks[1] < 200_000_000
    assert peaks[1] - peaks[0] < 64 * MIB


@pytest.mark.slow
@pytest.mark.parametrize("steps", [(FETCH, NAME, WRITE), (LOOK, NAME, WRITE), (LOOK, STORE)])
def test_several_large_objects_at_once_stay_under_200_mb(given, written, api, tmp_path, steps):
    contents = given({f"large-{number}": 100_000_000 for number in range(4)})
    written(*steps)

    code, peak = measured(tmp_path)

    assert code == 0
    assert (stored(api) if STORE in steps else files(tmp_path / "out")) == contents
    assert peak < 200_000_000


def test_an_object_that_is_fetched_first_needs_a_file(given, written, tmp_path):
    written(FETCH, STORE)
    given({"large": 20_000_000})

    assert without_files(tmp_path)[0]


@pytest.mark.slow
def test_one_large_object_that_goes_straight_on_needs_no_file_though_it_is_fetched(written, api, store, tmp_path):
    content = b"large" * 14_000_000
    keys = {"aws_access_key_id": "a-key", "aws_secret_access_key": "a-secret"}
    config = Config(request_checksum_calculation="when_required")
    plain = boto3.client("s3", region_name="us-east-1", endpoint_url=store, config=config, **keys)
    plain.put_object(Bucket="the-source", Key="large", Body=content)
    plain.close()
    written(FETCH, "set_properties: {s3.file_key: 'copy of {{ prop.s3.file_key }}, {{ document.size }}'}", STORE)

    code, _ = without_files(tmp_path)

    assert code == 0
    assert stored(api) == {f"copy of large, {len(content)}": content}


@pytest.mark.parametrize("way", ["threads: 2", "processes: 2", "batch: 1"])
def test_documents_arrive_whichever_way_they_are_worked_on(given, written, api, runner, tmp_path, way):
    contents = given(SIZES)
    written(LOOK, f"flow_control: {{{way}}}", STORE)

    answer = runner("run", "p.yaml", "--json", cwd=tmp_path)

    assert answer.code == 0, answer.stderr
    assert stored(api) == contents


def test_what_comes_home_from_a_worker_is_whole(given, written, runner, tmp_path):
    contents = given(SIZES)
    written("flow_control: {processes: 2}", LOOK, "return_documents: all")

    answer = runner("run", "p.yaml", "--output", "out", "--json", cwd=tmp_path)

    assert answer.code == 0, answer.stderr
    assert sorted(files(tmp_path / "out" / "all").values()) == sorted(contents.values())


def test_a_cache_keeps_what_is_in_it_then(given, written, runner, tmp_path):
    contents = given({"large": 300_000})
    fill = "steps: [{connector: {connection: storage, operation: look}}, {add_to_cache: {cache: c, key: k}}]"
    empty = "steps: [{connector: {connection: storage, operation: remove}}]"
    use = "steps: [{retrieve_from_cache: {cache: c, key: k}}, {return_documents: all}]"
    written(f"branch: [{{name: fill, {fill}}}, {{name: empty, {empty}}}, {{name: use, {use}}}]")

    answer = runner("run", "p.yaml", "--output", "out", "--json", cwd=tmp_path)

    assert answer.code == 0, answer.stderr
    assert list(files(tmp_path / "out" / "all").values()) == list(contents.values())


def test_an_archive_gets_the_content(given, written, api, runner, tmp_path):
    contents = given(SIZES)
    written(ARCHIVED, STORE)

    answer = runner("run", "p.yaml", "--json", cwd=tmp_path)

    assert answer.code == 0, answer.stderr
    archived = sorted(path.read_bytes() for path in (tmp_path / "out").rglob("*.output"))
    assert archived == sorted(contents.values())
    assert stored(api) == contents


def test_an_object_that_is_gone_fails_its_document_where_it_is_read_and_can_be_caught(given, written, runner, tmp_path):
    contents = given({"a-small": 100, "b-large": 300_000})
    caught = "{message: '{{ error.code }} of {{ prop.s3.file_key }}'}, {return_documents: caught}"
    written(
        f"try_catch: {{try: [{{{LOOK}}}, {{{REMOVE}}}, {{{NAME}}}, {{{WRITE}}}], catch: [{caught}]}}",
    )

    answer = runner("run", "p.yaml", "--output", "out", "--json", cwd=tmp_path)

    assert answer.code == 0, answer.stderr
    assert files(tmp_path / "out") == {"a-small": contents["a-small"]}
    assert list(files(tmp_path / "out" / "caught").values()) == [b"ObjectChanged of b-large"]
