"""The egress proxy: its settings are made of the list of hosts, and Squid itself obeys them."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "infra/docker/egress.sh"
SQUID = shutil.which("squid", path="/usr/sbin:/usr/bin:/sbin")
NOBODY = 65534


def printed(text: str) -> "subprocess.CompletedProcess[str]":
    with tempfile.NamedTemporaryFile("w", suffix=".list") as file:
        file.write(text)
        file.flush()
        command = ["sh", str(SCRIPT), "--print", file.name]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_listed_host_is_let_out_on_its_own_port_only() -> None:
    done = printed("# ЕСИА\nesia.gosuslugi.ru:443\n\nsms.zarechny.example:8443  # шлюз\n")

    rules = [line for line in done.stdout.splitlines() if line.startswith(("acl", "http_access"))]
    assert rules == [
        "acl CONNECT method CONNECT",
        "acl host1 dstdomain -n esia.gosuslugi.ru",
        "acl port1 port 443",
        "http_access allow CONNECT host1 port1",
        "acl host2 dstdomain -n sms.zarechny.example",
        "acl port2 port 8443",
        "http_access allow CONNECT host2 port2",
        "http_access deny all",
    ]


def test_empty_list_lets_nothing_out() -> None:
    done = printed("")

    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if "http_access" in line] == [
        "http_access deny all"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "*:443",
        "*.gosuslugi.ru:443",
        ".gosuslugi.ru:443",
        "gosuslugi.ru",
        "https://gosuslugi.ru:443",
        "gosuslugi.ru:443/path",
        "gosuslugi.ru:443\\nhttp_access allow all",
        "a b:443 http_access allow all",
        "GOSUSLUGI.RU:443",
        "госуслуги.рф:443",
    ],
)
def test_line_that_is_no_host_with_a_port_stops_the_start(line: str) -> None:
    done = printed(f"esia.gosuslugi.ru:443\n{line}\n")

    assert done.returncode == 2
    assert "узел:порт" in done.stderr
    assert done.stdout == ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def listener() -> Iterator[int]:
    """Yield the port of a server that says «здравствуйте» to whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    met, _ = server.accept()
                except OSError:
                    return
                with met:
                    met.sendall("здравствуйте".encode())

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.fixture(scope="module")
def proxy(listener: int) -> Iterator[int]:
    """Yield the port of a real Squid, started as the image starts it and, by root, as nobody."""
    if SQUID is None:
        pytest.skip("Squid не установлен: настройки проверены, сам прокси нет")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="okrug-egress-") as folder:
        Path(folder).chmod(0o755)
        script = shutil.copy(SCRIPT, folder)
        allowed = Path(folder) / "egress.list"
        allowed.write_text(f"localhost:{listener}\n", encoding="ascii")
        with subprocess.Popen(
            ["sh", script, str(allowed)],
            env={"EGRESS_PORT": str(port), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=NOBODY if os.geteuid() == 0 else None,
        ) as process:
            wait_for(port)
            yield port
            process.terminate()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    raise TimeoutError("Squid does not answer")


def ask(proxy: int, request: str) -> str:
    """Return what came back: the proxy's answer and, if let through, the other side's word."""
    with socket.create_connection(("127.0.0.1", proxy), timeout=10) as wire:
        wire.sendall(f"{request}\r\n\r\n".encode())
        answer = b""
        while piece := wire.recv(65536):
            answer += piece
            if answer.startswith(b"HTTP/1.1 4"):
                break
    return answer.decode("utf-8", "replace")


@pytest.mark.requirement("PDP-002", part=True)
def test_squid_lets_the_listed_host_through(proxy: int, listener: int) -> None:
    answer = ask(proxy, f"CONNECT localhost:{listener} HTTP/1.1\r\nHost: localhost:{listener}")

    assert answer.startswith("HTTP/1.1 200")
    assert answer.endswith("здравствуйте")


@pytest.mark.requirement("PDP-002", part=True)
@pytest.mark.parametrize(
    "request_line",
    [
        "CONNECT 127.0.0.1:{listener} HTTP/1.1",
        "CONNECT example.org:443 HTTP/1.1",
        "CONNECT localhost:22 HTTP/1.1",
        "CONNECT evil.localhost:{listener} HTTP/1.1",
        "GET http://localhost:{listener}/ HTTP/1.1\r\nHost: localhost:{listener}",
        "POST http://example.org/ HTTP/1.1\r\nHost: example.org\r\nContent-Length: 0",
    ],
)
def test_squid_refuses_everything_else(proxy: int, listener: int, request_line: str) -> None:
    answer = ask(proxy, request_line.format(listener=listener))

    assert answer.startswith("HTTP/1.1 403"), answer
    assert "здравствуйте" not in answer
