"""Host keys that are trusted: lines of a known_hosts file, public keys, or fingerprints."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/])")
KEY_TYPE = re.compile(r"(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+")
FORMS = "a line of a known_hosts file, a public key, or a fingerprint such as SHA256:..."


@dataclass(frozen=True, slots=True)
class HostKeys:
    """`lines` are known_hosts lines; `fingerprints` those that any host may have; `wanted` is all, for messages."""

    lines: tuple[str, ...]
    fingerprints: frozenset[str]
    wanted: tuple[str, ...]

    @classmethod
    def of(cls, entries: Iterable[str]) -> HostKeys:
        """From what a process author wrote, one or more lines in each entry; ValueError says which is no host key."""
        lines, fingerprints, wanted = [], set(), []
        for line in _written(entries):
            known_hosts, fingerprint = _parsed(line)
            wanted.append(fingerprint)
            if known_hosts:
                lines.append(line)
            else:
                fingerprints.add(fingerprint)
        return cls(tuple(lines), frozenset(fingerprints), tuple(dict.fromkeys(wanted)))


def fingerprint_of(key: bytes) -> str:
    """The fingerprint of a public key, as OpenSSH shows it."""
    return f"SHA256:{base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip('=')}"


def _written(entries: Iterable[str]) -> Iterable[str]:
    lines = (line.strip() for entry in entries for line in entry.splitlines())
    return (line for line in lines if line and not line.startswith("#"))


def _parsed(line: str) -> tuple[bool, str]:
    """Whether the line is one of a known_hosts file, and the fingerprint that it stands for."""
    if found := FINGERPRINT.search(line):
        return False, found[0]
    fields = line.split()
    at = next((at for at, field in enumerate(fields) if KEY_TYPE.fullmatch(field)), None)
    if at is None or at + 1 >= len(fields):
        raise ValueError(f"{line!r} is no host key; write {FORMS}")
    try:
        return at > 0, fingerprint_of(base64.b64decode(fields[at + 1], validate=True))
    except binascii.Error as error:
        raise ValueError(f"{line!r} holds no key in Base64; write {FORMS}") from error
