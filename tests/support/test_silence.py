"""The run reaches for nothing outside this machine, and would notice if it did."""

import os
import smtplib
import socket
import subprocess
import sys

import httpx
import psycopg
import pytest

from infra.local.alone import ALONE, find_way
from infra.local.paths import ROOT
from tests.support.silence import WentOutside, heard

OUTSIDE = "203.0.113.7"  # of a network kept for examples: nobody is there
C_LIBRARY = f"""
import ctypes, psycopg, socket
try:
    psycopg.connect("host={OUTSIDE} connect_timeout=3")
except psycopg.OperationalError as error:
    print(error)
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname()).close()
print([name for _, name in socket.if_nameindex()])
"""


@pytest.mark.requirement("PDP-002", part=True)
@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection((OUTSIDE, 443), timeout=1),
        lambda: socket.create_connection(("school.example", 443), timeout=1),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", (OUTSIDE, 53)),
        lambda: socket.gethostbyname("school.example"),
        lambda: httpx.get("https://school.example/", trust_env=False),
        lambda: smtplib.SMTP("smtp.example", 25, timeout=1),
    ],
    ids=["number", "name", "datagram", "lookup", "request", "post"],
)
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_reaching_outside_is_stopped_and_remembered(reach) -> None:
    with pytest.raises(WentOutside):
        reach()

    assert len(heard) == 1
    heard.clear()


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()

    assert heard == []


@pytest.mark.requirement("PDP-002", part=True)
def test_a_c_library_finds_no_network_where_the_run_is_alone() -> None:
    if not find_way():
        pytest.skip("namespaces are forbidden here")

    done = subprocess.run(
        [sys.executable, "-m", "infra.local.alone", sys.executable, "-c", C_LIBRARY],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != ALONE},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Network is unreachable" in done.stdout
    assert done.stdout.splitlines()[-1] == "['lo']"


@pytest.mark.skipif(
    os.environ.get(ALONE) != "yes", reason="not run by make test, or forbidden here"
)
def test_this_very_run_has_no_network() -> None:
    assert [name for _, name in socket.if_nameindex()] == ["lo"]
    with pytest.raises(psycopg.OperationalError, match="Network is unreachable"):
        psycopg.connect(f"host={OUTSIDE} connect_timeout=3")
