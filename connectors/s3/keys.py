"""Keys: which object a document means."""

from __future__ import annotations

import logging
import threading
import uuid

from connector_sdk import DocumentError, Request

MOST_BYTES = 1024
ADVISED_AGAINST = frozenset('\\{}^%`[]"<>~#|')
log = logging.getLogger(__name__)


class Advice:
    """Warns once of keys that Amazon advises against; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given = False

    def consider(self, key: str) -> None:
        """Warn if the key has such a character and nobody was warned yet."""
        if self._given or (key.isprintable() and ADVISED_AGAINST.isdisjoint(key)):
            return
        found = next(each for each in key if each in ADVISED_AGAINST or not each.isprintable())
        with self._lock:
            given, self._given = self._given, True
        if not given:
            log.warning("key %r has %r, which Amazon advises against; keys are sent as they are", key, found)


def checked(key: str) -> str:
    """The key itself; DocumentError if S3 cannot have an object of that name."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError as error:
        raise DocumentError(f"key {key!r} is not valid Unicode", "InvalidKey") from error
    if size > MOST_BYTES:
        # quoted in part, a secret in it would no longer be found and hidden
        raise DocumentError(f"the key has {size} bytes; {MOST_BYTES} are allowed", "KeyTooLongError")
    return key


def asked_for(request: Request) -> str:
    """The key of the object to work on: parameter `id`, else `s3.file_key`; DocumentError if neither is set."""
    key = request.inputs.get("id") or request.tracked("file_key")
    if not key:
        raise DocumentError(
            "no object is named: give the step the parameter id, or set the property "
            f"{request.connector}.file_key before it",
            "NoKey",
        )
    return checked(key)


def given(request: Request) -> str | None:
    """The key to store a document under: `s3.file_key`, else folder and file name; None if the document names none."""
    if key := request.tracked("file_key"):
        return checked(key)
    name = request.tracked("file_name")
    return checked(_in_folder(request, name)) if name else None


def invented(request: Request) -> str:
    """A random key, in the document's folder if it has one."""
    return checked(_in_folder(request, str(uuid.uuid4())))


def _in_folder(request: Request, name: str) -> str:
    folder = request.tracked("folder")
    return f"{folder.removesuffix('/')}/{name}" if folder else name
