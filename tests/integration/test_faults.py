"""Faults between the connector and a server that verifies what it gets; afterwards the bucket holds what it should."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, Reset, Rule

FAULTS = {
    "busy": Answer(503, body=b"<Error><Code>SlowDown</Code><Message>slower</Message></Error>"),
    "broken": Answer(500, body=b"<Error><Code>InternalError</Code><Message>again</Message></Error>"),
    "lost reply": Reset(served=True),
    "lost request": Reset(),
}


@pytest.fixture
def proxy(server):
    with FaultProxy(server.url) as standing:
        yield standing


@pytest.fixture
def through(store, proxy):
    return replace(store, server=replace(store.server, url=proxy.url))


@pytest.mark.parametrize("fault", FAULTS)
def test_an_upsert_survives_a_fault(through, document, proxy, fault):
    proxy.follow(Rule(FAULTS[fault], method="PUT", path="/key", on=(1,)))
    through.one("upsert", document("key", b"content"))
    assert len([each for each in proxy.exchanges if each.fault]) == 1
    assert through.api.get_object(Bucket=through.bucket, Key="key")["Body"].read() == b"content"


@pytest.mark.parametrize("fault", [*FAULTS, "cut short"])
def test_a_get_survives_a_fault(through, document, proxy, fault):
    through.api.put_object(Bucket=through.bucket, Key="key", Body=b"content" * 1000)
    proxy.follow(Rule(FAULTS.get(fault, Cut(100)), method="GET", path="/key", on=(1,)))
    assert through.one("get", document("key")).payload.read() == b"content" * 1000
    assert len([each for each in proxy.exchanges if each.fault]) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_large_upsert_sends_a_part_that_failed_again_and_no_other(through, document, proxy, large, fault):
    proxy.follow(Rule(FAULTS[fault], method="PUT", query="partNumber=2", on=(1,)))
    through.one("upsert", document("key", large), part_size=5)
    sent = [each.query.partition("partNumber=")[2].partition("&")[0] for each in proxy.exchanges]
    assert sorted(filter(None, sent)) == ["1", "2", "2", "3", "4", "5"]
    assert through.api.get_object(Bucket=through.bucket, Key="key")["Body"].read() == large.read()
    assert through.unfinished() == []


def test_a_large_upsert_that_fails_leaves_nothing_behind(through, document, proxy, large):
    proxy.follow(Rule(Answer(500), method="PUT", query="partNumber=3"))
    assert through.error("upsert", document("key", large), part_size=5)
    assert (through.listed(), through.unfinished()) == ([], [])


@pytest.mark.needs("conditions")
def test_an_upsert_that_must_not_exist_recognises_its_own_success_after_a_lost_reply(through, document, proxy):
    proxy.follow(Rule(Reset(served=True), method="PUT", path="/key", on=(1,)))
    through.one("upsert", document("key", b"content"), if_exists="fail")
    assert through.api.get_object(Bucket=through.bucket, Key="key")["Body"].read() == b"content"
