"""`python -m infra.local.alone <command>`: run it where there is no network but loopback.

A namespace of the kernel holds for C libraries, browsers and child processes too, whatever they
open. Where namespaces are forbidden the command runs all the same, and a line says so.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

ALONE = "OKRUG_ALONE"  # set for the command: the tests check what it promises
# Root keeps its accounts, which some tests change to; anybody else becomes root of the namespace.
NAMESPACES = (("unshare", "--net", "--"), ("unshare", "--map-root-user", "--net", "--"))
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def main(command: list[str]) -> None:
    """Become the command; do not return."""
    if os.environ.get(ALONE) == "entering":
        _raise_loopback()
        os.environ[ALONE] = "yes"
    elif way := find_way():
        os.environ[ALONE] = "entering"
        command = [*way, sys.executable, "-m", "infra.local.alone", *command]
    else:
        print(
            "Сеть: без изоляции (пространства имён здесь запрещены); соединения из C-библиотек "
            "и браузера не проверялись.",
            flush=True,
        )
    os.execvp(command[0], command)  # noqa: S606 no shell is meant


def find_way() -> tuple[str, ...]:
    """Return the words that give a command a network of its own; none if that is forbidden."""
    if shutil.which("unshare") is None:
        return ()
    for way in NAMESPACES:
        tried = subprocess.run([*way, "true"], capture_output=True, check=False)  # noqa: S603
        if tried.returncode == 0:
            return way
    return ()


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        answer = fcntl.ioctl(any_socket, SIOCGIFFLAGS, request)
        flags = struct.unpack("16sH14s", answer)[1] | IFF_UP
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags, b""))


if __name__ == "__main__":
    main(sys.argv[1:])
