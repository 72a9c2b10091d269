"""A door between the product and PostgreSQL that cuts connections at COMMIT (F8).

A Unix socket that carries every byte both ways. When it is told to, it sees a client say COMMIT and
ends the connection: before the server heard of it, or after, so that the outcome is unknown.
"""

import contextlib
import random
import selectors
import socket
import threading
from pathlib import Path

COMMIT = b"COMMIT\x00"
SOCKET = ".s.PGSQL.5432"
BLOCK = 65536


class CuttingDoor:
    """Listens in `folder`, carries to the socket in `server`; `cuts` counts what it cut."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder, self.server = folder, server
        self.chance = 0.0
        self.cuts = {"before": 0, "after": 0}
        self._random = random.Random(8)
        self._over = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def open(self) -> None:
        """Begin to listen."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / SOCKET
        path.unlink(missing_ok=True)
        self._listener.bind(str(path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Listen no more; what is connected ends by itself."""
        self._over.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with client, server, contextlib.suppress(OSError):
            server.connect(str(self.server / SOCKET))
            with selectors.DefaultSelector() as selector:
                selector.register(client, selectors.EVENT_READ, server)
                selector.register(server, selectors.EVENT_READ, client)
                while self._pass_on(selector, client):
                    pass

    def _pass_on(self, selector: selectors.BaseSelector, client: socket.socket) -> bool:
        """Carry what has come; return False when either side is gone or the door cut it."""
        for key, _ in selector.select(timeout=600):
            source, target = key.fileobj, key.data
            assert isinstance(source, socket.socket)
            block = source.recv(BLOCK)
            if not block:
                return False
            is_commit = source is client and block.endswith(COMMIT)
            if not is_commit or self._random.random() >= self.chance:
                target.sendall(block)
                continue
            if self._random.random() < 0.5:
                self.cuts["before"] += 1
                return False
            self.cuts["after"] += 1
            target.sendall(block)
            target.recv(BLOCK)  # the server has committed; nobody is told
            return False
        return True
