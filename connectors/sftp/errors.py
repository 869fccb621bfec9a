"""What a server refused and what broke on the way to it, said in words of this connector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from connector_sdk import ApplicationError, DocumentError
from connectors.sftp.names import Parts, as_bytes, as_text

NO_SUCH_FILE, PERMISSION_DENIED, FAILURE, BAD_MESSAGE, NO_CONNECTION, CONNECTION_LOST, UNSUPPORTED = range(2, 9)
FILE_EXISTS = 11
NO_SPACE = 14


class Refused(Exception):
    """The server answered a request with an error status; `number` is that of the protocol (SSH_FX_...)."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(reason)
        self.number = number

    @property
    def missing(self) -> bool:
        """Whether the server says that there is no such file or folder."""
        return self.number in (NO_SUCH_FILE, 10)


class Broken(Exception):
    """The session ended, or gave no answer in time; another one may work."""


class Unreachable(Broken):
    """No session could be opened."""


class Taken(Exception):
    """Something has the name that a file was to get."""


DENIED = ("PermissionDenied", "the account may not; change the permissions of the file or of its folder")
FULL = ("NoSpace", "the disk or the quota of the server is used up; free space and run again")
MISSING = ("FileNotFound", "there is no such file or folder")
LONG = ("InvalidName", "the server takes no such name; it may be too long, or hold characters that it forbids")

REASONS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        NO_SUCH_FILE: MISSING,
        PERMISSION_DENIED: DENIED,
        FAILURE: (
            "ServerFailure",
            "the server gives no reason; often its disk or quota is full, or a folder is in the way",
        ),
        BAD_MESSAGE: LONG,
        UNSUPPORTED: ("NotSupported", "the server cannot do that"),
        10: MISSING,
        FILE_EXISTS: ("FileExists", "a file has this name; `if_exists: unique` or `overwrite` would work"),
        12: DENIED,
        NO_SPACE: FULL,
        15: FULL,
        19: ("NotAFolder", "a part of the path is not a folder"),
        20: LONG,
        21: ("PathOutsideFolder", "it is a link that leads round in circles"),
        24: ("NotAFile", "it is a folder; name a file in it"),
    }
)


@contextmanager
def explained(parts: Parts, place: str) -> Iterator[None]:
    """Turn a refusal about `parts` of the folder `place` into an ApplicationError with a stable code."""
    try:
        yield
    except Refused as refused:
        code, reason = _reason(parts, refused)
        text = f"{as_text(parts)!r} in {place}: {reason} (the server says: {refused})"
        raise ApplicationError(text, code) from refused
    except Taken as taken:
        code, reason = REASONS[FILE_EXISTS]
        raise ApplicationError(f"{as_text(parts)!r} in {place}: {reason}", code) from taken


def _reason(parts: Parts, refused: Refused) -> tuple[str, str]:
    lengths = [len(as_bytes(part)) + 1 for part in parts]
    if refused.number == BAD_MESSAGE and (sum(lengths) > 1000 or max(lengths, default=0) > 256):
        return "NameTooLong", "the name is too long for this server; 255 bytes in a part and 1,000 in all always work"
    unknown = ("ServerFailure", f"the server refused with status {refused.number}")
    return REASONS.get(refused.number, unknown)


def not_a_file(parts: Parts, kind: str) -> DocumentError:
    """Something other than a regular file has the name that was asked for."""
    return DocumentError(f"{as_text(parts)!r} is {kind}; name a regular file", "NotAFile")


def outside(parts: Parts) -> DocumentError:
    """A link leads out of the base folder."""
    return DocumentError(
        f"{as_text(parts)!r} is a link out of the connection's folder; copy the file into it, "
        "or connect to the folder that holds it",
        "PathOutsideFolder",
    )
