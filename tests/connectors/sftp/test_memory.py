"""Files of hundreds of megabytes, in the memory of a few blocks."""

import hashlib
import json
import subprocess
import sys
import textwrap

import pytest

MIB = 1 << 20
SIZE = 300 * MIB

PROGRAM = """
    import json, resource, sys, tempfile
    from pathlib import Path

    from connector_sdk import Document, Payload
    from connector_sdk.runtime import LocalRuntime
    from connector_sdk.testing import run
    from connectors.sftp import CONNECTOR

    settings, action, payload, folder = json.loads(sys.argv[1])
    within = LocalRuntime(Path(folder))
    named = {"sftp.file_name": "large"}
    run(CONNECTOR, settings, {"action": "query"}, [Document(Payload(b""))], within=within)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    document = Document(Payload.file(payload) if payload else Payload(b""), tracked=named)
    (result,) = run(CONNECTOR, settings, {"action": action}, [document], within=within)
    assert result.error is None, result.error
    (answer,) = result.documents
    assert answer.tracked["sftp.size"] == str(300 << 20)
    if action == "get":
        assert answer.payload.size == 300 << 20
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("action", ["create", "get"])
def test_300_mib_travel_in_bounded_memory(base, settings, tmp_path, action):
    large = (tmp_path if action == "create" else base) / "large"
    with open(large, "wb") as stream:
        for number in range(SIZE // MIB):
            stream.write(hashlib.sha256(b"%d" % number).digest() * (MIB // 32))
    given = [settings(), action, str(large) if action == "create" else None, str(tmp_path)]

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), json.dumps(given)],
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 40 << 10  # KiB
    if action == "create":
        assert subprocess.run(["cmp", large, base / "large"], check=False).returncode == 0
