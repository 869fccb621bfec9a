"""A store names where it wants the bucket; real requests, with names that resolve as the test says."""

import json
import socket

import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Reset, Rule

SERVICE = "s3.us-east-1.amazonaws.com"
"""The server that keeps the objects knows this name and finds buckets before it."""
REFUSALS = [
    (403, "SecondLevelDomainForbidden", "Please use virtual hosted style to access."),
    (403, "SecondLevelDomainForbidden", "must be addressed using OSS third level domain"),
    (400, "VirtualHostDomainRequired", "m"),
    (403, "PathStyleDomainForbidden", "m"),
    (400, "InvalidRequest", "Path-style requests are not supported here"),
    (403, "AccessDenied", "the bucket has to be in the host"),
    (405, "MethodNotAllowed", "virtual-hosted-style requests only"),
]


def refusal(status=403, code="SecondLevelDomainForbidden", message="Please use virtual hosted style to access."):
    return Answer(status, body=f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode())


@pytest.fixture
def unknown():
    """Domains below which no host has an address; each starts with a dot."""
    return set()


@pytest.fixture
def ports():
    """Ports of loopback by the ports that are asked for."""
    return {}


@pytest.fixture(autouse=True)
def resolver(monkeypatch, unknown, ports):
    resolve = socket.getaddrinfo

    def look_up(host, port, *rest, **more):
        host = host.decode() if isinstance(host, bytes) else host
        if host.endswith(tuple(unknown)):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve("127.0.0.1" if host.endswith(SERVICE) else host, ports.get(port, port), *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def styles(store, proxy):
    return [
        "host" if (each.header("Host") or "").startswith(f"{store.bucket}.") else "path" for each in proxy.exchanges
    ]


def bucket_in_path(store):
    return {"path": f"/{store.bucket}"}


def lines(caplog):
    return [each.getMessage() for each in caplog.records if "going on" in each.getMessage()]


def named(proxy):
    """The proxy's address with a name that buckets can stand before."""
    return proxy.url.replace("127.0.0.1", SERVICE)


@pytest.mark.parametrize(("status", "code", "message"), REFUSALS)
def test_a_store_that_wants_the_bucket_in_the_host_gets_it_there_from_then_on(
    store, document, caplog, status, code, message
):
    with FaultProxy(store.url, Rule(refusal(status, code, message), **bucket_in_path(store))) as proxy:
        results = store.through(named(proxy)).run(
            "upsert", document("a", b"1"), document("b", b"2"), region="us-east-1"
        )

    assert [each.error for each in results] == [None, None]
    assert styles(store, proxy) == ["path", "host", "host"]
    assert (store.content("a"), store.content("b")) == (b"1", b"2")
    assert store.runtime.waits == []
    (line,) = lines(caplog)
    assert code in line
    assert "the store wants the bucket in the host" in line


def test_the_question_for_the_region_has_no_words_so_one_that_has_is_asked_once(store, document, caplog):
    with FaultProxy(store.url, Rule(refusal(), **bucket_in_path(store))) as proxy:
        results = store.through(named(proxy)).run("upsert", document("a", b"1"), document("b", b"2"))

    assert [each.error for each in results] == [None, None]
    assert [(each.method, each.query) for each in proxy.exchanges] == [
        ("HEAD", ""),
        ("GET", "location"),
        ("HEAD", ""),
        ("PUT", ""),
        ("PUT", ""),
    ]
    assert styles(store, proxy) == ["path", "path", "host", "host", "host"]
    assert (store.content("a"), store.content("b")) == (b"1", b"2")
    assert len(lines(caplog)) == 1


@pytest.mark.parametrize("action", ["head", "get", "query", "delete", "copy", "move", "get_tags", "list_versions"])
def test_every_action_finds_its_way(store, document, action):
    store.api.put_object(Bucket=store.bucket, Key="there", Body=b"before")
    target = {"parameters": {"target-key": "new"}} if action in ("copy", "move") else {}
    with FaultProxy(store.url, Rule(refusal(), **bucket_in_path(store))) as proxy:
        (result,) = store.through(named(proxy)).run(action, document("there"), region="us-east-1", **target)

    assert result.error is None
    assert styles(store, proxy)[-1] == "host"
    expected = {"copy": ["new", "there"], "move": ["new"], "delete": []}.get(action, ["there"])
    assert store.listed() == expected


def test_a_large_document_finds_its_way_in_parts(store, document, large):
    with FaultProxy(store.url, Rule(refusal(), **bucket_in_path(store))) as proxy:
        store.through(named(proxy)).one("upsert", document("k", large), part_size=5)

    assert store.content("k") == large.read()
    assert store.unfinished() == []


def test_what_is_signed_beforehand_has_the_bucket_where_the_store_wants_it(store, document):
    with FaultProxy(store.url, Rule(refusal(), **bucket_in_path(store))) as proxy:
        (signed,) = store.through(named(proxy)).one("presign", document("k"))

    assert json.loads(signed.payload.read())["Url"].startswith(f"http://{store.bucket}.{SERVICE}:")


def test_a_refusal_of_another_kind_is_the_answer(store, document, caplog):
    denied = refusal(403, "AccessDenied", "not yours")
    with FaultProxy(store.url, Rule(denied, **bucket_in_path(store))) as proxy:
        results = store.through(named(proxy)).run("upsert", document("a"), document("b"))

    assert {each.error.code for each in results} == {"AccessDenied"}
    assert [each.method for each in proxy.exchanges] == ["HEAD", "GET", "PUT", "PUT"]
    assert set(styles(store, proxy)) == {"path"}
    assert lines(caplog) == []


def test_a_bucket_that_is_not_there_teaches_nothing(store, document, caplog):
    with FaultProxy(store.url, Rule(refusal(), path="/missing-")) as proxy:
        through = store.through(named(proxy))
        (missing,) = through.run("get", document("k"), object_type="missing-bucket", region="us-east-1")
        (stored,) = through.run("upsert", document("k", b"1"), region="us-east-1")

    assert (missing.error.code, stored.error) == ("NoSuchBucket", None)
    assert styles(store, proxy)[-1] == "path"
    assert lines(caplog) == []


def test_a_store_that_refuses_both_is_not_asked_again(store, document, caplog):
    with FaultProxy(store.url, Rule(refusal())) as proxy:
        results = store.through(named(proxy)).run("upsert", document("a"), document("b"), region="us-east-1")

    assert {each.error.code for each in results} == {"SecondLevelDomainForbidden"}
    assert styles(store, proxy) == ["path", "host", "path"]
    assert store.listed() == lines(caplog) == []


def test_a_host_without_an_address_leaves_the_stores_own_words(store, document, unknown, caplog):
    unknown.add(f".{SERVICE}")
    with FaultProxy(store.url, Rule(refusal(), **bucket_in_path(store))) as proxy:
        (result,) = store.through(named(proxy)).run("upsert", document("a"), region="us-east-1")

    assert result.error.code == "SecondLevelDomainForbidden"
    assert "virtual hosted" in str(result.error)
    assert store.runtime.waits == lines(caplog) == []


def test_a_fault_on_the_way_to_the_other_host_is_retried_as_any(store, document):
    rules = Rule(refusal(), **bucket_in_path(store)), Rule(Reset(served=True), method="PUT", on=(2,))
    with FaultProxy(store.url, *rules) as proxy:
        (result,) = store.through(named(proxy)).run("upsert", document("k", b"1"), region="us-east-1")

    assert result.error is None
    assert store.runtime.waits == [0]
    assert styles(store, proxy) == ["path", "host", "path", "host"]
    assert store.content("k") == b"1"


def test_a_style_that_was_chosen_stays(store, document):
    with FaultProxy(store.url, Rule(refusal(), **bucket_in_path(store))) as proxy:
        through = store.through(named(proxy))
        (path,) = through.run("upsert", document("a"), region="us-east-1", connection={"addressing": "path"})
        (host,) = through.run("upsert", document("b"), region="us-east-1", connection={"addressing": "virtual"})

    assert (path.error.code, host.error) == ("SecondLevelDomainForbidden", None)
    assert styles(store, proxy) == ["path", "host"]


def test_an_address_that_is_a_number_has_no_names_below_it(store, document):
    with FaultProxy(store.url, Rule(refusal(), **bucket_in_path(store))) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("a"), region="us-east-1")

    assert result.error.code == "SecondLevelDomainForbidden"
    assert store.listed() == []


@pytest.fixture
def amazon(secure_server, store, ports):
    """Runs upserts at Amazon, whose part a server on loopback plays."""
    ports[443] = secure_server.server_address[1]

    def run(*documents, **connection):
        there = {"endpoint_url": None, "verify_tls": False, **connection}
        return store.run("upsert", *documents, connection=there, region="us-east-1")

    return run


def test_at_amazon_the_bucket_is_in_the_path_where_its_host_has_no_address(
    amazon, secure_server, document, unknown, store, caplog
):
    unknown.add(f".{SERVICE}")

    results = amazon(document("a", b"1"), document("b", b"2"))

    assert [each.error for each in results] == [None, None]
    assert [path for _, path, _ in secure_server.seen] == [f"/{store.bucket}/a", f"/{store.bucket}/b"]
    assert {headers["Host"] for _, _, headers in secure_server.seen} == {SERVICE}
    assert store.runtime.waits == []
    (line,) = lines(caplog)
    assert "EndpointConnection; the host with the bucket's name has no address" in line


def test_at_amazon_the_bucket_is_in_the_host_else(amazon, secure_server, document, store, caplog):
    amazon(document("a", b"1"))

    assert [(path, headers["Host"]) for _, path, headers in secure_server.seen] == [("/a", f"{store.bucket}.{SERVICE}")]
    assert lines(caplog) == []


@pytest.mark.parametrize("addressing", ["auto", "virtual"])
def test_where_nothing_has_an_address_nothing_is_learnt(
    amazon, secure_server, document, unknown, store, caplog, addressing
):
    unknown.add(SERVICE)

    (result,) = amazon(document("a", b"1"), addressing=addressing, retry={"waits": [0]})

    assert result.error.code == "EndpointConnection"
    assert f"https://{store.bucket}.{SERVICE}" in str(result.error)
    assert store.runtime.waits == [0]
    assert secure_server.seen == lines(caplog) == []
