"""Places: hosts written, and authorities trusted, as botocore does."""

import ssl

import pytest
from botocore import exceptions

from connectors.s3 import S3
from connectors.s3.direct.actions import NotDirect
from connectors.s3.direct.places import Places

HOSTS = {
    "http://Store.Example:80": "store.example",
    "https://store.example:443/": "store.example",
    "http://STORE.example:9000/": "store.example:9000",
    "http://[::1]:9000": "[::1]:9000",
    "http://[::1]": "[::1]",
}


def opened(**settings):
    connection = S3.connection.load({"access_key": "A", "secret_key": "S", **settings})
    return Places(connection, "path", lambda: None)


def nobody():
    raise AssertionError("botocore is not needed")


@pytest.mark.parametrize("url", HOSTS)
def test_hosts_are_written_as_botocore_writes_them(url):
    assert opened(endpoint_url=url).of("bucket", nobody).authority == HOSTS[url]


@pytest.mark.parametrize("port", ["99999", "x"])
def test_an_address_that_is_none_is_left_to_botocore(clients, port):
    for api in clients(f"http://127.0.0.1:{port}")[1:]:
        with pytest.raises(exceptions.EndpointResolutionError):
            api.head_object(Bucket="bucket", Key="k")


@pytest.mark.parametrize("bucket", ["arn:aws:s3:::b", "b--use1-az4--x-s3", "b--use1-az4--xa-s3", f"{'b' * 30}--op-s3"])
def test_buckets_that_are_signed_in_other_ways_are_left_to_botocore(bucket):
    with pytest.raises(NotDirect):
        opened().of(bucket, nobody)


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_authorities_of_the_machine_are_trusted(secure_server, authority, clients, monkeypatch, variable):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(variable, str(authority[0]))
    for api in clients(f"https://127.0.0.1:{secure_server.server_address[1]}"):
        api.head_object(Bucket="bucket", Key="k")


def test_authorities_named_in_the_connection_come_first(secure_server, authority, clients, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "not there"))
    (_, direct) = clients(f"https://127.0.0.1:{secure_server.server_address[1]}", verify_tls=str(authority[0]))
    direct.head_object(Bucket="bucket", Key="k")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_authorities_that_is_none_is_told_by_botocore(secure_server, clients, monkeypatch, tmp_path, content):
    path = tmp_path / "authorities"
    if content:
        path.write_text(content)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(path))
    for api in clients(f"https://127.0.0.1:{secure_server.server_address[1]}"):
        for _ in range(2):
            with pytest.raises((exceptions.BotoCoreError, OSError)) as raised:
                api.head_object(Bucket="bucket", Key="k")
            assert not isinstance(raised.value, ssl.SSLCertVerificationError)
            assert "CERTIFICATE_VERIFY_FAILED" not in str(raised.value)
