"""The bucket in the host, at servers that look for it there and in the path; their names lead to loopback."""

from __future__ import annotations

import json
import socket
import urllib.request
from dataclasses import replace

import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Rule

DOMAINS = {"ceph": "s3.test", "localstack": "s3.localhost.localstack.cloud"}
REFUSED = Answer(
    403,
    body=b"<Error><Code>SecondLevelDomainForbidden</Code>"
    b"<Message>Please use virtual hosted style to access.</Message></Error>",
)

pytestmark = pytest.mark.needs("hosts")


@pytest.fixture
def domain(store):
    return DOMAINS[store.server.name]


@pytest.fixture(autouse=True)
def resolver(monkeypatch, domain):
    resolve = socket.getaddrinfo

    def look_up(host, *rest, **more):
        host = host.decode() if isinstance(host, bytes) else host
        return resolve("127.0.0.1" if host.endswith(domain) else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.fixture
def strict(store, domain):
    """The store, refusing the bucket in the path, and the proxy that refuses for it."""
    with FaultProxy(store.server.url, Rule(REFUSED, path=f"/{store.bucket}")) as proxy:
        url = proxy.url.replace("127.0.0.1", domain)
        yield replace(store, server=replace(store.server, url=url)), proxy


def test_a_store_that_wants_the_bucket_in_the_host_gets_it_there(strict, document, large, caplog):
    store, proxy = strict
    store.all("upsert", document("a b/ü+%", b"content"), document("large", large), document("gone", b"x"))
    found = store.all("query", document())
    assert sorted(each.tracked["s3.file_key"] for each in found) == ["a b/ü+%", "gone", "large"]
    store.all("delete", document("gone"))
    store.one("copy", document("a b/ü+%"), parameters={"target-key": "copy"})
    assert store.one("get", document("copy")).payload.read() == b"content"
    assert store.one("get", document("large")).payload.read() == large.read()
    refused = [each for each in proxy.exchanges if each.fault]
    assert 0 < len(refused) <= 2 * 6  # a HEAD and a question for each client
    assert len([each for each in caplog.records if "wants the bucket in the host" in each.getMessage()]) == 6


@pytest.mark.parametrize("addressing", ["path", "virtual"])
def test_both_styles_work_where_they_are_chosen(store, domain, document, addressing):
    url = store.server.url.replace("127.0.0.1", domain)
    there = replace(store, server=replace(store.server, url=url))
    there.one("upsert", document("a b/ü+%", b"content"), connection={"addressing": addressing})
    assert there.one("get", document("a b/ü+%"), connection={"addressing": addressing}).payload.read() == b"content"
    signed = there.one("presign", document("a b/ü+%"), connection={"addressing": addressing})
    where = json.loads(signed.payload.read())["Url"]
    assert (f"//{store.bucket}.{domain}" in where) == (addressing == "virtual")
    with urllib.request.urlopen(where) as answer:
        assert answer.read() == b"content"
