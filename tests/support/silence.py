"""No test opens a connection to anything but this machine: heard by an audit hook of Python.

The hook sees what Python opens in this process. C libraries, browsers and child processes are held
by the namespace that `make test` runs in (infra/local/alone.py).
"""

import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from foundation.residency.addresses import is_here, plain_host

CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}

heard: list[str] = []


class WentOutside(Exception):
    """A test reached for the network."""


def leads_outside(event: str, arguments: tuple[Any, ...]) -> bool:
    """Return whether an audit event of sockets concerns another machine."""
    if event in CONNECTS:
        asked, address = arguments
        return (
            asked.family in (socket.AF_INET, socket.AF_INET6)
            and address is not None
            and not is_here(str(address[0]))
        )
    if event in LOOKS_UP:
        host = arguments[0]
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        return not is_here(plain_host(name)) and name != socket.gethostname()
    return False


def listen(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what leads outside, and remember it: the refusal may be swallowed on its way."""
    if event.startswith("socket.") and leads_outside(event, arguments):
        heard.append(f"{event} {arguments[-1] if event in CONNECTS else arguments[0]}")
        raise WentOutside(heard[-1])


def install() -> None:
    """Listen from now on: a hook cannot be taken away."""
    sys.addaudithook(listen)


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """Fail the test during which anybody in this process reached for the network."""
    yield
    reached, heard[:] = heard[:], []
    assert reached == []
