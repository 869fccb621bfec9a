import pytest

from connector_sdk import Payload
from connectors.s3.uploads.slices import MIB, Slice, opened, planned


def test_parts_cover_the_payload_without_gaps():
    parts = planned(12 * MIB + 1, 5 * MIB)

    assert [(part.number, part.offset, part.size) for part in parts] == [
        (1, 0, 5 * MIB),
        (2, 5 * MIB, 5 * MIB),
        (3, 10 * MIB, 2 * MIB + 1),
    ]


@pytest.mark.parametrize("size", [5 * MIB * 10_000 + 1, 1 << 40, 5 << 40])
def test_parts_grow_where_they_would_be_more_than_ten_thousand(size):
    parts = planned(size, 5 * MIB)

    assert len(parts) <= 10_000
    assert sum(part.size for part in parts) == size
    assert parts[0].size > 5 * MIB
    assert parts[0].size % MIB == 0


def test_ten_thousand_parts_do_not_grow():
    assert planned(5 * MIB * 10_000, 5 * MIB)[0].size == 5 * MIB


def test_a_slice_reads_as_a_stream_of_its_own(runtime):
    with opened(Payload(bytes(range(100))), Slice(2, 30, 30), runtime) as stream:
        first = stream.read()
        stream.seek(5)
        again = stream.read(10)
        end = stream.seek(0, 2)

    assert first == bytes(range(30, 60))
    assert again == bytes(range(35, 45))
    assert end == 30
