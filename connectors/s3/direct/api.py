"""Direct: botocore's client, except that the requests a process makes most are sent without it."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, TypeAlias

from connector_sdk.waiting import aside
from connectors.s3.direct import broken, checksums
from connectors.s3.direct.actions import Action, NotDirect, target
from connectors.s3.direct.checksums import Stream
from connectors.s3.direct.content import Announced, content, size
from connectors.s3.direct.everyday import ACTIONS, SENT_SUMS
from connectors.s3.direct.pages import page
from connectors.s3.direct.places import Places
from connectors.s3.direct.signature import EMPTY, UNSIGNED, Header, Request, Signer
from connectors.s3.direct.wire import Head

Arguments: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = Mapping[str, Any]
Send: TypeAlias = Callable[[str, Arguments], Answer]
OWN = "accept-encoding: identity\r\nuser-agent: process-runner\r\n"
"""Without the first, a server may send content compressed."""
OK = range(200, 300)
SERVER_ERROR = 500
ERROR = re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(\w+:)?Error\b", re.DOTALL)
LARGEST_REFUSAL = 1 << 20


class Direct:
    """The methods of botocore's client, with the same arguments, answers and errors.

    `exact` opens the client for what is not sent here; `summed` tells whether bodies are sent with checksums and
    answers are compared with theirs.
    """

    def __init__(self, exact: Callable[[], Any], places: Places, signer: Signer, summed: bool) -> None:
        self._open_exact = exact
        self._places = places
        self._signer = signer
        self._summed = summed
        self._opened: Any = None
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._exact(), name)

    def put_object(self, **arguments: Any) -> Answer:
        """PutObject, without Content-MD5 and other fields that this connector never sends."""
        return self._send_or("put_object", self._stored, "PutObject", arguments)

    def upload_part(self, **arguments: Any) -> Answer:
        """UploadPart."""
        return self._send_or("upload_part", self._stored, "UploadPart", arguments)

    def get_object(self, **arguments: Any) -> Answer:
        """GetObject; the answer's `Body` is a stream that its reader closes."""
        return self._send_or("get_object", self._fetched, "GetObject", arguments)

    def head_object(self, **arguments: Any) -> Answer:
        """HeadObject."""
        return self._send_or("head_object", self._looked_at, "HeadObject", arguments)

    def head_bucket(self, **arguments: Any) -> Answer:
        """HeadBucket."""
        return self._send_or("head_bucket", self._looked_at, "HeadBucket", arguments)

    def list_objects_v2(self, **arguments: Any) -> Answer:
        """ListObjectsV2; of an entry what a listing is made for: key, time, ETag, size and storage class."""
        return self._send_or("list_objects_v2", self._listed, "ListObjectsV2", arguments)

    def close(self) -> None:
        """Hang up."""
        self._places.close()
        if self._opened is not None:
            self._opened.close()

    def _exact(self) -> Any:
        with self._lock:
            if self._opened is None:
                self._opened = self._open_exact()
            return self._opened

    def _send_or(self, method: str, send: Send, name: str, arguments: Arguments) -> Answer:
        """What `send` gives, or botocore's client where the request is none of the everyday."""
        try:
            return send(name, arguments)
        except NotDirect:
            exact: Callable[..., Answer] = getattr(self._exact(), method)
            return aside(lambda: exact(**arguments), at_once=True)  # it holds a turn that others aside may wait for

    def _stored(self, name: str, arguments: Arguments) -> Answer:
        wanted = dict(arguments)
        algorithm = checksums.known(wanted.pop("ChecksumAlgorithm", None))
        algorithm = algorithm or (checksums.DEFAULT if self._summed else None)
        headers, place = ACTIONS[name].written(wanted), self._places.of(arguments["Bucket"], self._exact)
        body = content(arguments["Body"])
        given = not SENT_SUMS.keys().isdisjoint(wanted)
        open_ = not (place.is_private and (algorithm or given))
        checksum, digest = checksums.of(body, None if given else algorithm, hashed=open_)
        if algorithm and checksum:
            headers += checksums.headers(algorithm, checksum)
        answer, rest = self._exchange(name, arguments, headers, body, digest if open_ else UNSIGNED)
        self._read(name, answer, rest)
        return answer

    def _fetched(self, name: str, arguments: Arguments) -> Answer:
        answer, body = self._bare(name, {"ChecksumMode": "ENABLED", **arguments} if self._summed else arguments)
        whole = self._summed and answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        answer["Body"] = checksums.verified(body, answer) if whole else body
        return answer

    def _looked_at(self, name: str, arguments: Arguments) -> Answer:
        return self._bare(name, arguments)[0]

    def _listed(self, name: str, arguments: Arguments) -> Answer:
        if "EncodingType" in arguments:
            raise NotDirect("EncodingType")
        answer, body = self._bare(name, {"EncodingType": "url", **arguments})
        return {**answer, **page(self._read(name, answer, body))}

    def _bare(self, name: str, arguments: Arguments) -> tuple[dict[str, Any], Stream]:
        return self._exchange(name, arguments, ACTIONS[name].written(arguments), b"", EMPTY)

    def _exchange(
        self, name: str, arguments: Arguments, headers: list[Header], sent: bytes | BinaryIO, digest: str
    ) -> tuple[dict[str, Any], Stream]:
        kind, place = ACTIONS[name], self._places.of(arguments["Bucket"], self._exact)
        path = f"{place.prefix}/{target(arguments['Key'])}" if "Key" in arguments else place.prefix or "/"
        query = kind.query(arguments)
        headers.append(("host", place.authority))
        signed = self._signer.signed(Request(kind.method, path, query, headers, digest))
        whole = size(sent)
        if kind.method == "PUT":
            signed.append(("content-length", str(whole)))
        text = "\r\n".join(map(": ".join, signed))
        line = f"{kind.method} {path}{'?' if query else ''}{query} HTTP/1.1"
        given = sent if isinstance(sent, bytes) else Announced(sent, whole)
        head, body = place.pool.ask(f"{line}\r\n{text}\r\n{OWN}\r\n".encode(), given, kind.method == "HEAD")
        if head.status not in OK:
            raise self._refusal(kind, head, body)
        answer = _told(kind, head, body)
        answer["ResponseMetadata"] = {"HTTPStatusCode": head.status, "HTTPHeaders": head.headers}
        return answer, body

    def _read(self, name: str, answer: Mapping[str, Any], body: Stream) -> bytes:
        """The body of an answer of success; an error in it is raised with the status that botocore gives it."""
        try:
            content = body.read()
        finally:
            body.close()
        if content and ERROR.match(content[:200]):
            headers = answer["ResponseMetadata"]["HTTPHeaders"]
            raise self._refused(ACTIONS[name], SERVER_ERROR, headers, content)
        return content

    def _refusal(self, kind: Action, head: Head, body: Stream) -> Exception:
        with contextlib.closing(body):
            content = body.read(LARGEST_REFUSAL)
            while len(content) < LARGEST_REFUSAL and (more := body.read(LARGEST_REFUSAL)):
                content += more
        return self._refused(kind, head.status, head.headers, content)

    def _refused(self, kind: Action, status: int, headers: Mapping[str, str], content: bytes) -> Exception:
        """The error that botocore makes of such an answer."""
        from botocore.awsrequest import HeadersDict
        from botocore.parsers import create_parser

        answer = {"status_code": status, "headers": HeadersDict(headers), "body": content, "context": {}}
        model = self._exact().meta.service_model.operation_model(kind.name)
        parsed = create_parser("rest-xml").parse(answer, model.output_shape)
        error: Exception = self._exact().exceptions.from_code(parsed["Error"].get("Code"))(parsed, kind.name)
        return error


def _told(kind: Action, head: Head, body: Stream) -> dict[str, Any]:
    """What the headers of an answer say; ResponseParserError where it is not what S3 says."""
    try:
        return kind.read(head.headers)
    except ValueError as error:
        body.close()
        raise broken.unparsed("a header of the answer is not what S3 says") from error
