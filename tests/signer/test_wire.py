"""Whom we ask has bounded time for all of the answer, wherever in it they are slow."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from app.certificate import wire


@contextmanager
def dripping(first: bytes, drop: bytes) -> Iterator[int]:
    """The port of a service that says this first, and then the same drop again and again."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line, suppress(OSError):
                line.recv(4096)
                line.sendall(first)
                for _ in range(50):
                    time.sleep(0.1)
                    line.sendall(drop)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def test_all_addresses_of_a_service_share_the_time(monkeypatch):
    monkeypatch.setattr(wire, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as open_:
        for _ in range(4):  # who comes now waits
            waiting = open_.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        found = socket.getaddrinfo(*full.getsockname(), type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found * 5)
        began = time.monotonic()
        with pytest.raises(wire.Unanswered, match="not finished"):
            wire.ask("GET", f"http://127.0.0.1:{full.getsockname()[1]}", most=1000)
        assert time.monotonic() - began < 1


@pytest.mark.parametrize("first", ["refuses", "is silent"])
def test_a_service_is_reached_at_another_address(monkeypatch, first):
    monkeypatch.setattr(wire, "PATIENCE", 1.0)
    with (
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"") as port,
        socket.socket() as nobody,
        ExitStack() as open_,
    ):
        nobody.bind(("127.0.0.1", 0))
        if first == "is silent":
            nobody.listen(0)
            for _ in range(4):  # who comes now waits
                waiting = open_.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(nobody.getsockname())
        found = [socket.getaddrinfo("127.0.0.1", one, type=socket.SOCK_STREAM)[0]
                 for one in (nobody.getsockname()[1], port)]  # fmt: skip
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        assert wire.ask("GET", "http://layanan.contoh", most=1000) == (200, b"ok")


@pytest.mark.parametrize(
    ("scheme", "first", "drop"),
    [
        ("http", b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        ("http", b"HTTP/1.1 200 OK\r\n", b"X: a\r\n"),
        ("http", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b"a"),
        ("http", b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
        ("http", b"", b""),
        ("https", b"\x16\x03\x03\x40\x00", b"a"),
    ],
    ids=["a line", "lines", "a body", "a body without length", "nothing", "a handshake"],
)
def test_a_service_that_never_finishes_is_left(monkeypatch, scheme, first, drop):
    monkeypatch.setattr(wire, "PATIENCE", 0.3)
    began = time.monotonic()
    with dripping(first, drop) as port, pytest.raises(wire.Unanswered, match="not finished"):
        wire.ask("GET", f"{scheme}://127.0.0.1:{port}", most=1000)
    assert time.monotonic() - began < 2
