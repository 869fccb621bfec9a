"""Numbers of the SFTP protocol, version 3: how a file is opened, and how large a request may be."""

from __future__ import annotations

READ = 0x01
WRITE = 0x02
APPEND = WRITE | 0x04
CREATE = 0x08
CUT = 0x10
NEW = WRITE | CREATE | 0x20

BLOCK = 255 << 10
"""What OpenSSH takes in one request; for other servers it is divided."""
