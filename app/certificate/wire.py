"""Asking a service on another machine: the one in the settings and no other, in bounded time and with a bounded answer.

A redirect is an answer like others and is not followed, so nobody can send us to machines behind our door.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Timer
from urllib.parse import urlsplit

PATIENCE = 20.0  # seconds for the whole answer; the system's resolver has limits of its own
_PIECE = 64 * 1024


class Unanswered(OSError):
    """The service is not there, or too slow."""


class TooLong(Unanswered):
    """The service says too much."""


def ask(
    method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, *, most: int
) -> tuple[int, bytes]:
    """The status and the body of the answer, of at most so many bytes. Raises Unanswered."""
    end = time.monotonic() + PATIENCE
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    line = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(host, port)
    try:
        with _connected(host, port, end) as plain:
            line.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
            line.request(method, parts.path or "/", body, dict(headers or {}))
            answer = line.getresponse()
            found = answer.status, _read(answer, most)
    except TooLong:
        raise
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() < end:
            raise Unanswered(str(error) or type(error).__name__) from error
    finally:
        line.close()
    if time.monotonic() >= end:
        raise Unanswered(f"not finished after {PATIENCE:.0f} seconds")
    return found


@contextmanager
def _connected(host: str, port: int, end: float) -> Iterator[socket.socket]:
    """A line that is cut at the end of our patience, whatever is on it: each byte may be late, but not all together."""
    with _reached(host, port, end) as plain, plain.dup() as same:
        # The library gives the first of the two to TLS; the second still reaches the line, also in a handshake.
        cut = Timer(max(end - time.monotonic(), 0), _cut, [same])
        cut.daemon = True
        cut.start()
        try:
            yield plain
        finally:
            cut.cancel()
            cut.join()


def _reached(host: str, port: int, end: float) -> socket.socket:
    """A line to the first of the machine's addresses that answers; they share the time, so no silent one takes all."""
    trouble: OSError = TimeoutError("no time left")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for place, (family, kind, protocol, _, address) in enumerate(found):
        left = end - time.monotonic()
        if left <= 0:
            break
        plain = socket.socket(family, kind, protocol)
        plain.settimeout(left / (len(found) - place))
        try:
            plain.connect(address)
        except OSError as error:
            plain.close()
            trouble = error
        else:
            plain.settimeout(PATIENCE)
            return plain
    raise trouble


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _read(answer: http.client.HTTPResponse, most: int) -> bytes:
    """All of it, piece by piece, so that what is too long is left."""
    found = bytearray()
    while piece := answer.read1(_PIECE):
        found += piece
        if len(found) > most:
            raise TooLong(f"more than {most} bytes")
    return bytes(found)
