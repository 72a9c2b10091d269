"""What an address of the settings means: this machine, or a host, perhaps with a port."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

LOCAL = "local"
PORTS = {"https": 443, "http": 80, "redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}
# A file system of another machine looks like a folder of this one.
NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "ceph", "glusterfs", "lustre", "fuse.", "9p", "afs")
OCTAL = re.compile(r"\\([0-7]{3})")  # how the kernel writes a space in /proc/mounts


@dataclass(frozen=True, slots=True)
class Address:
    """A host («local»: this machine, a Unix socket, a folder of it) and its port, if known."""

    host: str
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @classmethod
    def of(cls, text: str, port: int | None = None) -> Self:
        """Return the address written as a URL, `host`, `host:port` or a socket's path.

        Raise `ValueError` when it cannot be read.
        """
        if not text or text.startswith(("/", "@")):
            return cls(LOCAL)
        parts = urlsplit(text if "://" in text else f"//{text}")
        host = plain_host(parts.hostname or "")
        if is_here(host):
            return cls(LOCAL)
        return cls(host, parts.port or port or PORTS.get(parts.scheme))

    def is_covered_by(self, entry: str) -> bool:
        """Return whether a host, `host:port` or network of the manifest names this address."""
        if self.host == LOCAL or entry == LOCAL:
            return self.host == entry
        if "/" in entry:
            number = _ip_of(self.host)
            return number is not None and number in ip_network(entry)
        listed = Address.of(entry)
        return listed.host == self.host and (
            None in (listed.port, self.port) or listed.port == self.port
        )


def plain_host(host: str) -> str:
    """Return a host in one spelling: small letters, no final dot, Cyrillic as the DNS has it."""
    small = host.strip().rstrip(".").lower()
    if small.isascii():
        return small
    return small.encode("idna").decode("ascii")


def is_here(host: str) -> bool:
    """Return whether the host is this machine whatever the network."""
    address = _ip_of(host)
    if address is None:
        return host in ("", "localhost")
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def machine_of(path: Path, mounts: str) -> str:
    """Return the machine whose disk holds a path, LOCAL or a host; `mounts` is /proc/mounts."""
    found = LOCAL
    longest = -1
    for source, point, kind in _mounts(mounts):
        if path.is_relative_to(point) and len(point) >= longest:
            longest = len(point)
            found = _server_of(source) if kind.startswith(NETWORK_FILE_SYSTEMS) else LOCAL
    return found


def _mounts(text: str) -> Iterable[tuple[str, str, str]]:
    for line in text.splitlines():
        fields = [OCTAL.sub(lambda code: chr(int(code[1], 8)), one) for one in line.split(" ")]
        if len(fields) > 2:
            yield fields[0], fields[1], fields[2]


def _server_of(source: str) -> str:
    """Return the host of `host:/export`, `//host/share`, `user@host:/folder`."""
    if source.startswith("//"):
        return plain_host(source[2:].split("/")[0])
    before, colon, _ = source.rpartition(":/")
    return plain_host(before.rpartition("@")[2].strip("[]")) if colon else source


def _ip_of(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
