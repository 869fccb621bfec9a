import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest

from connector_sdk import ConfigError, ProcessError, SettingsError
from connectors.http.connection import HttpConnection


class Authority:
    """Signs certificates for 127.0.0.1, the first of them for itself."""

    def __init__(self, folder):
        self.folder = folder
        self.key, self.certificate = None, None
        self.key, self.certificate = self.made("authority")

    def made(self, name):
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        issuer = self.certificate.subject if self.certificate else subject
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        certificate = (
            builder.not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(address, critical=False)
            .add_extension(x509.BasicConstraints(ca=self.key is None, path_length=None), critical=True)
            .sign(self.key or key, hashes.SHA256())
        )
        return key, certificate

    def pem(self, name, password=b""):
        """Certificate and key of a new pair, as PEM."""
        return pem(*self.made(name), password)

    @property
    def file(self):
        path = self.folder / "authority.pem"
        path.write_text(pem(self.key, self.certificate)[0])
        return str(path)


def pem(key, certificate, password=b""):
    from cryptography.hazmat.primitives import serialization as form

    kept = form.BestAvailableEncryption(password) if password else form.NoEncryption()
    written = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, kept)
    return certificate.public_bytes(form.Encoding.PEM).decode(), written.decode()


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def secure(api, authority, tmp_path, reply):
    """The API over TLS; `clients` wants a certificate of them."""

    def make(clients=False, **settings):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        paths = tmp_path / "server.pem", tmp_path / "server.key"
        for path, content in zip(paths, authority.pem("server"), strict=True):
            path.write_text(content)
        context.load_cert_chain(*paths)
        if clients:
            context.maximum_version = ssl.TLSVersion.TLSv1_2  # which refuses in the handshake and not while reading
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(authority.file)
        api.server.socket = context.wrap_socket(api.server.socket, server_side=True)
        api.on("/x", reply(200, b"secure"))
        return api.through(api.url.replace("http:", "https:"), **settings)

    return make


def test_a_certificate_nobody_vouches_for_stops_the_process_at_once(secure):
    api = secure()

    with pytest.raises(ProcessError, match="verify_tls") as raised:
        api.run("get", path="x")

    assert raised.value.code == "UntrustedCertificate"
    assert (api.runtime.waits, api.asked) == ([], [])


def test_a_file_of_authorities_makes_it_trusted(secure, authority):
    assert secure(verify_tls=authority.file).one("get", path="x").payload.read() == b"secure"


def test_the_environment_makes_nothing_trusted(secure, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", authority.file)

    with pytest.raises(ProcessError, match="verify_tls"):
        secure().run("get", path="x")


def test_verification_can_be_switched_off_and_says_so(secure, caplog):
    assert secure(verify_tls=False).one("get", path="x").payload.read() == b"secure"
    assert caplog.messages == ["verify_tls is false: whoever answers is taken for the server"]


def test_a_client_proves_itself_by_its_certificate(secure, authority):
    certificate, key = authority.pem("client")
    api = secure(clients=True, verify_tls=authority.file, certificate=certificate, private_key=key)

    assert api.one("get", path="x").payload.read() == b"secure"


def test_a_key_can_have_a_password(secure, authority):
    certificate, key = authority.pem("client", b"open sesame")
    pair = {"certificate": certificate, "private_key": key, "private_key_password": "open sesame"}

    assert secure(clients=True, verify_tls=authority.file, **pair).one("get", path="x").payload.read() == b"secure"


def test_without_a_certificate_a_client_is_refused(secure, authority):
    api = secure(clients=True, verify_tls=authority.file)

    with pytest.raises(ProcessError, match="certificate") as raised:
        api.run("get", path="x")

    assert (raised.value.code, api.runtime.waits) == ("CertificateRefused", [])


@pytest.mark.parametrize("password", [{}, {"private_key_password": "wrong"}])
def test_a_key_that_cannot_be_opened_is_an_error_of_the_setting(secure, authority, password):
    certificate, key = authority.pem("client", b"open sesame")
    api = secure(certificate=certificate, private_key=key, **password)

    with pytest.raises(ConfigError, match="private_key_password") as raised:
        api.run("get", path="x")

    assert raised.value.setting == ("certificate",)


def test_texts_that_are_no_certificates_are_not_told(secure):
    with pytest.raises(ConfigError) as raised:
        secure(certificate="my secret", private_key="my other secret").run("get", path="x")

    assert "secret" not in str(raised.value)


def test_certificate_and_key_belong_together():
    with pytest.raises(SettingsError, match="belong together"):
        HttpConnection.load({"url": "https://a.example", "certificate": "x"})


def test_files_of_authorities_that_are_none_are_errors_of_the_setting(api, tmp_path):
    (tmp_path / "empty").write_text("nothing")
    for path, told in (("/no/such/file", "not there"), (str(tmp_path / "empty"), "no certificates")):
        with pytest.raises(ConfigError, match=told) as raised:
            api.through(None, verify_tls=path).run("get", path="x")
        assert raised.value.setting == ("verify_tls",)


def test_a_link_from_https_to_http_is_not_followed(secure, authority, reply):
    api = secure(verify_tls=authority.file, other_hosts=["*"])
    api.on("/x", reply(302, b"", (("Location", "http://127.0.0.1/x"),)))

    assert api.error("get", path="x").code == "InsecureLink"
