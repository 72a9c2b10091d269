"""What outside the product can be in the way of a start: found early, said in one sentence."""

import contextlib
import errno
import os
import socket
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import redis

from infra.local.environment import without_password
from infra.local.errors import CannotStart


def refuse_foreign_folder(local: Path) -> None:
    """Raise `CannotStart` when another user's start has left files we may not touch."""
    for folder in (local, local / "run"):
        if folder.exists() and os.geteuid() not in (0, folder.stat().st_uid):
            raise CannotStart(
                f"Папку {local} создал другой пользователь (возможно, root): "
                "запустите от его имени или удалите её."
            )


def refuse_occupied_port(host: str, port: int) -> None:
    """Raise `CannotStart` when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as refusal:
            if refusal.errno == errno.EADDRINUSE:
                raise CannotStart(
                    f"Порт {port} занят другой программой: "
                    f"остановите её или выберите другой, make run PORT={port + 1}."
                ) from None
            raise CannotStart(f"Нельзя открыть {host}:{port}: {refusal.strerror}.") from None


def refuse_dead_database(variable: str, url: str) -> None:
    """Raise `CannotStart` when nobody answers at the address."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as refusal:
        reason = " ".join(str(refusal).split())
        raise CannotStart(
            f"База данных {without_password(url)} ({variable}) не отвечает: {reason}"
        ) from None


def refuse_dead_broker(url: str) -> None:
    """Raise `CannotStart` when nobody answers at the address of a Redis-like or TCP broker."""
    parts = urlsplit(url)
    try:
        if parts.scheme == "redis+socket":
            _ping(redis.Redis(unix_socket_path=unquote(parts.path)))
        elif parts.scheme in ("redis", "rediss"):
            _ping(redis.Redis.from_url(url, socket_connect_timeout=5))
        else:
            address = (parts.hostname or "localhost", parts.port or 5672)
            socket.create_connection(address, timeout=5).close()
    except (OSError, ValueError, redis.RedisError) as refusal:
        raise CannotStart(
            f"Очередь {without_password(url)} (BROKER_URL) не отвечает: {refusal}"
        ) from None


def _ping(client: redis.Redis) -> None:
    with contextlib.closing(client):
        client.ping()
