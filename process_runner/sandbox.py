"""The sandbox: an S3 server on a free loopback port, its buckets made as they are named."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from connector_sdk import ConfigError

HOST = "127.0.0.1"
REGION = "us-east-1"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Server:
    """A running S3 server."""

    endpoint_url: str

    @property
    def connection(self) -> dict[str, str]:
        """Settings of an S3 connection that leads here; any keys will do."""
        return {
            "connector": "s3",
            "endpoint_url": self.endpoint_url,
            "addressing": "path",
            "access_key": "sandbox",
            "secret_key": "sandbox",
        }


@contextmanager
def sandbox(port: int = 0) -> Iterator[Server]:
    """A server for the length of the context; ConfigError where it is not installed, OSError for a port in use."""
    try:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
        from werkzeug.serving import make_server
    except ImportError as error:
        raise ConfigError("the sandbox is not installed; run: pip install 'process-runner[sandbox]'") from error

    class Quiet(MotoRequestHandler):
        """Serves without a log line for each request."""

        def log_request(self, *args: Any, **kwargs: Any) -> None:
            pass

    application = _without_select(_with_buckets(DomainDispatcherApplication(create_backend_app)))
    with socket.create_server((HOST, port)) as listening:
        port = listening.getsockname()[1]
        server = make_server(HOST, port, application, True, request_handler=Quiet, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever, name="sandbox", daemon=True)
    thread.start()
    try:
        yield Server(f"http://{HOST}:{port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _with_buckets(application: Application) -> Application:
    """The application, with the bucket of every request made before the request is answered."""
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.s3.exceptions import BucketAlreadyExists, InvalidBucketName
    from moto.s3.models import s3_backends

    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    making = threading.Lock()

    def answer(environment: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        bucket, _, key = environment["PATH_INFO"].lstrip("/").partition("/")
        creates = environment["REQUEST_METHOD"] == "PUT" and not key and not environment.get("QUERY_STRING")
        if bucket and not creates and not bucket.startswith("moto-api"):
            with making:
                if bucket not in backend.buckets:
                    with suppress(BucketAlreadyExists, InvalidBucketName):  # the request itself is then refused
                        backend.create_bucket(bucket, REGION)
        return application(environment, start_response)

    return answer


def _without_select(application: Application) -> Application:
    """The application, refusing S3 Select as most stores do: the double answers some expressions, and wrongly."""
    refusal = b"<Error><Code>MethodNotAllowed</Code><Message>The sandbox has no S3 Select</Message></Error>"

    def answer(environment: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environment.get("QUERY_STRING", "").startswith("select"):
            return application(environment, start_response)
        environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
        start_response("405 Method Not Allowed", [("Content-Type", "application/xml")])
        return [refusal]

    return answer
