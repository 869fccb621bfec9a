import pytest

from connector_sdk import ConfigError, ProcessError
from connectors.s3 import S3


@pytest.fixture
def upsert(secure_server, runtime, document):
    from connector_sdk.testing import run

    def upsert_(**settings):
        url = f"https://127.0.0.1:{secure_server.server_address[1]}"
        connection = {"access_key": "A", "secret_key": "S", "endpoint_url": url, **settings}
        operation = {"action": "upsert", "object_type": "the-bucket"}
        return run(S3, connection, operation, [document("k", b"bytes")], within=runtime)

    return upsert_


def test_a_certificate_nobody_vouches_for_stops_the_process_at_once(upsert, secure_server, runtime):
    with pytest.raises(ProcessError, match="verify_tls") as raised:
        upsert()

    assert raised.value.code == "UntrustedCertificate"
    assert runtime.waits == []
    assert secure_server.seen == []


def test_a_file_of_authorities_makes_it_trusted(upsert, secure_server, authority):
    (result,) = upsert(verify_tls=str(authority[0]))

    assert result.error is None
    assert [method for method, _, _ in secure_server.seen] == ["HEAD", "PUT"]
    headers = secure_server.seen[1][2]
    assert headers["x-amz-checksum-crc32"]
    assert headers["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD"  # TLS and the checksum protect it already


def test_botocore_sends_it_with_a_trailer(upsert, secure_server, authority):
    (result,) = upsert(verify_tls=str(authority[0]), requests="botocore")

    assert result.error is None
    assert secure_server.seen[1][2]["x-amz-trailer"] == "x-amz-checksum-crc32"


def test_verification_can_be_switched_off(upsert, secure_server):
    (result,) = upsert(verify_tls=False)

    assert result.error is None


def test_a_file_of_authorities_that_is_not_there_is_an_error_of_the_setting(upsert):
    with pytest.raises(ConfigError, match="not there") as raised:
        upsert(verify_tls="/no/such/file")

    assert raised.value.setting == ("verify_tls",)


def test_the_password_of_a_proxy_shows_nowhere(upsert, runtime):
    (result,) = upsert(proxy="http://user:very-secret@127.0.0.1:9", verify_tls=False)

    assert "very-secret" not in str(result.error)
    assert len(runtime.waits) == 6
