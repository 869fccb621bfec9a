"""What a stream of an object holds in memory: blocks while somebody reads on, nothing where nobody does."""

import gc
import re
from pathlib import Path

import pytest

from connector_sdk import DocumentError
from connector_sdk.fault_proxy import Answer, FaultProxy, Rule

STATUS = Path("/proc/self/status")
MIB = 1 << 20
REFUSED = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>not now</Message></Error>")

pytestmark = pytest.mark.skipif(not STATUS.exists(), reason="the system does not tell what memory is in use")


def held():
    """Bytes of the system's own memory, which blocks are in."""
    (kibibytes,) = re.findall(r"RssShmem:\s*(\d+) kB", STATUS.read_text())
    return int(kibibytes) << 10


@pytest.fixture
def before():
    """The same at the beginning, without what other tests have left behind."""
    gc.collect()
    return held()


def test_a_stream_that_was_moved_or_closed_holds_no_memory(filled, look, content, before):
    with look(filled.url).payload.open() as stream:
        for _ in range(2):
            assert stream.read(3 * MIB) == content[: 3 * MIB]
            assert held() > before + MIB
            stream.seek(0)
            assert held() < before + MIB
        stream.read(3 * MIB)
    assert held() < before + MIB


def test_an_error_of_a_stream_holds_the_memory_of_one_block_at_most(filled, look, before):
    rule = Rule(REFUSED, header="Range: bytes=2621440-4718591")
    with FaultProxy(filled.url, rule) as proxy, look(proxy.url).payload.open() as stream:
        with pytest.raises(DocumentError, match="not now") as caught:
            b"".join(iter(lambda: stream.read(MIB), b""))
        assert held() < before + MIB
        assert caught.value.code == "AccessDenied"
