import ipaddress
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connector_sdk import ConfigError, ProcessError
from connectors.s3 import S3


class Noting(BaseHTTPRequestHandler):
    """Says yes to everything and notes it."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.server.seen.append((self.command, self.path, self.headers))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_PUT(self):
        while line := self.rfile.readline():
            size = int(line, 16)
            self.rfile.read(size + 2)
            if not size:
                break
        self.do_HEAD()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def authority(tmp_path):
    """A certificate for 127.0.0.1 that vouches for itself; its file and that of its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture
def server(authority):
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    listening.seen = []
    listening.handle_error = lambda *arguments: None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield listening
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def upsert(server, runtime, document):
    from connector_sdk.testing import run

    def upsert_(**settings):
        url = f"https://127.0.0.1:{server.server_address[1]}"
        connection = {"access_key": "A", "secret_key": "S", "endpoint_url": url, **settings}
        operation = {"action": "upsert", "object_type": "the-bucket"}
        return run(S3, connection, operation, [document("k", b"bytes")], within=runtime)

    return upsert_


def test_a_certificate_nobody_vouches_for_stops_the_process_at_once(upsert, server, runtime):
    with pytest.raises(ProcessError, match="verify_tls") as raised:
        upsert()

    assert raised.value.code == "UntrustedCertificate"
    assert runtime.waits == []
    assert server.seen == []


def test_a_file_of_authorities_makes_it_trusted(upsert, server, authority):
    (result,) = upsert(verify_tls=str(authority[0]))

    assert result.error is None
    assert [method for method, _, _ in server.seen] == ["HEAD", "PUT"]
    assert server.seen[1][2]["x-amz-trailer"] == "x-amz-checksum-crc32"


def test_verification_can_be_switched_off(upsert, server):
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
